package io.sluice.storage.segment;

import io.sluice.storage.api.LogDamage;
import java.util.List;

/**
 * A log as it was found on disk.
 *
 * @param recoveryPoint what lies below it is durable
 * @param cleanedOffset what lies below it was compacted
 * @param damage what cannot be read
 */
record LoadedLog(
        SegmentList segments,
        SnapshotFiles snapshots,
        long logStartOffset,
        long logEndOffset,
        long recoveryPoint,
        long cleanedOffset,
        List<LogDamage> damage) {
    LoadedLog withCleanedOffset(long offset) {
        return new LoadedLog(
                segments,
                snapshots,
                logStartOffset,
                logEndOffset,
                recoveryPoint,
                Math.min(offset, logEndOffset),
                damage);
    }

    /** At most that many bytes of what was found have never been synced. */
    long unsyncedBytes() {
        long bytes = 0L;
        for (int i = 0; i < segments.count(); i++) {
            boolean whole = segments.endOf(i, logEndOffset) > recoveryPoint;
            bytes += whole ? segments.get(i).sizeInBytes() : 0L;
        }
        return bytes;
    }
}
