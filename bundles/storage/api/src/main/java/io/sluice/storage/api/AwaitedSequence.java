package io.sluice.storage.api;

/**
 * The lowest sequence number that a producer of whom nothing is known wants to begin with (KIP-890). While its transaction is asked after, a batch may
 * be refused and come again; one that was sent after it and is admitted meanwhile would be taken for the beginning.
 */
record AwaitedSequence(short epoch, int lowest, long sinceMs) {
    /** The same, with another batch; a later epoch begins anew. */
    AwaitedSequence and(AwaitedSequence next) {
        if (next.epoch > epoch) {
            return next;
        }
        return next.epoch == epoch && next.lowest < lowest ? new AwaitedSequence(epoch, next.lowest, sinceMs) : this;
    }
}
