package io.sluice.storage.memory;

import io.sluice.base.Time;
import io.sluice.base.TopicIdPartition;
import io.sluice.protocol.ByteBufferRecords;
import io.sluice.storage.api.AbortedTransaction;
import io.sluice.storage.api.BatchHeader;
import io.sluice.storage.api.BatchTimestamps;
import io.sluice.storage.api.BatchVisitor;
import io.sluice.storage.api.EpochEntry;
import io.sluice.storage.api.LogConfig;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A partition's batches in chunks on the heap. Writers hold this object's lock; readers use the list of chunks and the contents that are
 * published, and give out views of them.
 */
final class MemoryLog implements LogStore {
    private static final int CHUNK_BYTES_MAX = 1024 * 1024;

    private final TopicIdPartition partition;
    private final Time time;
    private final HeapBudget budget;
    private final LogEndsFile ends;
    private final TreeMap<Long, byte[]> snapshots = new TreeMap<>();
    private final AbortedList aborted = new AbortedList();

    private volatile List<Chunk> chunks;
    private volatile List<EpochEntry> epochs = List.of();
    private volatile long logStartOffset;
    private volatile long logEndOffset;
    private volatile LogConfig config;
    private volatile boolean closed = true;
    private long reservedEnd;
    private long cleanedOffset;
    private boolean rolled;

    MemoryLog(TopicIdPartition partition, LogConfig config, Time time, HeapBudget budget, LogEndsFile ends) {
        this.partition = partition;
        this.config = config;
        this.time = time;
        this.budget = budget;
        this.ends = ends;
        this.logStartOffset = ends.endOf(partition);
        this.logEndOffset = logStartOffset;
        this.chunks = List.of(new Chunk(logEndOffset));
    }

    TopicIdPartition partition() {
        return partition;
    }

    synchronized void open(LogConfig now) throws IOException {
        config = now;
        closed = false;
        reserve(logEndOffset);
    }

    boolean isOpen() {
        return !closed;
    }

    private void reserve(long end) throws IOException {
        if (end >= reservedEnd) {
            long next = end + LogEndsFile.RESERVED;
            ends.set(partition, next);
            reservedEnd = next;
        }
    }

    @Override
    public long logStartOffset() {
        return logStartOffset;
    }

    @Override
    public long logEndOffset() {
        return logEndOffset;
    }

    @Override
    public long sizeInBytes() {
        return Chunk.sizeOf(chunks);
    }

    @Override
    public synchronized void append(
            ByteBuffer batches, long firstOffset, long lastOffset, long maxTimestamp, long offsetOfMax)
            throws IOException {
        requireOpen();
        int bytes = batches.remaining();
        budget.take(bytes);
        try {
            reserve(lastOffset + 1L);
        } catch (IOException e) {
            budget.give(bytes);
            throw e;
        }
        Chunk active = chunks.get(chunks.size() - 1);
        int size = active.contents().size();
        if (size > 0 && size + (long) bytes > Math.min(config.segmentBytes(), CHUNK_BYTES_MAX)) {
            active = roll(firstOffset);
        }
        active.append(batches, maxTimestamp);
        logEndOffset = lastOffset + 1L;
    }

    private Chunk roll(long baseOffset) {
        Chunk next = new Chunk(baseOffset);
        List<Chunk> more = new ArrayList<>(chunks);
        more.add(next);
        chunks = List.copyOf(more);
        rolled = true;
        return next;
    }

    @Override
    public LogRead read(long offset, int maxBytes, long endOffset, boolean minOneBatch) throws IOException {
        requireOpen();
        long end = Math.min(endOffset, logEndOffset);
        if (offset >= end) {
            return LogRead.EMPTY;
        }
        for (Chunk chunk : chunks) {
            Chunk.Contents contents = chunk.contents();
            int first = contents.find(offset);
            if (first == contents.count()) {
                continue;
            }
            int start = contents.startOf(first);
            int last = first;
            while (last < contents.count()
                    && contents.lastOffsets()[last] < end
                    && (contents.ends()[last] - start <= maxBytes || (last == first && minOneBatch))) {
                last++;
            }
            if (last == first) {
                return LogRead.EMPTY;
            }
            ByteBuffer view = contents.view(start, contents.ends()[last - 1]);
            return new LogRead(
                    new ByteBufferRecords(view),
                    BatchHeader.baseOffset(view, 0),
                    contents.lastOffsets()[last - 1] + 1L);
        }
        return LogRead.EMPTY;
    }

    @Override
    public void scan(long fromOffset, BatchVisitor visitor) {
        for (Chunk chunk : chunks) {
            Chunk.Contents contents = chunk.contents();
            for (int i = contents.find(fromOffset); i < contents.count(); i++) {
                visitor.visit(contents.batch(i), 0);
            }
        }
    }

