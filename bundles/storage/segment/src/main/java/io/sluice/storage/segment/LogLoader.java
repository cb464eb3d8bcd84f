package io.sluice.storage.segment;

import io.sluice.storage.api.LogConfig;
import io.sluice.storage.api.SharedFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a log back from its folder. After a crash what follows the recovery point is read again, indexes are rebuilt for it, and the
 * log is cut at its last whole batch. Uses one small buffer, so that many can run at a time.
 */
final class LogLoader {
    private static final Logger LOG = LoggerFactory.getLogger(LogLoader.class);
    /** How far from a file's end checksums are verified when only the process ended. */
    private static final int SUSPECT_BYTES = 4 * 1024 * 1024;

    private final Path folder;
    private final LogConfig config;
    private final Crash crash;
    private final long recoveryPoint;
    private final long nowMs;
    private final TreeMap<Long, Path> logs = new TreeMap<>();
    private final Set<Long> indexed = new HashSet<>();
    private final Set<Long> timed = new HashSet<>();
    private final TreeSet<Long> snapshots = new TreeSet<>();

    private LogLoader(Path folder, LogConfig config, Crash crash, long recoveryPoint, long nowMs) {
        this.folder = folder;
        this.config = config;
        this.crash = crash;
        this.recoveryPoint = recoveryPoint;
        this.nowMs = nowMs;
    }

    /**
     * @param checkpointedStart the log's start as it was set last; 0 when it never was
     * @param recoveryPoint below it all is durable; 0 when that is not known
     */
    static LoadedLog load(
            Path folder, LogConfig config, Crash crash, long checkpointedStart, long recoveryPoint, long nowMs)
            throws IOException {
        return new LogLoader(folder, config, crash, recoveryPoint, nowMs).load(checkpointedStart);
    }

    private LoadedLog load(long checkpointedStart) throws IOException {
        collectFiles();
        List<LogSegment> segments = new ArrayList<>();
        long end = 0L;
        boolean cut = false;
        for (Long base : List.copyOf(logs.keySet())) {
            if (cut) {
                LOG.warn("{} follows a batch that is damaged and is left out of the log", logs.get(base));
                discard(base);
                continue;
            }
            Long next = logs.higherKey(base);
            LogSegment segment = stored(base);
            int size = segment.sizeInBytes();
            if (next == null || mustRecover(next, base, size)) {
                end = recover(segment, size);
                cut = segment.sizeInBytes() < size && next != null;
                if (next != null && !cut) {
                    segment.sealTimeIndex();
                    segment.persistIndexes();
                }
            }
            segments.add(segment);
        }
        if (segments.isEmpty()) {
            segments.add(LogSegment.create(folder, checkpointedStart, nowMs));
            end = checkpointedStart;
        }
        SnapshotFiles states = new SnapshotFiles(folder, snapshots);
        states.deleteAbove(end);
        long start = Math.max(checkpointedStart, segments.get(0).baseOffset());
        return new LoadedLog(new SegmentList(segments), states, start, end, Math.min(recoveryPoint, end), 0L);
    }

    private boolean mustRecover(long nextBase, long base, int size) {
        boolean suspect = crash != Crash.NONE && nextBase >= recoveryPoint;
        return suspect || (size > 0 && !indexed.contains(base));
    }

    private LogSegment stored(long base) throws IOException {
        Path log = LogFileNames.file(folder, base, LogFileNames.LOG);
        long size = Files.size(log);
        if (size > Integer.MAX_VALUE) {
            throw new IOException("a segment of " + size + " bytes: " + log);
        }
        return LogSegment.stored(
                folder, base, (int) size, Files.getLastModifiedTime(log).toMillis());
    }

    private void collectFiles() throws IOException {
        List<Path> files = list();
        if (files.stream().anyMatch(file -> file.toString().endsWith(LogFileNames.SWAP))) {
            InterruptedSwap.complete(folder);
            files = list();
        }
        List<Path> prepared = new ArrayList<>();
        for (Path file : files) {
            sort(file, file.getFileName().toString(), prepared);
        }
        for (Path file : prepared) {
            adopt(file);
        }
        Set<Long> orphans = new HashSet<>(indexed);
        orphans.addAll(timed);
        orphans.removeAll(logs.keySet());
        for (Long base : orphans) {
            deleteIndexes(base);
        }
        indexed.retainAll(timed);
    }

