package io.sluice.storage.segment;

import io.sluice.storage.api.LogConfig;
import io.sluice.storage.api.LogDamage;
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
 * log is cut at its last whole batch; what is damaged before that is named, and the rest kept. Uses one small buffer, so that many can run
 * at a time.
 */
final class LogLoader {
    private static final Logger LOG = LoggerFactory.getLogger(LogLoader.class);
    private final Path folder;
    private final LogConfig config;
    private final Crash crash;
    private final long recoveryPoint;
    private final long compactedOffset;
    private final boolean everything;
    private final long nowMs;
    private final TreeMap<Long, Path> logs = new TreeMap<>();
    private final Set<Long> indexed = new HashSet<>();
    private final Set<Long> timed = new HashSet<>();
    private final Set<Long> transacted = new HashSet<>();
    private final Set<Long> adopted = new HashSet<>();
    private final TreeSet<Long> snapshots = new TreeSet<>();

    private LogLoader(
            Path folder,
            LogConfig config,
            Crash crash,
            long recoveryPoint,
            long compactedOffset,
            boolean everything,
            long nowMs) {
        this.folder = folder;
        this.config = config;
        this.crash = crash;
        this.recoveryPoint = recoveryPoint;
        this.compactedOffset = config.cleanupCompact() ? Long.MAX_VALUE : compactedOffset;
        this.everything = everything;
        this.nowMs = nowMs;
    }

    /**
     * @param checkpointedStart the log's start as it was set last; 0 when it never was
     * @param recoveryPoint below it all is durable; 0 when that is not known
     * @param everything what lies below the recovery point is read again too
     * @param compactedOffset below it offsets may be missing because the log was compacted
     */
    static LoadedLog load(
            Path folder,
            LogConfig config,
            Crash crash,
            long checkpointedStart,
            long recoveryPoint,
            long compactedOffset,
            boolean everything,
            long nowMs)
            throws IOException {
        return new LogLoader(folder, config, crash, recoveryPoint, compactedOffset, everything, nowMs)
                .load(checkpointedStart);
    }

    private LoadedLog load(long checkpointedStart) throws IOException {
        collectFiles();
        SegmentRecovery recovery = new SegmentRecovery(
                config.indexIntervalBytes(),
                crash,
                everything ? 0L : recoveryPoint,
                compactedOffset,
                crash == Crash.MACHINE ? recoveryPoint : Long.MAX_VALUE);
        List<LogSegment> segments = new ArrayList<>();
        List<LogDamage> damage = new ArrayList<>();
        long end = checkpointedStart;
        for (Long named : List.copyOf(logs.keySet())) {
            // After a crash of the machine what is missing before it may have been there, and not only been passed
            // over.
            boolean kept = segments.isEmpty() || !adopted.contains(named) || crash == Crash.MACHINE;
            long base = kept ? named : renamed(named, end);
            if (!segments.isEmpty() && base > end && end >= compactedOffset) {
                noteMissing(end, base, "no file has them", damage);
            }
            Long next = logs.higherKey(named);
            LogSegment segment = stored(base);
            end = bring(segment, segment.sizeInBytes(), next == null ? -1L : next, recovery);
            for (Hole hole : segment.holes().all()) {
                if (hole.isLoss()) {
                    damage.add(hole.damage(segment.path()));
                }
            }
            segments.add(segment);
        }
        if (segments.isEmpty()) {
            segments.add(LogSegment.create(folder, checkpointedStart, nowMs));
        }
        if (end < recoveryPoint && crash != Crash.NONE) {
            noteMissing(end, recoveryPoint, "they were synced and are gone", damage);
            end = recoveryPoint;
        }
        SnapshotFiles states = new SnapshotFiles(folder, snapshots);
        // What was known above the recovery point may say more than the machine kept: it is found by the batches again.
        states.deleteAbove(crash == Crash.MACHINE ? Math.min(end, recoveryPoint - 1L) : end);
        long start = Math.max(checkpointedStart, segments.get(0).baseOffset());
        damage.removeIf(range -> range.nextOffset() <= start);
        return new LoadedLog(new SegmentList(segments), states, start, end, Math.min(recoveryPoint, end), 0L, damage);
    }

    private void noteMissing(long from, long to, String why, List<LogDamage> damage) {
        LOG.error("the offsets {} to {} are missing in {}: {}", from, to - 1L, folder, why);
        damage.add(new LogDamage(from, to, folder.getFileName().toString(), why));
    }

    /** Makes sure that a segment is in order, as far as it must be looked at; the offset at which it ends. */
    private long bring(LogSegment segment, int size, long next, SegmentRecovery recovery) throws IOException {
        long base = segment.baseOffset();
        long end = -1L;
        if (!indexed.contains(base)) {
            deleteIndexes(base);
        }
        boolean last = next < 0L;
        if (!last && !mustRecover(next, base, size)) {
            end = segment.endIfInOrder(next);
            if (end == next || (end > 0L && end < compactedOffset)) {
                return end;
            }
            LOG.warn("{} is read again: it ends at {}, and the next one begins at {}", segment.path(), end, next);
            end = recovery.fromStart().recover(segment, size, next);
        } else {
            end = recovery.recover(segment, size, next);
        }
        if (!last) {
            segment.sealTimeIndex();
            segment.persistIndexes();
        }
        return end;
    }

    private boolean mustRecover(long nextBase, long base, int size) {
        boolean suspect = crash != Crash.NONE && (everything || nextBase >= recoveryPoint);
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
        orphans.addAll(transacted);
        orphans.removeAll(logs.keySet());
        for (Long base : orphans) {
            deleteIndexes(base);
            Files.deleteIfExists(LogFileNames.file(folder, base, LogFileNames.TXN_INDEX));
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
        long aborted = LogFileNames.offsetOf(name, LogFileNames.TXN_INDEX);
        long snapshot = LogFileNames.offsetOf(name, LogFileNames.SNAPSHOT);
        if (log >= 0L) {
            logs.put(log, file);
        } else if (index >= 0L) {
            indexed.add(index);
        } else if (times >= 0L) {
            timed.add(times);
        } else if (aborted >= 0L) {
            transacted.add(aborted);
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
            adopted.add(base);
        }
    }

    /** Its first batch does not tell the offsets that a copy passed over before it: the segment begins where the one before it ends. */
    private long renamed(long base, long end) throws IOException {
        if (base <= end || base - end > Integer.MAX_VALUE / 2) {
            return base;
        }
        Files.move(LogFileNames.file(folder, base, LogFileNames.LOG), LogFileNames.file(folder, end, LogFileNames.LOG));
        return end;
    }

    private void deleteIndexes(long base) throws IOException {
        Files.deleteIfExists(LogFileNames.file(folder, base, LogFileNames.INDEX));
        Files.deleteIfExists(LogFileNames.file(folder, base, LogFileNames.TIME_INDEX));
    }
}
