package io.sluice.coordinator.group.offset;

/** What holds for committed offsets; times in milliseconds. */
public record OffsetLimits(long retentionMs, long retentionCheckIntervalMs, int metadataBytesMax) {}
