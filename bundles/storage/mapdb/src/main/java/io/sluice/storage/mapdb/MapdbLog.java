package io.sluice.storage.mapdb;

import io.sluice.base.Time;
import io.sluice.protocol.ByteBufferRecords;
import io.sluice.storage.api.BatchHeader;
import io.sluice.storage.api.BatchTimestamps;
import io.sluice.storage.api.BatchVisitor;
import io.sluice.storage.api.CorruptRangeException;
import io.sluice.storage.api.EpochEntry;
import io.sluice.storage.api.LogConfig;
import io.sluice.storage.api.LogDamage;
import io.sluice.storage.api.LogRead;
import io.sluice.storage.api.LogStore;
import io.sluice.storage.api.Maintenance;
import io.sluice.storage.api.MaintenanceScope;
import io.sluice.storage.api.Snapshot;
import io.sluice.storage.api.TimestampOffset;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A partition of the engine. Its batches lie in the store and, the newest of them, in memory and the journal. A segment is only a
 * measure here: so many bytes since the last roll. Compaction leaves the batches of the newest alone.
 */
final class MapdbLog implements LogStore {
    private static final int READ_BYTES_MAX = 4 * 1024 * 1024;
    private static final int SNAPSHOTS_MAX = 2;

    private final PartitionState state;
    private final Changes changes;
    private final Path directory;
    private final Time time;
    private volatile LogConfig config;
    private volatile boolean closed;
    private volatile long activeStart;
    private long activeBytes;
    private long activeSinceMs;
    private boolean rolled;

    MapdbLog(PartitionState state, LogConfig config, Changes changes, Path directory, Time time) {
        this.state = state;
        this.config = config;
        this.changes = changes;
        this.directory = directory;
        this.time = time;
        this.activeStart = Math.max(state.record().start(), state.record().end() - 1L);
    }

    @Override
    public long logStartOffset() {
        return state.record().start();
    }

    @Override
    public long logEndOffset() {
        return state.record().end();
    }

    @Override
    public long sizeInBytes() {
        return state.record().size();
    }

    @Override
    public void append(ByteBuffer batches, long firstOffset, long lastOffset, long maxTimestamp, long offsetOfMax)
            throws IOException {
        requireOpen();
        if (!state.damage().isEmpty()) {
            throw new CorruptRangeException(state.damage().get(0));
        }
        changes.append(state, batches, lastOffset);
        int bytes = batches.remaining();
        synchronized (this) {
            if (activeBytes > 0L && (activeBytes + bytes > config.segmentBytes() || activeIsOld(config))) {
                roll(firstOffset);
            }
            if (activeBytes == 0L) {
                activeSinceMs = time.milliseconds();
            }
            activeBytes += bytes;
        }
    }

    private boolean activeIsOld(LogConfig now) {
        long oldest = now.cleanupCompact() ? Math.min(now.segmentMs(), now.maxCompactionLagMs()) : now.segmentMs();
        return time.milliseconds() - activeSinceMs > oldest;
    }

    private void roll(long offset) {
        activeStart = offset;
        activeBytes = 0L;
        rolled = true;
    }

    @Override
    public LogRead read(long offset, int maxBytes, long endOffset, boolean minOneBatch) throws IOException {
        requireOpen();
        long end = Math.min(endOffset, logEndOffset());
        if (offset >= end) {
            return LogRead.EMPTY;
        }
        List<ByteBuffer> batches = new ArrayList<>();
        int limit = Math.min(maxBytes, READ_BYTES_MAX);
        int[] size = {0};
        try {
            new BatchWalk(state, changes, directory).from(offset, limit, (header, body) -> {
                int bytes = BatchHeader.sizeInBytes(header, 0);
                if (BatchHeader.lastOffset(header, 0) >= end
                        || !(size[0] + (long) bytes <= limit || batches.isEmpty() && minOneBatch)) {
                    return false;
                }
                batches.add(body.read());
                size[0] += bytes;
                return true;
            });
        } catch (CorruptRangeException e) {
            if (batches.isEmpty()) {
                throw e;
            }
        }
        return batches.isEmpty() ? LogRead.EMPTY : joined(batches, size[0]);
    }

