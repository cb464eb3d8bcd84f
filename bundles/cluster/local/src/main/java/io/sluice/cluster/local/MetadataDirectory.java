package io.sluice.cluster.local;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The names of the files of the metadata log, and what makes names durable. */
final class MetadataDirectory {
    static final String LOG_SUFFIX = ".log";
    static final String SNAPSHOT_SUFFIX = ".checkpoint";
    static final String TEMPORARY_SUFFIX = ".tmp";

    private static final int OFFSET_DIGITS = 20;
    private static final int EPOCH_DIGITS = 10;

    private final Path path;

    private MetadataDirectory(Path path) {
        this.path = path;
    }

    /** Makes the directory if it is not there, and clears it of unfinished files. */
    static MetadataDirectory open(Path path) throws IOException {
        Files.createDirectories(path);
        MetadataDirectory directory = new MetadataDirectory(path);
        for (Path unfinished : directory.endingWith(TEMPORARY_SUFFIX)) {
            Files.deleteIfExists(unfinished);
        }
        return directory;
    }

    Path path() {
        return path;
    }

    Path log(long firstOffset) {
        return path.resolve(padded(firstOffset, OFFSET_DIGITS) + LOG_SUFFIX);
    }

    Path snapshot(long offset, int epoch) {
        return path.resolve(padded(offset, OFFSET_DIGITS) + "-" + padded(epoch, EPOCH_DIGITS) + SNAPSHOT_SUFFIX);
    }

    Path epoch() {
        return path.resolve("epoch");
    }

    /** In the order of their names, which is that of their offsets. */
    List<Path> logs() throws IOException {
        return endingWith(LOG_SUFFIX);
    }

    /** In the order of their names, which is that of their offsets. */
    List<Path> snapshots() throws IOException {
        return endingWith(SNAPSHOT_SUFFIX);
    }

    /** Gives a temporary file its name, replacing what had it. */
    void rename(Path temporary, Path target) throws IOException {
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    Path temporary(Path target) {
        return target.resolveSibling(target.getFileName() + TEMPORARY_SUFFIX);
    }

    /** Makes new and changed names durable, that of the directory included. */
    void force() throws IOException {
        force(path);
        Path parent = path.toAbsolutePath().getParent();
        if (parent != null) {
            force(parent);
        }
    }

    private static void force(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private List<Path> endingWith(String suffix) throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(path)) {
            for (Path file : all) {
                if (file.getFileName().toString().endsWith(suffix)) {
                    files.add(file);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        Collections.sort(files);
        return files;
    }

    private static String padded(long number, int digits) {
        String text = Long.toString(number);
        return "0".repeat(Math.max(0, digits - text.length())) + text;
    }
}
