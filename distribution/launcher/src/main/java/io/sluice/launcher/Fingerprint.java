package io.sluice.launcher;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What a framework cache was made from: the JDK and the bundles, by path, size and time. */
record Fingerprint(String text) {
    private static final String FILE = "fingerprint";

    static Fingerprint of(List<Path> jars) throws IOException {
        StringBuilder text = new StringBuilder(System.getProperty("java.vm.version", "")).append('\n');
        for (Path jar : jars) {
            text.append(jar)
                    .append(' ')
                    .append(Files.size(jar))
                    .append(' ')
                    .append(Files.getLastModifiedTime(jar).toMillis())
                    .append('\n');
        }
        return new Fingerprint(text.toString());
    }

    boolean isAt(Path cache) throws IOException {
        Path file = cache.resolve(FILE);
        return Files.isRegularFile(file) && new String(Files.readAllBytes(file), StandardCharsets.UTF_8).equals(text);
    }

    void keepAt(Path cache) throws IOException {
        Files.writeString(cache.resolve(FILE), text, StandardCharsets.UTF_8);
    }

    static void removeFrom(Path cache) throws IOException {
        Files.deleteIfExists(cache.resolve(FILE));
    }
}
