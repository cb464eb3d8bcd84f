package io.sluice.storage.api;

import io.sluice.protocol.record.RecordBatchFormat;
import java.nio.ByteBuffer;

/**
 * The header fields of a batch of format 2 at a position of a buffer that need not hold the rest of the batch: for engines that walk
 * over batches without reading them. Absolute reads; nothing is moved or checked but what is said.
 */
public final class BatchHeader {
    public static final int BYTES = RecordBatchFormat.HEADER_BYTES;

    private BatchHeader() {}

    /** The size of the whole batch, or -1 when the length or the magic is none that a batch of format 2 has. */
    public static int sizeInBytes(ByteBuffer buffer, int at) {
        int length = buffer.getInt(at + RecordBatchFormat.LENGTH);
        int least = RecordBatchFormat.HEADER_BYTES - RecordBatchFormat.LOG_OVERHEAD;
        if (length < least
                || length > Integer.MAX_VALUE - RecordBatchFormat.LOG_OVERHEAD
                || buffer.get(at + RecordBatchFormat.MAGIC) != RecordBatchFormat.MAGIC_V2) {
            return -1;
        }
        return length + RecordBatchFormat.LOG_OVERHEAD;
    }

    public static long baseOffset(ByteBuffer buffer, int at) {
        return buffer.getLong(at + RecordBatchFormat.BASE_OFFSET);
    }

    public static int lastOffsetDelta(ByteBuffer buffer, int at) {
        return buffer.getInt(at + RecordBatchFormat.LAST_OFFSET_DELTA);
    }

    public static long lastOffset(ByteBuffer buffer, int at) {
        return baseOffset(buffer, at) + lastOffsetDelta(buffer, at);
    }

    public static int leaderEpoch(ByteBuffer buffer, int at) {
        return buffer.getInt(at + RecordBatchFormat.PARTITION_LEADER_EPOCH);
    }

    public static int crc(ByteBuffer buffer, int at) {
        return buffer.getInt(at + RecordBatchFormat.CRC);
    }

    public static int attributes(ByteBuffer buffer, int at) {
        return buffer.getShort(at + RecordBatchFormat.ATTRIBUTES);
    }

    public static long maxTimestamp(ByteBuffer buffer, int at) {
        return buffer.getLong(at + RecordBatchFormat.MAX_TIMESTAMP);
    }

    public static long producerId(ByteBuffer buffer, int at) {
        return buffer.getLong(at + RecordBatchFormat.PRODUCER_ID);
    }

    public static short producerEpoch(ByteBuffer buffer, int at) {
        return buffer.getShort(at + RecordBatchFormat.PRODUCER_EPOCH);
    }

    public static int baseSequence(ByteBuffer buffer, int at) {
        return buffer.getInt(at + RecordBatchFormat.BASE_SEQUENCE);
    }

    public static boolean isControl(ByteBuffer buffer, int at) {
        return (attributes(buffer, at) & RecordBatchFormat.CONTROL_MASK) != 0;
    }

    public static boolean isTransactional(ByteBuffer buffer, int at) {
        return (attributes(buffer, at) & RecordBatchFormat.TRANSACTIONAL_MASK) != 0;
    }
}
