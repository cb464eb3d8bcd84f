package io.sluice.broker.kernel;

import io.sluice.cluster.api.config.BrokerKeys;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;

/**
 * The keys that were given at start: those of {@code etc/}, overlaid by those of {@code --config FILE}, and these by those of
 * {@code --set KEY=VALUE}. Each place is checked by itself, so that a key that is refused can be looked for there.
 */
final class StaticConfig {
    private StaticConfig() {}

    /**
     * @param etc paths of properties files, one a line, later ones winning over earlier; or empty
     * @param file path of a properties file, or empty
     * @param set lines {@code KEY=VALUE}
     */
    static Map<String, String> read(String etc, String file, String set) throws StartupException {
        Map<String, String> values = new LinkedHashMap<>();
        for (String one : etc.split("\n")) {
            if (!one.isBlank()) {
                values.putAll(checked(one));
            }
        }
        if (!file.isEmpty()) {
            values.putAll(checked(file));
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

    private static Map<String, String> checked(String file) throws StartupException {
        Map<String, String> values = new LinkedHashMap<>();
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(Path.of(file), StandardCharsets.UTF_8)) {
            properties.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            throw new StartupException("The configuration file " + file + " cannot be read: " + e.getMessage());
        }
        for (String key : properties.stringPropertyNames()) {
            values.put(key, properties.getProperty(key));
        }
        String problem = BrokerKeys.CATALOGUE.problem(values);
        if (problem != null) {
            throw new StartupException(problem + " (in " + file + ")");
        }
        return values;
    }
}
