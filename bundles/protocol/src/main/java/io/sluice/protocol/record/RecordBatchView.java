package io.sluice.protocol.record;

import static io.sluice.protocol.record.RecordBatchFormat.ATTRIBUTES;
import static io.sluice.protocol.record.RecordBatchFormat.BASE_OFFSET;
import static io.sluice.protocol.record.RecordBatchFormat.BASE_SEQUENCE;
import static io.sluice.protocol.record.RecordBatchFormat.BASE_TIMESTAMP;
import static io.sluice.protocol.record.RecordBatchFormat.COMPRESSION_MASK;
import static io.sluice.protocol.record.RecordBatchFormat.CONTROL_MASK;
import static io.sluice.protocol.record.RecordBatchFormat.CRC;
import static io.sluice.protocol.record.RecordBatchFormat.DELETE_HORIZON_MASK;
import static io.sluice.protocol.record.RecordBatchFormat.HEADER_BYTES;
import static io.sluice.protocol.record.RecordBatchFormat.LAST_OFFSET_DELTA;
import static io.sluice.protocol.record.RecordBatchFormat.LENGTH;
import static io.sluice.protocol.record.RecordBatchFormat.LENGTH_MIN;
import static io.sluice.protocol.record.RecordBatchFormat.LOG_OVERHEAD;
import static io.sluice.protocol.record.RecordBatchFormat.MAGIC;
import static io.sluice.protocol.record.RecordBatchFormat.MAGIC_V2;
import static io.sluice.protocol.record.RecordBatchFormat.MAX_TIMESTAMP;
import static io.sluice.protocol.record.RecordBatchFormat.NO_PRODUCER_ID;
import static io.sluice.protocol.record.RecordBatchFormat.NO_SEQUENCE;
import static io.sluice.protocol.record.RecordBatchFormat.PARTITION_LEADER_EPOCH;
import static io.sluice.protocol.record.RecordBatchFormat.PREFIX_BYTES;
import static io.sluice.protocol.record.RecordBatchFormat.PRODUCER_EPOCH;
import static io.sluice.protocol.record.RecordBatchFormat.PRODUCER_ID;
import static io.sluice.protocol.record.RecordBatchFormat.RECORD_COUNT;
import static io.sluice.protocol.record.RecordBatchFormat.TIMESTAMP_TYPE_MASK;
import static io.sluice.protocol.record.RecordBatchFormat.TRANSACTIONAL_MASK;

