package io.sluice.storage.segment;

/**
 * A log as it was found on disk.
 *
 * @param recoveryPoint what lies below it is durable
 * @param cleanedOffset what lies below it was compacted
 */
record LoadedLog(
        SegmentList segments,
        SnapshotFiles snapshots,
        long logStartOffset,
        long logEndOffset,
        long recoveryPoint,
        long cleanedOffset) {
    LoadedLog withCleanedOffset(long offset) {
        return new LoadedLog(
                segments, snapshots, logStartOffset, logEndOffset, recoveryPoint, Math.min(offset, logEndOffset));
    }
}
