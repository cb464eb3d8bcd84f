package io.sluice.storage.mapdb;

import io.sluice.base.TopicIdPartition;
import io.sluice.storage.api.BatchHeader;
import io.sluice.storage.api.LogDamage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A partition while the engine is open: its record, and the batches that are in the journal and not yet in the store. Changed under the
 * lock of {@link Changes} and this object's, in this order; read by anybody.
 */
final class PartitionState {
    private final int id;
    private final List<ByteBuffer> pending = new ArrayList<>(0);
    private volatile PartitionRecord record;
    private volatile long flushedOffset;
    private volatile List<LogDamage> damage = List.of();
    private volatile boolean open;
    private volatile boolean gone;
    /** Where the last batch of the store ends. */
    private long stored;

    /**
     * The pending batches behind an offset.
     *
     * @param firstPending the base offset of the first that is pending at all; the greatest number when none is
     * @param stored where the last batch that is not pending ends
     */
    record Tail(long firstPending, long stored, List<ByteBuffer> batches) {}

    /**
     * Batches for the store.
     *
     * @param follows where the one before the first ends
     */
    record Pending(List<ByteBuffer> batches, long follows) {}

    PartitionState(int id, PartitionRecord record) {
        this.id = id;
        this.record = record;
        this.flushedOffset = record.end();
        this.stored = record.written();
    }

    int id() {
        return id;
    }

    TopicIdPartition partition() {
        return record.partition();
    }

    PartitionRecord record() {
        return record;
    }

    void setRecord(PartitionRecord next) {
        record = next;
        flushedOffset = Math.min(flushedOffset, next.end());
    }

    /** The record once everything is in the store. */
    synchronized void setStored(PartitionRecord next) {
        setRecord(next);
        stored = next.written();
    }

    /** Where the last batch ends that the store has. */
    synchronized long stored() {
        return stored;
    }

    boolean isGone() {
        return gone;
    }

    /** It was deleted. */
    void setGone() {
        gone = true;
    }

    long flushedOffset() {
        return flushedOffset;
    }

    synchronized void flushedTo(long offset) {
        flushedOffset = Math.max(flushedOffset, Math.min(offset, record.end()));
    }

    List<LogDamage> damage() {
        return damage;
    }

    void setDamage(List<LogDamage> found) {
        damage = List.copyOf(found);
    }

    boolean isOpen() {
        return open;
    }

    void setOpen(boolean now) {
        open = now;
    }

    /** Takes in batches that the journal has; copies them. */
    synchronized void append(ByteBuffer batches, long lastOffset) {
        int end = batches.limit();
        int size;
        for (int at = batches.position(); at < end; at += size) {
            size = BatchHeader.sizeInBytes(batches, at);
            pending.add(ByteBuffer.allocate(size).put(batches.slice(at, size)).flip());
        }
        record = record.withExtent(record.start(), lastOffset + 1L, record.size() + batches.remaining());
    }

    synchronized int pendingCount() {
        return pending.size();
    }

    synchronized Pending firstPending(int count) {
        return new Pending(new ArrayList<>(pending.subList(0, count)), stored);
    }

    /** They are in the store now. */
    synchronized void drained(int count, long end) {
        List<ByteBuffer> gone = pending.subList(0, Math.min(count, pending.size()));
        if (!gone.isEmpty()) {
            stored = BatchHeader.lastOffset(gone.get(gone.size() - 1), 0) + 1L;
            gone.clear();
        }
        flushedTo(end);
    }

    /** The pending batches that have an offset at or above this one, as many as are worth reading for so many bytes. */
    synchronized Tail tail(long offset, long maxBytes) {
        if (pending.isEmpty()) {
            return new Tail(Long.MAX_VALUE, stored, List.of());
        }
        int low = 0;
        int high = pending.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (BatchHeader.lastOffset(pending.get(middle), 0) < offset) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        List<ByteBuffer> found = new ArrayList<>();
        long bytes = 0L;
        for (int i = low; i < pending.size() && (found.isEmpty() || bytes < maxBytes); i++) {
            found.add(pending.get(i));
            bytes += pending.get(i).remaining();
        }
        return new Tail(BatchHeader.baseOffset(pending.get(0), 0), stored, found);
    }
}
