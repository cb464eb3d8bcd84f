package io.sluice.storage.kit;

import io.sluice.storage.api.BatchVisitor;
import io.sluice.storage.api.EpochEntry;
import io.sluice.storage.api.LogConfig;
import io.sluice.storage.api.LogRead;
import io.sluice.storage.api.LogStore;
import io.sluice.storage.api.Maintenance;
import io.sluice.storage.api.Snapshot;
import io.sluice.storage.api.TimestampOffset;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A store as an engine of the first API has it: with none of the methods that have a default. */
final class StoreWithoutTransactions implements LogStore {
    private final LogStore store;

    StoreWithoutTransactions(LogStore store) {
        this.store = store;
    }

    @Override
    public long logStartOffset() {
        return store.logStartOffset();
    }

    @Override
    public long logEndOffset() {
        return store.logEndOffset();
    }

    @Override
    public long sizeInBytes() {
        return store.sizeInBytes();
    }

    @Override
    public void append(
            ByteBuffer batches, long firstOffset, long lastOffset, long maxTimestamp, long offsetOfMaxTimestamp)
            throws IOException {
        store.append(batches, firstOffset, lastOffset, maxTimestamp, offsetOfMaxTimestamp);
    }

    @Override
    public LogRead read(long offset, int maxBytes, long endOffset, boolean minOneBatch) throws IOException {
        return store.read(offset, maxBytes, endOffset, minOneBatch);
    }

    @Override
    public @Nullable TimestampOffset firstAtOrAfter(long timestampMs) throws IOException {
        return store.firstAtOrAfter(timestampMs);
    }

    @Override
    public @Nullable TimestampOffset latestTimestamp() throws IOException {
        return store.latestTimestamp();
    }

    @Override
    public void scan(long fromOffset, BatchVisitor visitor) throws IOException {
        store.scan(fromOffset, visitor);
    }

    @Override
    public void truncateTo(long offset) throws IOException {
        store.truncateTo(offset);
    }

    @Override
    public void truncateFullyAndStartAt(long offset) throws IOException {
        store.truncateFullyAndStartAt(offset);
    }

    @Override
    public void advanceLogStart(long offset) throws IOException {
        store.advanceLogStart(offset);
    }

    @Override
    public void flush() throws IOException {
        store.flush();
    }

    @Override
    public long flushedOffset() {
        return store.flushedOffset();
    }

    @Override
    public void reconfigure(LogConfig config) {
        store.reconfigure(config);
    }

    @Override
    public Maintenance maintain(long highWatermark) throws IOException {
        return store.maintain(highWatermark);
    }

    @Override
    public void writeSnapshot(long offset, ByteBuffer state) throws IOException {
        store.writeSnapshot(offset, state);
    }

    @Override
    public List<Snapshot> snapshots(long maxOffset) throws IOException {
        return store.snapshots(maxOffset);
    }

    @Override
    public boolean pollRolled() {
        return store.pollRolled();
    }

    @Override
    public void writeLeaderEpochs(List<EpochEntry> epochs) throws IOException {
        store.writeLeaderEpochs(epochs);
    }

    @Override
    public List<EpochEntry> readLeaderEpochs() throws IOException {
        return store.readLeaderEpochs();
    }

    @Override
    public Optional<Path> directory() {
        return store.directory();
    }

    @Override
    public void close() throws IOException {
        store.close();
    }
}
