package io.sluice.storage.segment;

import io.sluice.storage.api.Snapshot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The {@code .snapshot} files of a log, by the offset up to which they hold. One is kept for each segment's start, and the newest. They
 * are not synced: a damaged one is passed over by who reads it.
 */
final class SnapshotFiles {
    private final Path folder;
    private final TreeMap<Long, Path> files = new TreeMap<>();
    private int cuts;

    SnapshotFiles(Path folder, Iterable<Long> offsets) {
        this.folder = folder;
        for (long offset : offsets) {
            files.put(offset, LogFileNames.file(folder, offset, LogFileNames.SNAPSHOT));
        }
    }

    /** How often the log was cut: a state from before a cut is not to be kept after it. */
    synchronized int cuts() {
        return cuts;
    }

    /** Keeps a state, unless the log was cut since. */
    synchronized void writeUnlessCut(int cutsBefore, long offset, ByteBuffer state, SegmentList segments)
            throws IOException {
        if (cuts == cutsBefore) {
            write(offset, state, segments);
        }
    }

    /** Keeps a state; of those that are at no segment's start, only the newest stays. */
    synchronized void write(long offset, ByteBuffer state, SegmentList segments) throws IOException {
        Path file = LogFileNames.file(folder, offset, LogFileNames.SNAPSHOT);
        TextFile.replace(file, state, false);
        files.put(offset, file);
        List<Long> stray = new ArrayList<>();
        for (long known : files.headMap(offset, false).keySet()) {
            if (!segments.beginsAt(known)) {
                stray.add(known);
            }
        }
        delete(stray);
    }

    synchronized List<Long> offsets() {
        return new ArrayList<>(files.keySet());
    }

    /** Those up to the offset, the newest first; one that cannot be read is left out. */
    synchronized List<Snapshot> upTo(long offset) {
        List<Snapshot> snapshots = new ArrayList<>();
        for (Map.Entry<Long, Path> entry :
                files.headMap(offset, true).descendingMap().entrySet()) {
            try {
                snapshots.add(new Snapshot(entry.getKey(), ByteBuffer.wrap(Files.readAllBytes(entry.getValue()))));
            } catch (IOException e) {
                continue;
            }
        }
        return snapshots;
    }

    /** Of a log that was cut here: what lies above is of another history. */
    synchronized void deleteAbove(long offset) throws IOException {
        cuts++;
        delete(new ArrayList<>(files.tailMap(offset, false).keySet()));
    }

    /** Of segments that are gone. */
    synchronized void deleteBelow(long offset) throws IOException {
        delete(new ArrayList<>(files.headMap(offset, false).keySet()));
    }

    private void delete(List<Long> offsets) throws IOException {
        for (long offset : offsets) {
            Path file = files.remove(offset);
            if (file != null) {
                Files.deleteIfExists(file);
            }
        }
    }
}