    private static LogRead joined(List<ByteBuffer> batches, int bytes) {
        long first = BatchHeader.baseOffset(batches.get(0), 0);
        if (batches.size() == 1) {
            return new LogRead(new ByteBufferRecords(batches.get(0).duplicate()), first);
        }
        ByteBuffer all = ByteBuffer.allocate(bytes);
        for (ByteBuffer batch : batches) {
            all.put(batch.duplicate());
        }
        return new LogRead(new ByteBufferRecords(all.flip()), first);
    }

    @Override
    public @Nullable TimestampOffset firstAtOrAfter(long timestampMs) throws IOException {
        requireOpen();
        long start = logStartOffset();
        List<TimestampOffset> found = new ArrayList<>(1);
        new BatchWalk(state, changes, directory).from(start, Long.MAX_VALUE, (header, body) -> {
            if (BatchHeader.maxTimestamp(header, 0) >= timestampMs) {
                TimestampOffset first = BatchTimestamps.firstAtOrAfter(body.read(), timestampMs, start);
                if (first != null) {
                    found.add(first);
                }
            }
            return found.isEmpty();
        });
        return found.isEmpty() ? null : found.get(0);
    }

    @Override
    public @Nullable TimestampOffset latestTimestamp() throws IOException {
        requireOpen();
        long start = logStartOffset();
        long[] newest = {-1L};
        new BatchWalk(state, changes, directory).from(start, Long.MAX_VALUE, (header, body) -> {
            long largest = BatchHeader.baseOffset(header, 0) >= start
                    ? BatchHeader.maxTimestamp(header, 0)
                    : BatchTimestamps.largest(body.read(), start);
            newest[0] = Math.max(newest[0], largest);
            return true;
        });
        return newest[0] < 0L ? null : firstAtOrAfter(newest[0]);
    }

    @Override
    public void scan(long fromOffset, BatchVisitor visitor) throws IOException {
        requireOpen();
        new BatchWalk(state, changes, directory).from(fromOffset, Long.MAX_VALUE, (header, body) -> {
            visitor.visit(header, 0);
            return true;
        });
    }

    @Override
    public void truncateTo(long offset) throws IOException {
        requireOpen();
        if (offset >= logEndOffset()) {
            return;
        }
        if (offset <= logStartOffset()) {
            truncateFullyAndStartAt(offset);
            return;
        }
        changes.directly(state, store -> Truncation.to(offset, state, store));
        afterTruncation();
    }

    @Override
    public void truncateFullyAndStartAt(long offset) throws IOException {
        requireOpen();
        changes.directly(state, store -> Truncation.fully(offset, state, store));
        afterTruncation();
    }

    private synchronized void afterTruncation() {
        activeStart = Math.min(activeStart, Math.max(logStartOffset(), logEndOffset() - 1L));
        activeBytes = Math.min(activeBytes, sizeInBytes());
    }

    @Override
    public void advanceLogStart(long offset) throws IOException {
        requireOpen();
        if (offset > logEndOffset()) {
            throw new IllegalArgumentException("log start " + offset + " above the log's end " + logEndOffset());
        }
        long[] freed = {0L};
        new BatchWalk(state, changes, directory).from(logStartOffset(), Long.MAX_VALUE, (header, body) -> {
            if (BatchHeader.lastOffset(header, 0) >= offset) {
                return false;
            }
            freed[0] += BatchHeader.sizeInBytes(header, 0);
            return true;
        });
        startAt(offset, freed[0]);
    }

    private void startAt(long offset, long freed) throws IOException {
        changes.update(
                state, record -> offset <= record.start() ? record : record.withStart(offset, record.size() - freed));
    }

    @Override
    public void flush() throws IOException {
        changes.flush(state);
    }

    @Override
    public long flushedOffset() {
        return state.flushedOffset();
    }

    @Override
    public void reconfigure(LogConfig next) {
        config = next;
    }

