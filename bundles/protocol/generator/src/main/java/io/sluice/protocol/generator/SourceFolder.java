package io.sluice.protocol.generator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The folder of generated sources: touches only files whose content changed, so that the compiler sees what is new. */
final class SourceFolder {
    private final Path root;
    private final Set<Path> current = new HashSet<>();
    private int changed;

    SourceFolder(Path root) {
        this.root = root;
    }

    void write(String packageName, String className, String source) throws IOException {
        Path file = root.resolve(packageName.replace('.', '/')).resolve(className + ".java");
        if (!current.add(file)) {
            throw new IOException("generated twice: " + file);
        }
        if (Files.exists(file) && Files.readString(file).equals(source)) {
            return;
        }
        Files.createDirectories(file.getParent());
        Files.writeString(file, source);
        changed++;
    }

    /** Deletes what an earlier run left behind and this one did not write. */
    void deleteStale() throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        List<Path> files;
        try (Stream<Path> walk = Files.walk(root)) {
            files = walk.filter(Files::isRegularFile).toList();
        }
        for (Path file : files) {
            if (!current.contains(file)) {
                Files.delete(file);
                changed++;
            }
        }
    }

    String summary() {
        return current.size() + " protocol sources, " + changed + " changed";
    }
}
