package io.sluice.cluster.controller;

import io.sluice.cluster.api.ConsensusLog;
import io.sluice.cluster.api.NotControllerException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A log in memory whose commits the test lets through one by one, or all at once; keeps everything for a next opening. */
final class MemoryLog implements ConsensusLog {
    private final List<Batch> batches = new ArrayList<>();
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private final int nodeId;
    private @Nullable Snapshot snapshot;
    private @Nullable Listener listener;
    private int epoch;
    private long nextOffset;
    private boolean held;

    record Batch(long firstOffset, int epoch, List<ByteBuffer> records) {}

    record Snapshot(long offset, int epoch, List<ByteBuffer> records) {}

    private record Waiting(List<ByteBuffer> records, CompletableFuture<Long> committed) {}

    MemoryLog(int nodeId) {
        this.nodeId = nodeId;
    }

    List<Batch> batches() {
        return batches;
    }

    @Nullable
    Snapshot snapshot() {
        return snapshot;
    }

    /** From now on appends wait for {@link #commitNext} or {@link #failAll}. */
    void hold() {
        held = true;
    }

    void release() {
        held = false;
        while (!waiting.isEmpty()) {
            commitNext();
        }
    }

    void commitNext() {
        Waiting next = waiting.remove();
        Batch batch = new Batch(nextOffset, epoch, next.records);
        batches.add(batch);
        nextOffset += next.records.size();
        if (listener != null) {
            listener.committed(batch.firstOffset, epoch, next.records);
        }
        next.committed.complete(nextOffset - 1);
    }

    /** The first fails by I/O and the others with it; then the leadership begins anew. */
    void failAll(IOException failure) {
        List<Waiting> failing = new ArrayList<>(waiting);
        waiting.clear();
        epoch++;
        for (Waiting batch : failing) {
            batch.committed.completeExceptionally(
                    batch == failing.get(0) ? failure : new NotControllerException("an earlier one failed"));
        }
        if (listener != null) {
            listener.leaderChanged(epoch, nodeId);
        }
    }

    void lead(@Nullable Integer leader) {
        epoch++;
        if (listener != null) {
            listener.leaderChanged(epoch, leader);
        }
    }

    @Override
    public void start(Listener newListener) {
        epoch++;
        if (snapshot != null) {
            newListener.snapshot(snapshot.offset, snapshot.epoch, snapshot.records);
        }
        for (Batch batch : batches) {
            newListener.committed(batch.firstOffset, batch.epoch, batch.records);
        }
        listener = newListener;
        newListener.leaderChanged(epoch, nodeId);
    }

    @Override
    public CompletableFuture<Long> append(int leaderEpoch, List<ByteBuffer> records) {
        if (leaderEpoch != epoch) {
            return CompletableFuture.failedFuture(new NotControllerException("another epoch"));
        }
        Waiting batch = new Waiting(records, new CompletableFuture<>());
        waiting.add(batch);
        if (!held) {
            commitNext();
        }
        return batch.committed;
    }

    @Override
    public void writeSnapshot(long offset, int snapshotEpoch, List<ByteBuffer> records) {
        snapshot = new Snapshot(offset, snapshotEpoch, records);
        batches.removeIf(batch -> batch.firstOffset <= offset);
    }

    @Override
    public void close() {}
}
