package io.sluice.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * The framework's storage in {@code cache/}. Nothing in it is needed: it is thrown away when the JDK or the distribution is
 * another than the one it was made with, when a file of it is not as it was when the broker was last ready or stopped, and
 * when the container does not start from it.
 */
final class FrameworkCache {
    private final Path folder;
    private final Fingerprint wanted;

    FrameworkCache(Path folder, Fingerprint wanted) {
        this.folder = folder;
        this.wanted = wanted;
    }

    Path storage() {
        return folder.resolve("framework");
    }

    /** True when what is there was made by a start that went well, from the same parts, and is whole. */
    boolean isUsable() {
        try {
            return Files.isDirectory(storage())
                    && wanted.isAt(folder)
                    && CacheContents.of(storage()).isAt(folder);
        } catch (IOException | UncheckedIOException e) {
            return false;
        }
    }

    /** Before it is used: whoever ends without {@link #seal()} leaves nothing that says it was whole. */
    void unseal() throws IOException {
        CacheContents.removeFrom(folder);
    }

    /** Writes down what is there. Where that fails, or files change meanwhile, the next start makes the cache anew. */
    void seal() {
        try {
            CacheContents.of(storage()).keepAt(folder);
        } catch (IOException | UncheckedIOException e) {
            System.err.println("The framework's cache will be made anew at the next start: " + e.getMessage());
        }
    }

    void keep() throws IOException {
        Files.createDirectories(folder);
        wanted.keepAt(folder);
    }

    void discard() throws IOException {
        Fingerprint.removeFrom(folder);
        CacheContents.removeFrom(folder);
        delete(storage());
    }

    private static void delete(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure) throws IOException {
                Files.delete(folder);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