    private List<Path> list() throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> listing = Files.newDirectoryStream(folder)) {
            listing.forEach(files::add);
        }
        return files;
    }

    private void sort(Path file, String name, List<Path> prepared) throws IOException {
        long log = LogFileNames.offsetOf(name, LogFileNames.LOG);
        long index = LogFileNames.offsetOf(name, LogFileNames.INDEX);
        long times = LogFileNames.offsetOf(name, LogFileNames.TIME_INDEX);
        long snapshot = LogFileNames.offsetOf(name, LogFileNames.SNAPSHOT);
        if (log >= 0L) {
            logs.put(log, file);
        } else if (index >= 0L) {
            indexed.add(index);
        } else if (times >= 0L) {
            timed.add(times);
        } else if (snapshot >= 0L) {
            snapshots.add(snapshot);
        } else if (name.endsWith(LogFileNames.PREPARED)) {
            prepared.add(file);
        } else if (name.endsWith(LogFileNames.DELETED)
                || name.endsWith(LogFileNames.CLEANED)
                || name.endsWith(".tmp")) {
            Files.deleteIfExists(file);
        }
    }

    /** A segment that was rolled to but had not got its name: its first batch tells it. */
    private void adopt(Path file) throws IOException {
        long base = -1L;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            HeaderWalk walk = new HeaderWalk(channel, 0, (int) Math.min(Integer.MAX_VALUE, channel.size()));
            if (walk.tryNext() && new BatchChecksum(channel.size()).isValid(channel, walk)) {
                base = walk.baseOffset();
            }
        }
        Path target = LogFileNames.file(folder, Math.max(0L, base), LogFileNames.LOG);
        if (base < 0L || Files.exists(target)) {
            Files.delete(file);
        } else {
            Files.move(file, target);
            logs.put(base, target);
        }
    }

    private void discard(long base) throws IOException {
        Files.deleteIfExists(LogFileNames.file(folder, base, LogFileNames.LOG));
        deleteIndexes(base);
    }

    private void deleteIndexes(long base) throws IOException {
        Files.deleteIfExists(LogFileNames.file(folder, base, LogFileNames.INDEX));
        Files.deleteIfExists(LogFileNames.file(folder, base, LogFileNames.TIME_INDEX));
    }

    /**
     * Walks over the batches from the last one that is indexed below the recovery point, indexes them and cuts what is no batch.
     *
     * @return the offset at which the segment ends
     */
    private long recover(LogSegment segment, int fileSize) throws IOException {
        if (!indexed.contains(segment.baseOffset())) {
            deleteIndexes(segment.baseOffset());
        }
        SharedFile open = segment.acquire();
        try {
            long end = -1L;
            if (fileSize > 0) {
                // What the process wrote into its index files is all there as long as the machine stayed up.
                long trusted = crash == Crash.MACHINE ? recoveryPoint : Long.MAX_VALUE;
                int from = segment.beginRecovery(trusted, fileSize);
                end = index(segment, open.channel(), from, fileSize);
                if (end < 0L && from > 0) {
                    segment.forgetIndexes();
                    end = index(segment, open.channel(), segment.beginRecovery(0L, fileSize), fileSize);
                }
            } else {
                segment.forgetIndexes();
            }
            if (segment.sizeInBytes() < fileSize) {
                LOG.warn(
                        "{} is cut at {} of {} bytes, after its last whole batch",
                        segment.path(),
                        segment.sizeInBytes(),
                        fileSize);
                open.channel().truncate(segment.sizeInBytes());
            }
            end = Math.max(end, segment.baseOffset());
            segment.timeIndex().truncateToOffset(end);
            return end;
        } finally {
            open.release();
            segment.release();
        }
    }

    /** The offset after the last whole batch; -1 when there is none. */
    private long index(LogSegment segment, FileChannel channel, int from, int fileSize) throws IOException {
        BatchChecksum checksum = crash == Crash.NONE ? null : new BatchChecksum(fileSize);
        HeaderWalk walk = new HeaderWalk(channel, from, fileSize);
        long end = -1L;
        while (walk.tryNext() && walk.baseOffset() >= Math.max(end, segment.baseOffset())) {
            boolean suspect =
                    crash == Crash.MACHINE || fileSize - walk.position() <= SUSPECT_BYTES || walk.end() == fileSize;
            if (walk.lastOffset() < walk.baseOffset()
                    || (checksum != null && suspect && !checksum.isValid(channel, walk))) {
                break;
            }
            segment.recovered(walk, config.indexIntervalBytes());
            end = walk.lastOffset() + 1L;
        }
        return end;
    }
}
