package io.sluice.coordinator.share.partition;

/**
 * A batch of the log that was read.
 *
 * @param lastOffset inclusive
 * @param position where it begins in what was read
 * @param isDeliverable false for what no consumer of the group may get: markers, and what was aborted when it reads committed records only
 */
record FetchedBatch(long baseOffset, long lastOffset, int position, int sizeInBytes, boolean isDeliverable) {}
