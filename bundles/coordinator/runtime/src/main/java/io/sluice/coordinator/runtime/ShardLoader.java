package io.sluice.coordinator.runtime;

import io.sluice.base.ErrorCode;
import io.sluice.base.LeaderEpoch;
import io.sluice.base.TopicIdPartition;
import io.sluice.base.Uuid;
import io.sluice.broker.api.FetchOutcome;
import io.sluice.broker.api.FetchPosition;
import io.sluice.broker.api.PartitionStanding;
import io.sluice.broker.api.PartitionStatus;
import io.sluice.protocol.ByteBufferRecords;
import io.sluice.protocol.MalformedMessageException;
import io.sluice.protocol.Records;
import io.sluice.protocol.record.ControlRecordType;
import io.sluice.protocol.record.RecordBatchFormat;
import io.sluice.protocol.record.RecordBatchIterator;
import io.sluice.protocol.record.RecordBatchView;
import io.sluice.protocol.record.RecordReader;
import io.sluice.storage.api.FileSlice;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Replays a partition's log into an empty state machine, up to the end that the log has by then; all of that must be committed before the
 * state is used. May block on disk; one thread at a time.
 *
 * <p>The state machine is told of records of transactions as such, and of the markers that end them.
 */
final class ShardLoader<R> {
    private static final int DECODED_BYTES_MAX = 256 * 1024 * 1024;

    /** How far a call got. */
    enum Progress {
        MORE,
        WAITING,
        DONE
    }

    private final ShardContext<?, R> context;
    private final TopicIdPartition partition;
    private final StateMachine<R> machine;
    private final RecordReader reader = new RecordReader();
    private long nextOffset = -1L;
    private long target = -1L;
    private long recordCount;

    ShardLoader(ShardContext<?, R> context, int partition, StateMachine<R> machine) {
        this.context = context;
        this.partition = new TopicIdPartition(Uuid.ZERO, context.topicPartition(partition));
        this.machine = machine;
    }

    long recordCount() {
        return recordCount;
    }

    /** Reads and replays the next piece of the log. */
    Progress step() throws IOException {
        if (target < 0L) {
            PartitionStatus status = context.partitions().status(partition.topicPartition());
            if (status == null
                    || status.standing() == PartitionStanding.PARKED
                    || status.logEndOffset() < 0L
                    || status.logStartOffset() < 0L) {
                return Progress.WAITING;
            }
            target = status.logEndOffset();
            nextOffset = Math.max(nextOffset, status.logStartOffset());
        }
        if (nextOffset >= target) {
            return atTheEnd();
        }
        FetchPosition position = new FetchPosition(partition, nextOffset, LeaderEpoch.NONE, LeaderEpoch.NONE, false);
        FetchOutcome outcome =
                context.partitions().fetch(position, context.config().loadBytes(), true);
        Records records = outcome.records();
        try {
            if (outcome.error() != ErrorCode.NONE) {
                if (outcome.error() == ErrorCode.OFFSET_OUT_OF_RANGE) {
                    target = -1L;
                }
                return Progress.WAITING;
            }
            if (records.sizeInBytes() == 0) {
                return !outcome.isAbsent() && outcome.highWatermark() >= target ? atTheEnd() : Progress.WAITING;
            }
            replay(bytes(records));
            return nextOffset >= target ? atTheEnd() : Progress.MORE;
        } finally {
            records.release();
        }
    }

    /** A transaction's marker may have been written past the coordinator while there was none: what came meanwhile is read too. */
    private Progress atTheEnd() {
        if (!isBehind()) {
            return Progress.DONE;
        }
        target = -1L;
        return Progress.MORE;
    }

    /** Whether the log has grown since the state was at its end. */
    boolean isBehind() {
        PartitionStatus status = context.partitions().status(partition.topicPartition());
        return status != null && status.logEndOffset() > nextOffset && status.logEndOffset() > target;
    }

    private static ByteBuffer bytes(Records records) throws IOException {
        if (records instanceof ByteBufferRecords inMemory) {
            return inMemory.buffer().duplicate();
        }
        if (records instanceof FileSlice slice) {
            return slice.toBuffer();
        }
        throw new IOException("records of a kind that cannot be read: " + records.getClass());
    }

    private void replay(ByteBuffer bytes) {
        RecordBatchIterator batches = new RecordBatchIterator(bytes);
        while (batches.next()) {
            RecordBatchView batch = batches.batch();
            if (batch.magic() != RecordBatchFormat.MAGIC_V2) {
                throw new MalformedMessageException("a batch of format " + batch.magic());
            }
            if (batch.lastOffset() >= nextOffset) {
                replay(batch);
                nextOffset = batch.nextOffset();
            }
        }
    }

    private void replay(RecordBatchView batch) {
        ByteBuffer payload = batch.compressionType().decompress(batch.payload(), DECODED_BYTES_MAX);
        reader.reset(batch, payload);
        while (reader.next()) {
            if (reader.offset() < nextOffset) {
                continue;
            }
            ByteBuffer key = reader.key();
            if (batch.isControl()) {
                endTransaction(batch, ControlRecordType.ofKey(key));
            } else if (key != null) {
                replay(batch, key, reader.value());
            }
        }
    }

    private void replay(RecordBatchView batch, ByteBuffer key, @Nullable ByteBuffer value) {
        R record = context.serde().read(key, value);
        if (record == null) {
            return;
        }
        recordCount++;
        if (batch.isTransactional()) {
            machine.replayPending(batch.producerId(), batch.producerEpoch(), record);
        } else {
            machine.replay(record);
        }
    }

    private void endTransaction(RecordBatchView batch, @Nullable ControlRecordType type) {
        if (type == ControlRecordType.COMMIT || type == ControlRecordType.ABORT) {
            machine.endTransaction(batch.producerId(), batch.producerEpoch(), type == ControlRecordType.COMMIT);
        }
    }
}
