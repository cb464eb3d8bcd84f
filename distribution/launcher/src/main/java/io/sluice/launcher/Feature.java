package io.sluice.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A named set of bundles, read from an OSGi feature file (Compendium chapter 159). Of the file, {@code id} and {@code bundles}
 * count; a bundle {@code group:artifact:version} is the file {@code system/artifact-version.jar}.
 */
record Feature(String id, List<Path> bundles) {
    static Feature read(Path home, String name) throws IOException {
        Path file = home.resolve("features").resolve(name + ".json");
        try {
            Map<?, ?> root = (Map<?, ?>) Json.parse(Files.readString(file));
            if (root == null) {
                throw new IOException(file + " is empty");
            }
            if (!(root.get("bundles") instanceof List<?> named)) {
                throw new IOException("the feature file " + file + " is not valid: it has no list of bundles");
            }
            List<Path> bundles = new ArrayList<>();
            for (Object bundle : named) {
                Object id = bundle instanceof Map<?, ?> map ? map.get("id") : bundle;
                bundles.add(jar(home, String.valueOf(id)));
            }
            return new Feature(String.valueOf(root.get("id")), List.copyOf(bundles));
        } catch (IllegalArgumentException | ClassCastException e) {
            throw new IOException("the feature file " + file + " is not valid: " + e.getMessage(), e);
        }
    }

    static Path jar(Path home, String id) throws IOException {
        String[] coordinates = id.split(":");
        if (coordinates.length < 3) {
            throw new IOException("not the coordinates of a bundle: " + id);
        }
        return home.resolve("system").resolve(coordinates[1] + "-" + coordinates[coordinates.length - 1] + ".jar");
    }

    List<Path> missing() {
        return bundles.stream().filter(jar -> !Files.exists(jar)).toList();
    }
}
