package io.sluice.storage.api;

/** The first offset that was appended under a leader epoch (KIP-101). */
public record EpochEntry(int epoch, long startOffset) {
    public EpochEntry {
        if (epoch < 0 || startOffset < 0) {
            throw new IllegalArgumentException("negative epoch or offset: " + epoch + ", " + startOffset);
        }
    }
}