    @Override
    public Maintenance maintain(long highWatermark) throws IOException {
        return maintain(MaintenanceScope.below(highWatermark));
    }

    @Override
    public Maintenance maintain(MaintenanceScope scope) throws IOException {
        requireOpen();
        LogConfig now = config;
        long deleted = now.cleanupDelete() ? deleteOld(now, scope.highWatermark()) : 0L;
        long compacted = now.cleanupCompact() ? compact(now, scope) : 0L;
        return deleted == 0L && compacted == 0L ? Maintenance.NONE : new Maintenance(deleted, compacted);
    }

    private long deleteOld(LogConfig now, long highWatermark) throws IOException {
        PartitionRecord record = state.record();
        long nowMs = time.milliseconds();
        long[] excess = {now.retentionBytes() < 0L ? -1L : record.size() - now.retentionBytes()};
        long[] freed = {0L};
        long[] start = {record.start()};
        new BatchWalk(state, changes, directory).from(record.start(), Long.MAX_VALUE, (header, body) -> {
            long newest = BatchHeader.maxTimestamp(header, 0);
            int bytes = BatchHeader.sizeInBytes(header, 0);
            boolean expired = now.retentionMs() >= 0L && newest >= 0L && nowMs - newest > now.retentionMs();
            if (BatchHeader.lastOffset(header, 0) >= highWatermark || !(expired || excess[0] >= bytes)) {
                return false;
            }
            excess[0] -= bytes;
            freed[0] += bytes;
            start[0] = BatchHeader.lastOffset(header, 0) + 1L;
            return true;
        });
        if (freed[0] > 0L) {
            startAt(start[0], freed[0]);
        }
        return freed[0];
    }

    private long compact(LogConfig now, MaintenanceScope scope) throws IOException {
        synchronized (this) {
            if (activeBytes > 0L && activeIsOld(now)) {
                roll(logEndOffset() - 1L);
            }
        }
        long end = Math.min(activeStart, Math.min(scope.highWatermark(), scope.lastStableOffset()));
        if (end <= state.record().cleaned()) {
            return 0L;
        }
        changes.drain();
        return new StoreCompaction(state, changes, directory, now, scope, time.milliseconds()).run(end);
    }

    @Override
    public void writeSnapshot(long offset, ByteBuffer bytes) throws IOException {
        requireOpen();
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(bytes.position(), copy);
        changes.update(state, record -> {
            List<Snapshot> kept = new ArrayList<>(record.snapshots());
            kept.removeIf(known -> known.offset() == offset);
            kept.add(new Snapshot(offset, ByteBuffer.wrap(copy)));
            kept.sort((one, two) -> Long.compare(one.offset(), two.offset()));
            while (kept.size() > SNAPSHOTS_MAX) {
                kept.remove(0);
            }
            return record.withSnapshots(kept);
        });
    }

    @Override
    public List<Snapshot> snapshots(long maxOffset) {
        List<Snapshot> found = new ArrayList<>();
        for (Snapshot snapshot : state.record().snapshots()) {
            if (snapshot.offset() <= maxOffset) {
                found.add(new Snapshot(snapshot.offset(), snapshot.state().duplicate()));
            }
        }
        Collections.reverse(found);
        return found;
    }

    @Override
    public synchronized boolean pollRolled() {
        boolean was = rolled;
        rolled = false;
        return was;
    }

    @Override
    public void writeLeaderEpochs(List<EpochEntry> epochs) throws IOException {
        requireOpen();
        changes.update(state, record -> record.withEpochs(epochs));
    }

    @Override
    public List<EpochEntry> readLeaderEpochs() {
        return state.record().epochs();
    }

    @Override
    public List<LogDamage> damage() {
        return state.damage();
    }

    @Override
    public String locate(long offset) {
        return directory.toString();
    }

    @Override
    public long compactedOffset() {
        return state.record().cleaned();
    }

    @Override
    public Optional<Path> directory() {
        return Optional.of(directory);
    }

    private void requireOpen() throws IOException {
        if (closed) {
            throw new IOException("the log of " + state.partition() + " is closed");
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            state.setOpen(false);
        }
    }
}
