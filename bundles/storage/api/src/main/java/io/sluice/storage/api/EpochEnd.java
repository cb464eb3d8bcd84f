package io.sluice.storage.api;

/** Where a leader epoch ended (KIP-101, KIP-320); both are -1 when the log does not know. */
public record EpochEnd(int epoch, long endOffset) {
    public static final EpochEnd UNKNOWN = new EpochEnd(-1, -1L);
}
