package io.sluice.storage.segment;

/**
 * A log as it was found on disk.
 *
 * @param recoveryPoint what lies below it is durable
 */
record LoadedLog(
        SegmentList segments, SnapshotFiles snapshots, long logStartOffset, long logEndOffset, long recoveryPoint) {}
