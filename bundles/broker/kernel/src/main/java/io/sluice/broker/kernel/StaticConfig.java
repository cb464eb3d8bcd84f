package io.sluice.broker.kernel;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;

/** The keys that were given at start: those of {@code --config FILE}, overlaid by those of {@code --set KEY=VALUE}. */
final class StaticConfig {
    private StaticConfig() {}

    /**
     * @param file path of a properties file, or empty
     * @param set lines {@code KEY=VALUE}
     */
    static Map<String, String> read(String file, String set) throws StartupException {
        Map<String, String> values = new LinkedHashMap<>();
        if (!file.isEmpty()) {
            Properties properties = new Properties();
            try (Reader reader = Files.newBufferedReader(Path.of(file), StandardCharsets.UTF_8)) {
                properties.load(reader);
            } catch (IOException | IllegalArgumentException e) {
                throw new StartupException("The configuration file " + file + " cannot be read: " + e.getMessage());
            }
            for (String key : properties.stringPropertyNames()) {
                values.put(key, properties.getProperty(key));
            }
        }
        for (String line : set.split("\n")) {
            if (line.isBlank()) {
                continue;
            }
            int equals = line.indexOf('=');
            if (equals <= 0) {
                throw new StartupException("--set takes KEY=VALUE, not " + line);
            }
            values.put(
                    line.substring(0, equals).trim(), line.substring(equals + 1).trim());
        }
        return values;
    }
}
