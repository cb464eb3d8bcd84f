package org.example.storage;

import io.sluice.storage.api.Snapshot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The producer states of a partition, a file for each offset; the newest two are kept. Any thread. */
final class SnapshotFiles {
    private static final String PREFIX = "snapshot-";
    private static final int KEPT = 2;

    private final Path directory;

    SnapshotFiles(Path directory) {
        this.directory = directory;
    }

    synchronized void write(long offset, ByteBuffer state) throws IOException {
        LogMeta.replace(directory.resolve(PREFIX + offset), state);
        List<Path> all = newestFirst();
        for (Path old : all.subList(Math.min(KEPT, all.size()), all.size())) {
            Files.deleteIfExists(old);
        }
    }

    synchronized List<Snapshot> read(long maxOffset) throws IOException {
        List<Snapshot> found = new ArrayList<>();
        for (Path file : newestFirst()) {
            if (offsetOf(file) <= maxOffset) {
                try {
                    found.add(new Snapshot(offsetOf(file), ByteBuffer.wrap(Files.readAllBytes(file))));
                } catch (NoSuchFileException e) {
                    continue; // deleted beside this
                }
            }
        }
        return found;
    }

    synchronized void deleteAbove(long offset) throws IOException {
        for (Path file : newestFirst()) {
            if (offsetOf(file) > offset) {
                Files.deleteIfExists(file);
            }
        }
    }

    private List<Path> newestFirst() throws IOException {
        try (Stream<Path> children = Files.list(directory)) {
            return children.filter(file -> file.getFileName().toString().matches(PREFIX + "[0-9]+"))
                    .sorted(Comparator.comparingLong(SnapshotFiles::offsetOf).reversed())
                    .toList();
        }
    }

    private static long offsetOf(Path file) {
        return Long.parseLong(file.getFileName().toString().substring(PREFIX.length()));
    }
}
