package io.sluice.storage.api;

import io.sluice.base.Time;
import java.io.IOException;

/** The producers and the leader epochs of a log, with the way they come back after a restart. */
final class LogState {
    private final ProducerStates producers;
    private final long snapshotOffset;
    private volatile LeaderEpochs epochs;

    private LogState(ProducerStates producers, long snapshotOffset, LeaderEpochs epochs) {
        this.producers = producers;
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
        LeaderEpochs[] epochs = {LeaderEpochs.restore(store.readLeaderEpochs(), start, end)};
        int stored = epochs[0].entries().size();
        if (from < end) {
            store.scan(from, (header, at) -> {
                producers.update(header, at, nowMs);
                int epoch = BatchHeader.leaderEpoch(header, at);
                if (epoch > epochs[0].latest()) {
                    epochs[0] = epochs[0].assign(epoch, BatchHeader.baseOffset(header, at));
                }
            });
        }
        LogState state = new LogState(producers, snapshotOffset, epochs[0]);
        if (epochs[0].entries().size() != stored) {
            store.writeLeaderEpochs(epochs[0].entries());
        }
        return state;
    }

    ProducerStates producers() {
        return producers;
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

    synchronized void startAt(long logStartOffset, LogStore store) throws IOException {
        LeaderEpochs before = epochs;
        LeaderEpochs next = before.truncateFromStart(logStartOffset);
        if (next != before) {
            store.writeLeaderEpochs(next.entries());
            epochs = next;
        }
    }
}
