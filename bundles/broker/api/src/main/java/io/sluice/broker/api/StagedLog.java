package io.sluice.broker.api;

/**
 * A partition's log that came from elsewhere and was copied aside.
 *
 * @param firstOffset where it begins
 * @param endOffset where it ended there
 * @param abortedTransactions how many transactions were undecided there; their coordinator is not here, so they are aborted
 */
public record StagedLog(long firstOffset, long endOffset, long records, long bytes, int abortedTransactions) {}
