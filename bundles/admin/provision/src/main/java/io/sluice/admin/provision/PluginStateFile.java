package io.sluice.admin.provision;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Reader;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * {@code plugins/state.properties}: what is installed beside the distribution, so that the framework's cache can be deleted
 * at any time. For one thread.
 *
 * <p>Format: {@code <symbolic name>/<field>=<value>} for each {@link PluginRecord}, {@code feature/<name>=<source>}, and
 * {@code stopped/<symbolic name>=true}, which the launcher reads, too. A
 * new state is written to a second file, synced and renamed over the first, so that a crash leaves the old one or the new one.
 */
final class PluginStateFile {
    private static final String FEATURE = "feature";
    private static final String STOPPED = "stopped";

    private final Path directory;
    private final Path file;

    PluginStateFile(Path directory) {
        this.directory = directory;
        this.file = directory.resolve("state.properties");
    }

    PluginState load() throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            properties.load(reader);
        } catch (NoSuchFileException e) {
            return PluginState.EMPTY;
        } catch (IllegalArgumentException e) {
            throw new IOException(file + " is damaged: " + e.getMessage(), e);
        }
        Map<String, Map<String, String>> byName = new TreeMap<>();
        for (String key : properties.stringPropertyNames()) {
            int slash = key.indexOf('/');
            if (slash < 0) {
                throw new IOException(file + " is damaged: " + key);
            }
            byName.computeIfAbsent(key.substring(0, slash), name -> new TreeMap<>())
                    .put(key.substring(slash + 1), properties.getProperty(key));
        }
        Map<String, String> features = byName.remove(FEATURE);
        Map<String, String> stopped = byName.remove(STOPPED);
        Map<String, PluginRecord> records = new TreeMap<>();
        byName.forEach((name, fields) -> records.put(name, record(name, fields)));
        return new PluginState(
                records, stopped == null ? Set.of() : stopped.keySet(), features == null ? Map.of() : features);
    }

    private static PluginRecord record(String name, Map<String, String> fields) {
        return new PluginRecord(
                name,
                fields.getOrDefault("version", "0.0.0"),
                fields.get("jar"),
                fields.getOrDefault("sha256", ""),
                fields.get("previous"),
                fields.get("drop"));
    }

    void store(PluginState state) throws IOException {
        Files.createDirectories(directory);
        Path next = file.resolveSibling("state.properties.new");
        try (BufferedWriter writer = Files.newBufferedWriter(next, StandardCharsets.UTF_8)) {
            writer.write(
                    "# What is installed beside the distribution. Written by the broker; do not edit while it runs.\n");
            for (PluginRecord record : state.records().values()) {
                line(writer, record.name(), "version", record.version());
                line(writer, record.name(), "jar", record.jar());
                line(writer, record.name(), "sha256", record.sha256());
                line(writer, record.name(), "previous", record.previousJar());
                line(writer, record.name(), "drop", record.drop());
            }
            for (String name : state.stopped()) {
                line(writer, STOPPED, name, "true");
            }
            for (Map.Entry<String, String> feature : state.features().entrySet()) {
                line(writer, FEATURE, feature.getKey(), feature.getValue());
            }
        }
        sync(next, StandardOpenOption.WRITE);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        sync(directory, StandardOpenOption.READ);
    }

    private static void line(BufferedWriter writer, String name, String field, @Nullable String value)
            throws IOException {
        if (value != null && !value.isEmpty()) {
            writer.write(escape(name + "/" + field) + "=" + escape(value) + "\n");
        }
    }

    private static String escape(String text) {
        StringBuilder out = new StringBuilder(text.length());
        for (char c : text.toCharArray()) {
            switch (c) {
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case ' ', '=', ':', '#', '!', '\\' -> out.append('\\').append(c);
                default -> out.append(c);
            }
        }
        return out.toString();
    }

    private static void sync(Path path, StandardOpenOption option) throws IOException {
        try (FileChannel channel = FileChannel.open(path, option)) {
            channel.force(true);
        }
    }
}
