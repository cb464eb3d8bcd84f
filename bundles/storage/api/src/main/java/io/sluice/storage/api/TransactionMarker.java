package io.sluice.storage.api;

import io.sluice.protocol.MalformedMessageException;
import io.sluice.protocol.record.ControlRecordType;
import io.sluice.protocol.record.RecordBatchBuilder;
import io.sluice.protocol.record.RecordBatchFormat;
import io.sluice.protocol.record.RecordBatchView;
import io.sluice.protocol.record.RecordReader;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The end of a transaction in a partition, as a control batch of one record tells it: key is the type, value a version (two bytes, 0)
 * and the epoch of the coordinator (four).
 *
 * @param coordinatorEpoch the leader epoch of the coordinator's partition; a lower one than before is a coordinator's that was replaced
 */
public record TransactionMarker(boolean committed, int coordinatorEpoch) {
    private static final int VALUE_BYTES = 6;

    /** The batch that says so, ready to be appended; owned by the caller. */
    public ByteBuffer toBatch(long producerId, short producerEpoch, long timestampMs) {
        ControlRecordType type = committed ? ControlRecordType.COMMIT : ControlRecordType.ABORT;
        ByteBuffer value = ByteBuffer.allocate(VALUE_BYTES)
                .putShort((short) 0)
                .putInt(coordinatorEpoch)
                .flip();
        return new RecordBatchBuilder()
                .producer(producerId, producerEpoch, RecordBatchFormat.NO_SEQUENCE)
                .transactional(true)
                .control(true)
                .append(type.key(), value, timestampMs)
                .build();
    }

    /**
     * Reads the marker in a control batch.
     *
     * @return null when there is none: compaction emptied the batch, or it is about something else
     */
    static @Nullable TransactionMarker read(RecordBatchView batch) {
        if (batch.recordCount() <= 0 || batch.compressionId() != 0) {
            return null;
        }
        try {
            RecordReader records = new RecordReader().reset(batch);
            if (!records.next()) {
                return null;
            }
            ControlRecordType type = ControlRecordType.ofKey(records.key());
            ByteBuffer value = records.value();
            if ((type != ControlRecordType.COMMIT && type != ControlRecordType.ABORT)
                    || value == null
                    || value.remaining() < VALUE_BYTES
                    || value.getShort(value.position()) < 0) {
                return null;
            }
            return new TransactionMarker(
                    type == ControlRecordType.COMMIT, value.getInt(value.position() + Short.BYTES));
        } catch (MalformedMessageException e) {
            return null;
        }
    }
}
