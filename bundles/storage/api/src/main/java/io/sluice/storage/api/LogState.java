package io.sluice.storage.api;

import io.sluice.base.Time;
import java.io.IOException;

/** The producers, transactions and leader epochs of a log, with the way they come back after a restart. */
final class LogState {
    private final ProducerStates producers;
    private final AbortedTransactions aborted;
    private final long snapshotOffset;
    private volatile LeaderEpochs epochs;

    private LogState(ProducerStates producers, AbortedTransactions aborted, long snapshotOffset, LeaderEpochs epochs) {
        this.producers = producers;
        this.aborted = aborted;
        this.snapshotOffset = snapshotOffset;
        this.epochs = epochs;
    }

    /**
     * Takes the newest snapshot that can be used and plays the batches after it. Leader epochs that a crash took from their file come
     * back from those batches too.
     */
    static LogState load(LogStore store, Time time) throws IOException {
        long start = store.logStartOffset();
        long end = store.logEndOffset();
        long nowMs = time.milliseconds();
        ProducerStates producers = new ProducerStates();
        producers.clear(start);
        long from = start;
        long snapshotOffset = -1L;
        for (Snapshot snapshot : store.snapshots(end)) {
            if (snapshot.offset() >= start && producers.restore(snapshot, nowMs)) {
                from = snapshot.offset();
                snapshotOffset = from;
                break;
            }
        }
        if (snapshotOffset < 0L) {
            producers.clear(start);
        }
        AbortedTransactions aborted = new AbortedTransactions(store);
        LeaderEpochs[] epochs = {LeaderEpochs.restore(store.readLeaderEpochs(), start, end)};
        int stored = epochs[0].entries().size();
        if (from < end) {
            BatchReplay.scan(store, from, (header, at) -> {
                AbortedTransaction ended = producers.update(header, at, nowMs);
                if (ended != null) {
                    aborted.add(ended);
                }
                int epoch = BatchHeader.leaderEpoch(header, at);
                if (epoch > epochs[0].latest()) {
                    epochs[0] = epochs[0].assign(epoch, BatchHeader.baseOffset(header, at));
                }
            });
        }
        LogState state = new LogState(producers, aborted, snapshotOffset, epochs[0]);
        if (epochs[0].entries().size() != stored) {
            store.writeLeaderEpochs(epochs[0].entries());
        }
        return state;
    }

    ProducerStates producers() {
        return producers;
    }

    AbortedTransactions aborted() {
        return aborted;
    }

    LeaderEpochs epochs() {
        return epochs;
    }

    /** Of the snapshot that was taken up; -1 when there was none. */
    long snapshotOffset() {
        return snapshotOffset;
    }

    /** For the writer: the epoch begins at the offset unless it is known. */
    void assignEpoch(int epoch, long startOffset, LogStore store) throws IOException {
        if (epoch > epochs.latest()) {
            beginEpoch(epoch, startOffset, store);
        }
    }

    private synchronized void beginEpoch(int epoch, long startOffset, LogStore store) throws IOException {
        LeaderEpochs next = epochs.assign(epoch, startOffset);
        store.writeLeaderEpochs(next.entries());
        epochs = next;
    }

    /** For the writer of a copy: producers and epochs are those of the original from now on. */
    synchronized void adopt(Snapshot snapshot, LeaderEpochs originals, LogStore store, long nowMs) throws IOException {
        if (!producers.restore(snapshot, nowMs)) {
            throw new IOException("the producers of the original cannot be read");
        }
        if (!originals.entries().equals(epochs.entries())) {
            store.writeLeaderEpochs(originals.entries());
        }
        epochs = originals;
    }

    synchronized void startAt(long logStartOffset, LogStore store) throws IOException {
        aborted.startAt(logStartOffset);
        LeaderEpochs before = epochs;
        LeaderEpochs next = before.truncateFromStart(logStartOffset);
        if (next != before) {
            epochs = next;
            DiskFullException.pass(
                    () -> store.writeLeaderEpochs(next.entries())); // what it says too much is left out when it is read
        }
    }
}
