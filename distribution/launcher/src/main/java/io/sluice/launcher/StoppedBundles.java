package io.sluice.launcher;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Properties;
import java.util.Set;

/** The bundles that were stopped to stay stopped, as provisioning keeps them in {@code plugins/state.properties}. */
final class StoppedBundles {
    private static final String PREFIX = "stopped/";

    private StoppedBundles() {}

    /** @throws IOException when the file cannot be read or is damaged */
    static Set<String> read(Path data) throws IOException {
        Path file = data.resolve("plugins").resolve("state.properties");
        Properties state = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            state.load(reader);
        } catch (NoSuchFileException e) {
            return Set.of();
        } catch (IllegalArgumentException e) {
            throw new IOException(file + " is damaged: " + e.getMessage(), e);
        }
        Set<String> names = new HashSet<>();
        for (String key : state.stringPropertyNames()) {
            if (key.startsWith(PREFIX)) {
                names.add(key.substring(PREFIX.length()));
            }
        }
        return names;
    }
}
