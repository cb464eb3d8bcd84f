package io.sluice.launcher;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The components' configurations in {@code etc/}: a file {@code PID.cfg} or {@code FACTORY~NAME.cfg} is a properties file for
 * the component with that PID, and {@code io.sluice.broker.cfg} has broker keys. What the data directory's file says replaces what the distribution's says, key by key.
 */
final class EtcFiles {
    /** The file with Kafka's broker keys; the kernel reads it, beneath {@code --config} and {@code --set}. */
    static final String BROKER = "io.sluice.broker";

    private static final String SUFFIX = ".cfg";

    private EtcFiles() {}

    /** Where configurations lie, the defaults first. */
    static List<Path> folders(Path home, Path data) {
        return List.of(home.resolve("etc"), data.resolve("etc"));
    }

    /** The paths of the files with broker keys that there are, one a line, the defaults first. */
    static String brokerFiles(Path home, Path data) {
        return folders(home, data).stream()
                .map(folder -> folder.resolve(BROKER + SUFFIX))
                .filter(Files::exists)
                .map(Path::toString)
                .collect(Collectors.joining("\n"));
    }

    /**
     * @param folders the defaults first; one that does not exist counts as empty
     * @return the properties by PID
     */
    static Map<String, Map<String, String>> read(List<Path> folders) throws RefusedException {
        Map<String, Map<String, String>> all = new TreeMap<>();
        for (Path folder : folders) {
            for (Path file : files(folder)) {
                String name = file.getFileName().toString();
                String pid = name.substring(0, name.length() - SUFFIX.length());
                Map<String, String> values = all.computeIfAbsent(pid, key -> new TreeMap<>());
                Properties properties = properties(file);
                properties.stringPropertyNames().forEach(key -> values.put(key, properties.getProperty(key)));
            }
        }
        return all;
    }

    private static List<Path> files(Path folder) throws RefusedException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(folder)) {
            return children.filter(child -> child.getFileName().toString().endsWith(SUFFIX))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new RefusedException(1, "The folder " + folder + " cannot be read: " + e.getMessage());
        }
    }

    private static Properties properties(Path file) throws RefusedException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
            return properties;
        } catch (IOException | IllegalArgumentException e) {
            throw new RefusedException(1, "The configuration file " + file + " cannot be read: " + e.getMessage());
        }
    }
}