import io.sluice.base.Crc32c;
import io.sluice.protocol.MalformedMessageException;
import io.sluice.protocol.compress.CompressionType;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Looks into a record batch where it lies. Reusable; for one thread; borrows the buffer and never moves its position.
 *
 * <p>{@link #wrap} only makes sure that the batch is whole. A caller checks {@link #magic} before it asks for anything past it, since
 * the older formats lay their fields out in another way.
 */
public final class RecordBatchView {
    private ByteBuffer buffer = ByteBuffer.allocate(0);
    private int start;
    private int sizeInBytes;

    /**
     * The size of the batch at a position, or -1 when fewer bytes are left than that, or than it takes to tell.
     *
     * @throws MalformedMessageException when the length is one that no batch has
     */
    public static int sizeAt(ByteBuffer buffer, int position) {
        int available = buffer.limit() - position;
        if (available < PREFIX_BYTES) {
            return -1;
        }
        int length = buffer.getInt(position + LENGTH);
        int least = buffer.get(position + MAGIC) == MAGIC_V2 ? HEADER_BYTES - LOG_OVERHEAD : LENGTH_MIN;
        if (length < least) {
            throw new MalformedMessageException("a record batch of length " + length);
        }
        return length > available - LOG_OVERHEAD ? -1 : LOG_OVERHEAD + length;
    }

    /**
     * Looks at the batch that begins at a position.
     *
     * @throws MalformedMessageException when there is no whole batch
     */
    public RecordBatchView wrap(ByteBuffer bytes, int position) {
        int size = sizeAt(bytes, position);
        if (size < 0) {
            throw new MalformedMessageException(
                    "a record batch is cut off: " + (bytes.limit() - position) + " bytes remain");
        }
        this.buffer = bytes;
        this.start = position;
        this.sizeInBytes = size;
        return this;
    }

    public ByteBuffer buffer() {
        return buffer;
    }

    public int position() {
        return start;
    }

    /** The whole batch, header included. */
    public int sizeInBytes() {
        return sizeInBytes;
    }

    public long baseOffset() {
        return buffer.getLong(start + BASE_OFFSET);
    }

    public int partitionLeaderEpoch() {
        return buffer.getInt(start + PARTITION_LEADER_EPOCH);
    }

    public byte magic() {
        return buffer.get(start + MAGIC);
    }

    /** The CRC-32C that the batch carries. */
    public int crc() {
        return buffer.getInt(start + CRC);
    }

    public short attributes() {
        return buffer.getShort(start + ATTRIBUTES);
    }

    public int compressionId() {
        return attributes() & COMPRESSION_MASK;
    }

    /** @throws MalformedMessageException when the id is none that we know */
    public CompressionType compressionType() {
        @Nullable CompressionType type = CompressionType.of(compressionId());
        if (type == null) {
            throw new MalformedMessageException("unknown compression type " + compressionId());
        }
        return type;
    }

    public TimestampType timestampType() {
        return (attributes() & TIMESTAMP_TYPE_MASK) != 0 ? TimestampType.LOG_APPEND_TIME : TimestampType.CREATE_TIME;
    }

    public boolean isTransactional() {
        return (attributes() & TRANSACTIONAL_MASK) != 0;
    }

    public boolean isControl() {
        return (attributes() & CONTROL_MASK) != 0;
    }

    /** True when the base timestamp is the time after which tombstones may go (KIP-534). */
    public boolean hasDeleteHorizon() {
        return (attributes() & DELETE_HORIZON_MASK) != 0;
    }

    public int lastOffsetDelta() {
        return buffer.getInt(start + LAST_OFFSET_DELTA);
    }

    public long lastOffset() {
        return baseOffset() + lastOffsetDelta();
    }

    public long nextOffset() {
        return lastOffset() + 1L;
    }

    public long baseTimestamp() {
        return buffer.getLong(start + BASE_TIMESTAMP);
    }

    public long maxTimestamp() {
        return buffer.getLong(start + MAX_TIMESTAMP);
    }

    public long producerId() {
        return buffer.getLong(start + PRODUCER_ID);
    }

    public boolean hasProducerId() {
        return producerId() > NO_PRODUCER_ID;
    }

    public short producerEpoch() {
        return buffer.getShort(start + PRODUCER_EPOCH);
    }

    public int baseSequence() {
        return buffer.getInt(start + BASE_SEQUENCE);
    }

    public int lastSequence() {
        int first = baseSequence();
        return first == NO_SEQUENCE ? NO_SEQUENCE : RecordBatchFormat.incrementSequence(first, lastOffsetDelta());
    }

    /** How many records the batch says it has. */
    public int recordCount() {
        return buffer.getInt(start + RECORD_COUNT);
    }

    /** The bytes after the header: the records, compressed if the attributes say so. A slice. */
    public ByteBuffer payload() {
        return buffer.slice(start + HEADER_BYTES, sizeInBytes - HEADER_BYTES);
    }

    public int computeCrc() {
        return Crc32c.of(buffer, start + ATTRIBUTES, sizeInBytes - ATTRIBUTES);
    }

    public boolean isValidCrc() {
        return crc() == computeCrc();
    }

    public void setBaseOffset(long offset) {
        buffer.putLong(start + BASE_OFFSET, offset);
    }

    public void setPartitionLeaderEpoch(int epoch) {
        buffer.putInt(start + PARTITION_LEADER_EPOCH, epoch);
    }

    /** Sets the largest timestamp and its type; {@link #rewriteCrc} must follow. */
    public void setMaxTimestampAndType(long timestampMs, TimestampType type) {
        int others = attributes() & ~TIMESTAMP_TYPE_MASK;
        int bit = type == TimestampType.LOG_APPEND_TIME ? TIMESTAMP_TYPE_MASK : 0;
        buffer.putShort(start + ATTRIBUTES, (short) (others | bit));
        buffer.putLong(start + MAX_TIMESTAMP, timestampMs);
    }

    public void rewriteCrc() {
        buffer.putInt(start + CRC, computeCrc());
    }

    @Override
    public String toString() {
        return "RecordBatchView(baseOffset=" + baseOffset() + ", sizeInBytes=" + sizeInBytes + ", magic=" + magic()
                + ")";
    }
}
