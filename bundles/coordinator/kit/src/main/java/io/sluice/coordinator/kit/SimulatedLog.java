package io.sluice.coordinator.kit;

import io.sluice.base.ErrorCode;
import io.sluice.broker.api.AppendEntry;
import io.sluice.broker.api.FetchOutcome;
import io.sluice.protocol.ByteBufferRecords;
import io.sluice.protocol.Records;
import io.sluice.protocol.record.RecordBatchIterator;
import io.sluice.protocol.record.RecordBatchView;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A log of batches in memory, with a high watermark. For one thread. */
public final class SimulatedLog {
    private final List<ByteBuffer> batches = new ArrayList<>();
    private final ArrayDeque<Runnable> commits = new ArrayDeque<>();
    private final Map<Long, Short> openTransactions = new HashMap<>();
    private final Map<Long, Long> endsOfTransactions = new HashMap<>();
    private long startOffset;
    private long endOffset;
    private long highWatermark;
    private boolean committing;

    public long startOffset() {
        return startOffset;
    }

    public long endOffset() {
        return endOffset;
    }

    public long highWatermark() {
        return highWatermark;
    }

    public int batchCount() {
        return batches.size();
    }

    /** All batches, committed or not, one after the other. */
    public ByteBuffer bytes() {
        return concatenated(batches);
    }

    private static ByteBuffer concatenated(List<ByteBuffer> parts) {
        ByteBuffer whole = ByteBuffer.allocate(
                parts.stream().mapToInt(ByteBuffer::remaining).sum());
        parts.forEach(batch -> whole.put(batch.duplicate()));
        return whole.flip();
    }

    /** Appends a copy, at the next offset, and gives that offset. */
    public long append(ByteBuffer batch) {
        ByteBuffer copy = SimulatedPartitions.copyOf(batch);
        RecordBatchView view = new RecordBatchView().wrap(copy, 0);
        if (!view.isValidCrc()) {
            throw new IllegalArgumentException("a batch with a wrong CRC");
        }
        long base = endOffset;
        view.setBaseOffset(base);
        batches.add(copy);
        endOffset = view.nextOffset();
        if (view.isControl()) {
            openTransactions.remove(view.producerId());
            endsOfTransactions.put(view.producerId(), endOffset);
        } else if (view.isTransactional()) {
            openTransactions.put(view.producerId(), view.producerEpoch());
        }
        return base;
    }

    /** See {@link io.sluice.broker.api.Partitions#transactionGuard}. */
    long transactionGuard(long producerId, short producerEpoch) {
        Short open = openTransactions.get(producerId);
        return open != null && open == producerEpoch ? AppendEntry.ONGOING : endOffset;
    }

    /** Whether a batch goes on with a transaction, begins one that has not ended since the guard was given, or belongs to none. */
    boolean mayAppend(ByteBuffer batch, long guard) {
        RecordBatchView view = new RecordBatchView().wrap(batch, batch.position());
        if (guard == AppendEntry.UNGUARDED || view.isControl() || !view.isTransactional()) {
            return true;
        }
        return transactionGuard(view.producerId(), view.producerEpoch()) == AppendEntry.ONGOING
                || guard >= endsOfTransactions.getOrDefault(view.producerId(), 0L);
    }

    /** True when all before the offset is committed and nothing is on its way there. */
    boolean isCommitted(long offset) {
        return highWatermark == offset && !committing && commits.isEmpty();
    }

    /** Commits happen one after the other. */
    void committing(Runnable commit) {
        commits.add(commit);
        if (!committing) {
            committing = true;
            commits.remove().run();
        }
    }

    void committed() {
        Runnable next = commits.poll();
        if (next == null) {
            committing = false;
        } else {
            next.run();
        }
    }

    /** Raises the high watermark. */
    public void commitTo(long offset) {
        highWatermark = Math.max(highWatermark, offset);
    }

    /** Deletes the records below an offset, as far as they are committed; batches go when all of their records are gone. */
    void deleteBefore(long offset) {
        startOffset = Math.max(startOffset, Math.min(offset, highWatermark));
        batches.removeIf(batch -> new RecordBatchView().wrap(batch, 0).lastOffset() < startOffset);
    }

    FetchOutcome read(long offset, int maxBytes) {
        if (offset < startOffset || offset > endOffset) {
            return FetchOutcome.refused(ErrorCode.OFFSET_OUT_OF_RANGE);
        }
        List<ByteBuffer> chosen = new ArrayList<>();
        int size = 0;
        RecordBatchIterator iterator = new RecordBatchIterator(ByteBuffer.allocate(0));
        for (ByteBuffer batch : batches) {
            iterator.reset(batch.duplicate());
            iterator.next();
            RecordBatchView view = iterator.batch();
            if (view.lastOffset() < offset || view.lastOffset() >= highWatermark) {
                continue;
            }
            if (size > 0 && size + batch.remaining() > maxBytes) {
                break;
            }
            chosen.add(batch);
            size += batch.remaining();
        }
        Records records = new ByteBufferRecords(concatenated(chosen));
        return new FetchOutcome(ErrorCode.NONE, highWatermark, highWatermark, startOffset, -1, -1L, records);
    }
}
