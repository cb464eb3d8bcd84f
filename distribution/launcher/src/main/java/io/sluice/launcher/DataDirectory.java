package io.sluice.launcher;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A broker's data directory, held by this process until it ends: {@code run/lock} is locked, {@code run/pid} says by whom,
 * {@code run/ready} on which endpoint, and {@code sluice.data} marks the directory as ours.
 */
final class DataDirectory {
    private static final String MARK = "sluice.data";
    private static final List<String> FOLDERS = List.of("run", "log", "etc", "deploy", "plugins", "cache", "metadata");
    private static final String OF_THE_FILE_SYSTEM = "lost+found";

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
            DataDirectory held = new DataDirectory(root, lock);
            Files.deleteIfExists(held.run("ready"));
            Files.writeString(root.resolve(MARK), "The data of a Sluice broker.\n");
            Files.writeString(held.run("pid"), ProcessHandle.current().pid() + "\n");
            return held;
        } catch (IOException e) {
            throw new RefusedException(
                    1,
                    "The data directory " + root + " cannot be written (" + reason(e)
                            + "); choose another with --data");
        }
    }

    private static String reason(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof NoSuchFileException) {
            return "it cannot be created";
        }
        String reason = e instanceof FileSystemException failure ? failure.getReason() : e.getMessage();
        return reason == null ? e.toString() : reason;
    }

    private static boolean isForeign(Path root) throws IOException {
        if (!Files.isDirectory(root) || Files.exists(root.resolve(MARK))) {
            return false;
        }
        try (Stream<Path> children = Files.list(root)) {
            return children.map(child -> child.getFileName().toString())
                    .anyMatch(name -> !FOLDERS.contains(name) && !name.equals(OF_THE_FILE_SYSTEM));
        }
    }

    private static @Nullable FileLock lock(Path root) throws IOException {
        FileChannel channel = FileChannel.open(
                root.resolve("run").resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = null;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // held within this process
        } finally {
            if (lock == null) {
                channel.close();
            }
        }
        return lock;
    }

    Path root() {
        return root;
    }

    Path cache() {
        return root.resolve("cache");
    }

    Path log(String file) {
        return root.resolve("log").resolve(file);
    }

    private Path run(String file) {
        return root.resolve("run").resolve(file);
    }

    /** Says on which endpoint the broker serves, for whoever waits for it. */
    void writeReady(String endpoint) throws IOException {
        Files.writeString(run("ready"), endpoint + "\n");
    }

    /** The broker has ended: another may hold the directory. */
    void release() {
        try {
            Files.deleteIfExists(run("ready"));
            Files.deleteIfExists(run("pid"));
            lock.channel().close();
        } catch (IOException e) {
            System.err.println("The files in " + root.resolve("run") + " could not be removed: " + reason(e));
        }
    }
}
