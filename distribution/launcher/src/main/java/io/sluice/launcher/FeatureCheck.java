package io.sluice.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Run by the build: every bundle that a feature names is in the assembled {@code system/}. */
public final class FeatureCheck {
    private FeatureCheck() {}

    public static void main(String[] args) throws IOException {
        Path home = Path.of(args[0]);
        try (Stream<Path> files = Files.list(home.resolve("features"))) {
            for (Path file : files.sorted().toList()) {
                String name = file.getFileName().toString().replaceAll("\\.json$", "");
                List<Path> missing = Feature.read(home, name).missing();
                if (!missing.isEmpty()) {
                    throw new IllegalStateException("feature " + name + " names what is not there: " + missing);
                }
            }
        }
    }
}
