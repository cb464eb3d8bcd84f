package io.sluice.admin.commands;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * {@code etc/} of the data directory: a file {@code PID.cfg} for each component whose configuration was changed. The launcher
 * reads it at the next start. A file is replaced whole.
 */
final class EtcFolder {
    /** The property that tells the launcher that a configuration stands for a file of {@code etc/}. */
    static final String MARK = "sluice.etc";

    private final Path directory;

    EtcFolder(Path directory) {
        this.directory = directory;
    }

    synchronized void set(String pid, Map<String, String> values) throws IOException {
        Properties properties = load(pid);
        properties.putAll(values);
        store(pid, properties);
    }

    synchronized void remove(String pid, List<String> keys) throws IOException {
        Properties properties = load(pid);
        keys.forEach(properties::remove);
        store(pid, properties);
    }

    synchronized void delete(String pid) throws IOException {
        Files.deleteIfExists(file(pid));
    }

    private Path file(String pid) {
        return directory.resolve(pid + ".cfg");
    }

    private Properties load(String pid) throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file(pid))) {
            properties.load(reader);
        } catch (NoSuchFileException e) {
            properties.clear();
        }
        return properties;
    }

    private void store(String pid, Properties properties) throws IOException {
        Files.createDirectories(directory);
        Path next = directory.resolve(pid + ".cfg.new");
        try (Writer writer = Files.newBufferedWriter(next)) {
            properties.store(writer, "Set by config:set.");
        }
        Files.move(next, file(pid), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
