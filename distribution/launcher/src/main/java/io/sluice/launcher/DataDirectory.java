package io.sluice.launcher;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A broker's data directory, held by this process until it ends: {@code run/lock} is locked, {@code run/pid} says by whom,
 * and {@code sluice.data} marks the directory as ours.
 */
final class DataDirectory {
    private static final String MARK = "sluice.data";
    private static final List<String> FOLDERS = List.of("run", "log", "etc", "deploy", "plugins", "cache", "metadata");

    private final Path root;
    private final FileLock lock;

    private DataDirectory(Path root, FileLock lock) {
        this.root = root;
        this.lock = lock;
    }

    static DataDirectory hold(Path root) throws RefusedException {
        try {
            if (Files.exists(root) && !Files.isDirectory(root)) {
                throw new RefusedException(1, "The data directory " + root + " is a file; choose another with --data");
            }
            if (isForeign(root)) {
                throw new RefusedException(
                        1,
                        "The directory " + root + " holds something that is not Sluice's; choose another with --data");
            }
            for (String folder : FOLDERS) {
                Files.createDirectories(root.resolve(folder));
            }
            FileLock lock = lock(root);
            if (lock == null) {
                throw new RefusedException(
                        1,
                        "Another broker is running on " + root + "; stop it, or choose another directory with --data");
            }
            Files.writeString(root.resolve(MARK), "The data of a Sluice broker.\n");
            Files.writeString(
                    root.resolve("run").resolve("pid"), ProcessHandle.current().pid() + "\n");
            return new DataDirectory(root, lock);
        } catch (IOException e) {
            throw new RefusedException(1, "The data directory " + root + " cannot be written: " + e.getMessage());
        }
    }

    private static boolean isForeign(Path root) throws IOException {
        if (!Files.isDirectory(root) || Files.exists(root.resolve(MARK))) {
            return false;
        }
        try (Stream<Path> children = Files.list(root)) {
            return children.anyMatch(
                    child -> !FOLDERS.contains(child.getFileName().toString()));
        }
    }

    private static @Nullable FileLock lock(Path root) throws IOException {
        FileChannel channel = FileChannel.open(
                root.resolve("run").resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock();
        if (lock == null) {
            channel.close();
        }
        return lock;
    }

    Path root() {
        return root;
    }

    /** True while this process holds the directory. */
    boolean isHeld() {
        return lock.isValid();
    }
}