    @Override
    public @Nullable TimestampOffset firstAtOrAfter(long timestampMs) {
        long start = logStartOffset;
        for (Chunk chunk : chunks) {
            Chunk.Contents contents = chunk.contents();
            if (contents.maxTimestamp() < timestampMs) {
                continue;
            }
            for (int i = contents.find(start); i < contents.count(); i++) {
                TimestampOffset found = BatchTimestamps.firstAtOrAfter(contents.batch(i), timestampMs, start);
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }

    @Override
    public @Nullable TimestampOffset latestTimestamp() {
        long newest = -1L;
        for (Chunk chunk : chunks) {
            Chunk.Contents contents = chunk.contents();
            for (int i = contents.find(logStartOffset); i < contents.count(); i++) {
                newest = Math.max(newest, BatchTimestamps.largest(contents.batch(i), logStartOffset));
            }
        }
        return newest < 0L ? null : firstAtOrAfter(newest);
    }

    @Override
    public synchronized void truncateTo(long offset) throws IOException {
        requireOpen();
        if (offset >= logEndOffset) {
            return;
        }
        if (offset <= logStartOffset) {
            truncateFullyAndStartAt(offset);
            return;
        }
        long before = sizeInBytes();
        List<Chunk> kept = new ArrayList<>();
        long end = offset;
        for (Chunk chunk : chunks) {
            int batches = chunk.contents().find(offset);
            boolean whole = batches == chunk.contents().count();
            if (!whole && chunk.baseOffset() < offset) {
                end = Math.min(end, BatchHeader.baseOffset(chunk.contents().batch(batches), 0));
            }
            if (chunk.baseOffset() < offset) {
                kept.add(whole ? chunk : chunk.head(batches));
            }
        }
        if (end < logStartOffset) {
            truncateFullyAndStartAt(logStartOffset);
            return;
        }
        // A cut chunk is a copy, so that what is appended now does not overwrite what readers hold.
        int last = kept.size() - 1;
        kept.set(last, kept.get(last).head(kept.get(last).contents().count()));
        chunks = List.copyOf(kept);
        logEndOffset = end;
        budget.give(before - sizeInBytes());
        cleanedOffset = Math.min(cleanedOffset, end);
        snapshots.tailMap(end, false).clear();
        aborted.truncateTo(end);
    }

    @Override
    public synchronized void truncateFullyAndStartAt(long offset) throws IOException {
        requireOpen();
        reserve(offset);
        budget.give(sizeInBytes());
        logStartOffset = offset;
        cleanedOffset = Math.min(cleanedOffset, offset);
        chunks = List.of(new Chunk(offset));
        logEndOffset = offset;
        snapshots.clear();
        aborted.truncateTo(0L);
    }

    @Override
    public synchronized void advanceLogStart(long offset) {
        if (offset > logEndOffset) {
            throw new IllegalArgumentException("log start " + offset + " above the log's end " + logEndOffset);
        }
        logStartOffset = Math.max(logStartOffset, offset);
    }

    /** There is nothing that could be more durable. */
    @Override
    public void flush() {}

    @Override
    public long flushedOffset() {
        return logEndOffset;
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
        long deleted = deleteOld(scope.highWatermark());
        long compacted = config.cleanupCompact() ? compact(scope) : 0L;
        return deleted == 0L && compacted == 0L ? Maintenance.NONE : new Maintenance(deleted, compacted);
    }

    /** Makes compacted chunks beside appends, and puts them in place unless the log was cut meanwhile. */
    private long compact(MaintenanceScope scope) throws IOException {
        ChunkCompaction round = new ChunkCompaction(config, time.milliseconds(), scope);
        List<Chunk> now = chunks;
        List<Chunk> old = now.subList(0, round.compactable(now));
        if (!round.isDue(old, cleanedOffset)) {
            return 0L;
        }
        List<Chunk> compacted = round.compact(old, now.get(old.size()).baseOffset(), cleanedOffset);
        synchronized (this) {
            if (chunks.size() < old.size() || !chunks.subList(0, old.size()).equals(old)) {
                return 0L;
            }
            List<Chunk> next = new ArrayList<>(compacted);
            next.addAll(chunks.subList(old.size(), chunks.size()));
            chunks = List.copyOf(next);
            cleanedOffset = round.cleanedTo();
            long saved = Chunk.sizeOf(old) - Chunk.sizeOf(compacted);
            budget.give(saved);
            return Math.max(0L, saved);
        }
    }

    private synchronized long deleteOld(long highWatermark) throws IOException {
        requireOpen();
        if (expires(chunks.get(chunks.size() - 1)) && highWatermark >= logEndOffset) {
            roll(logEndOffset);
        }
        List<Chunk> kept = new ArrayList<>(chunks);
        long excess =
                config.cleanupDelete() && config.retentionBytes() >= 0L ? sizeInBytes() - config.retentionBytes() : -1L;
        long deleted = 0L;
        while (kept.size() > 1) {
            Chunk oldest = kept.get(0);
            int size = oldest.contents().size();
            long end = kept.get(1).baseOffset();
            if (end > highWatermark || !(end <= logStartOffset || excess >= size || expires(oldest))) {
                break;
            }
            excess -= size;
            deleted += size;
            kept.remove(0);
        }
        chunks = List.copyOf(kept);
        logStartOffset = Math.max(logStartOffset, kept.get(0).baseOffset());
        budget.give(deleted);
        snapshots.headMap(kept.get(0).baseOffset()).clear();
        aborted.startAt(kept.get(0).baseOffset());
        return deleted;
    }

    private boolean expires(Chunk chunk) {
        Chunk.Contents contents = chunk.contents();
        return config.cleanupDelete()
                && config.retentionMs() >= 0L
                && contents.count() > 0
                && contents.maxTimestamp() >= 0L
                && time.milliseconds() - contents.maxTimestamp() > config.retentionMs();
    }

    @Override
    public synchronized void writeSnapshot(long offset, ByteBuffer state) {
        byte[] copy = new byte[state.remaining()];
        state.get(state.position(), copy);
        snapshots.put(offset, copy);
        snapshots.headMap(offset).keySet().removeIf(known -> chunks.stream()
                .noneMatch(chunk -> chunk.baseOffset() == known));
    }

    @Override
    public synchronized List<Snapshot> snapshots(long maxOffset) {
        List<Snapshot> found = new ArrayList<>();
        snapshots
                .headMap(maxOffset, true)
                .descendingMap()
                .forEach((offset, state) -> found.add(new Snapshot(offset, ByteBuffer.wrap(state))));
        return found;
    }

    @Override
    public void appendAborted(AbortedTransaction transaction) {
        aborted.add(transaction);
    }

    @Override
    public @Nullable List<AbortedTransaction> abortedTransactions(long fromOffset, long toOffset) {
        return aborted.overlapping(fromOffset, toOffset);
    }

    @Override
    public void restoreAborted(List<AbortedTransaction> all) {
        aborted.replace(all);
    }

    @Override
    public synchronized boolean pollRolled() {
        boolean was = rolled;
        rolled = false;
        return was;
    }

    @Override
    public void writeLeaderEpochs(List<EpochEntry> entries) {
        epochs = List.copyOf(entries);
    }

    @Override
    public List<EpochEntry> readLeaderEpochs() {
        return epochs;
    }

    @Override
    public Optional<Path> directory() {
        return Optional.empty();
    }

    private void requireOpen() throws IOException {
        if (closed) {
            throw new IOException("the log of " + partition + " is closed");
        }
    }

    /** The contents stay, until the engine is closed. */
    @Override
    public synchronized void close() throws IOException {
        if (!closed) {
            closed = true;
            reservedEnd = logEndOffset;
            ends.set(partition, logEndOffset);
        }
    }

    /** Gives its heap back; nobody uses it any more. */
    synchronized void discard() {
        budget.give(sizeInBytes());
        chunks = List.of(new Chunk(logEndOffset));
    }

    synchronized Map<String, Object> handOver() {
        List<Object> parts = new ArrayList<>();
        chunks.forEach(chunk -> parts.add(chunk.handOver()));
        List<Object> epochPairs = new ArrayList<>();
        epochs.forEach(entry -> epochPairs.add(new long[] {entry.epoch(), entry.startOffset()}));
        return Map.of(
                "start", logStartOffset,
                "end", logEndOffset,
                "chunks", parts,
                "epochs", epochPairs,
                "snapshots", new TreeMap<>(snapshots),
                "aborted", aborted.handOver());
    }

    synchronized void takeOver(Map<?, ?> contents) throws IOException {
        List<Chunk> taken = new ArrayList<>();
        for (Object part : HandedOver.part(contents, "chunks", List.class)) {
            taken.add(Chunk.takeOver((Map<?, ?>) part));
        }
        chunks = List.copyOf(taken);
        logStartOffset = HandedOver.part(contents, "start", Long.class);
        logEndOffset = HandedOver.part(contents, "end", Long.class);
        List<EpochEntry> entries = new ArrayList<>();
        for (Object pair : HandedOver.part(contents, "epochs", List.class)) {
            entries.add(new EpochEntry((int) ((long[]) pair)[0], ((long[]) pair)[1]));
        }
        epochs = entries;
        Map<?, ?> states = HandedOver.part(contents, "snapshots", Map.class);
        states.forEach((offset, state) -> snapshots.put((Long) offset, (byte[]) state));
        aborted.takeOver(contents.get("aborted"));
        budget.force(sizeInBytes());
    }
}
