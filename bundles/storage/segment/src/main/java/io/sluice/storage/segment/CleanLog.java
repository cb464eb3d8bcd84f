package io.sluice.storage.segment;

import io.sluice.base.TopicIdPartition;
import io.sluice.base.TopicPartition;
import io.sluice.base.Uuid;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A log as it was closed, so that it can be opened again without opening a file. One line of text:
 * {@code topic partition topicId logStart logEnd recoveryPoint maxTimestamp offsetOfMax base:size,... snapshot,...|-}.
 *
 * @param recoveryPoint below it all is synced
 */
record CleanLog(
        TopicIdPartition partition,
        long logStartOffset,
        long logEndOffset,
        long recoveryPoint,
        long maxTimestamp,
        long offsetOfMaxTimestamp,
        List<long[]> segments,
        List<Long> snapshots) {

    private static final int FIELDS = 10;

    static CleanLog of(SegmentedLog log) throws IOException {
        List<long[]> sizes = new ArrayList<>();
        for (LogSegment segment : log.segments().all()) {
            sizes.add(new long[] {segment.baseOffset(), segment.sizeInBytes()});
        }
        LogSegment active = log.segments().active();
        return new CleanLog(
                log.partition(),
                log.logStartOffset(),
                log.logEndOffset(),
                log.durability().recoveryPoint(),
                active.maxTimestamp(),
                active.offsetOfMaxTimestamp(),
                sizes,
                log.snapshotOffsets());
    }

    String toLine() {
        StringBuilder line = new StringBuilder()
                .append(partition.topic())
                .append(' ')
                .append(partition.partition())
                .append(' ')
                .append(partition.topicId())
                .append(' ')
                .append(logStartOffset)
                .append(' ')
                .append(logEndOffset)
                .append(' ')
                .append(recoveryPoint)
                .append(' ')
                .append(maxTimestamp)
                .append(' ')
                .append(offsetOfMaxTimestamp)
                .append(' ');
        for (int i = 0; i < segments.size(); i++) {
            line.append(i == 0 ? "" : ",")
                    .append(segments.get(i)[0])
                    .append(':')
                    .append(segments.get(i)[1]);
        }
        line.append(' ');
        for (int i = 0; i < snapshots.size(); i++) {
            line.append(i == 0 ? "" : ",").append(snapshots.get(i).longValue());
        }
        return line.append(snapshots.isEmpty() ? "-" : "").toString();
    }

    /** Null when the line is none of ours. */
    static @Nullable CleanLog parse(String line) {
        String[] fields = line.split(" ");
        if (fields.length != FIELDS) {
            return null;
        }
        try {
            List<long[]> segments = new ArrayList<>();
            for (String segment : fields[8].split(",")) {
                int colon = segment.indexOf(':');
                segments.add(new long[] {
                    Long.parseLong(segment.substring(0, colon)), Long.parseLong(segment.substring(colon + 1))
                });
            }
            List<Long> snapshots = new ArrayList<>();
            if (!fields[9].equals("-")) {
                for (String snapshot : fields[9].split(",")) {
                    snapshots.add(Long.parseLong(snapshot));
                }
            }
            return new CleanLog(
                    new TopicIdPartition(
                            Uuid.parse(fields[2]), new TopicPartition(fields[0], Integer.parseInt(fields[1]))),
                    Long.parseLong(fields[3]),
                    Long.parseLong(fields[4]),
                    Long.parseLong(fields[5]),
                    Long.parseLong(fields[6]),
                    Long.parseLong(fields[7]),
                    segments,
                    snapshots);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            return null;
        }
    }

    boolean isSynced() {
        return recoveryPoint >= logEndOffset;
    }

    /** The same log after all of its files were made durable. */
    CleanLog synced(Path folder) throws IOException {
        for (int i = segments.size() - 1; i >= 0; i--) {
            long base = segments.get(i)[0];
            boolean ended = i + 1 < segments.size() && segments.get(i + 1)[0] <= recoveryPoint;
            if (ended) {
                break;
            }
            if (segments.get(i)[1] > 0L) {
                TextFile.sync(LogFileNames.file(folder, base, LogFileNames.LOG));
            }
        }
        TextFile.syncFolder(folder);
        return new CleanLog(
                partition,
                logStartOffset,
                logEndOffset,
                logEndOffset,
                maxTimestamp,
                offsetOfMaxTimestamp,
                segments,
                snapshots);
    }

    /** The log, if its segments still have the sizes that they had; else null, and it is loaded the long way. */
    @Nullable
    LoadedLog restore(Path folder, long nowMs) throws IOException {
        List<LogSegment> restored = new ArrayList<>();
        for (int i = 0; i < segments.size(); i++) {
            long base = segments.get(i)[0];
            long size = segments.get(i)[1];
            boolean active = i == segments.size() - 1;
            Path file = LogFileNames.file(folder, base, LogFileNames.LOG);
            if (active && size == 0L && !Files.exists(file)) {
                restored.add(LogSegment.create(folder, base, nowMs));
                continue;
            }
            long modifiedMs = modifiedMsIfSized(file, size);
            if (modifiedMs < 0L || !hasIndexes(folder, base)) {
                return null;
            }
            LogSegment segment = LogSegment.stored(folder, base, (int) size, modifiedMs);
            if (active) {
                segment.restoreMaxTimestamp(maxTimestamp, offsetOfMaxTimestamp);
            }
            restored.add(segment);
        }
        return new LoadedLog(
                new SegmentList(restored),
                new SnapshotFiles(folder, snapshots),
                logStartOffset,
                logEndOffset,
                recoveryPoint,
                0L,
                List.of());
    }

    /** When the file was last changed; -1 when there is no file of this size. */
    private static long modifiedMsIfSized(Path file, long size) {
        try {
            BasicFileAttributes known = Files.readAttributes(file, BasicFileAttributes.class);
            return known.size() == size ? Math.max(0L, known.lastModifiedTime().toMillis()) : -1L;
        } catch (IOException e) {
            return -1L; // it is loaded the long way, which says what is wrong
        }
    }

    private static boolean hasIndexes(Path folder, long base) {
        return Files.exists(LogFileNames.file(folder, base, LogFileNames.INDEX))
                && Files.exists(LogFileNames.file(folder, base, LogFileNames.TIME_INDEX));
    }
}
