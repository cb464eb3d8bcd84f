package io.sluice.protocol.record;

import io.sluice.protocol.Varints;
import io.sluice.protocol.compress.CompressionType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes one batch of format v2, for what the broker writes itself: coordinators' records, rewritten batches, markers. For one thread.
 *
 * <p>Records get consecutive offsets unless {@link #appendAt} says otherwise. {@link #build} gives a buffer that the caller owns.
 */
public final class RecordBatchBuilder {
    private static final int INITIAL_BYTES = 512;

    private ByteBuffer body = ByteBuffer.allocate(INITIAL_BYTES);
    private long baseOffset;
    private int leaderEpoch = RecordBatchFormat.NO_LEADER_EPOCH;
    private long producerId = RecordBatchFormat.NO_PRODUCER_ID;
    private short producerEpoch = RecordBatchFormat.NO_PRODUCER_EPOCH;
    private int baseSequence = RecordBatchFormat.NO_SEQUENCE;
    private CompressionType compression = CompressionType.NONE;
    private TimestampType timestampType = TimestampType.CREATE_TIME;
    private boolean transactional;
    private boolean control;
    private long deleteHorizonMs = RecordBatchFormat.NO_TIMESTAMP;

    private int count;
    private long baseTimestamp = RecordBatchFormat.NO_TIMESTAMP;
    private long maxTimestamp = RecordBatchFormat.NO_TIMESTAMP;
    private int lastOffsetDelta = -1;

    /** The offset of the batch's start; before the first record. */
    public RecordBatchBuilder baseOffset(long offset) {
        requireEmpty();
        this.baseOffset = offset;
        return this;
    }

    public RecordBatchBuilder partitionLeaderEpoch(int epoch) {
        this.leaderEpoch = epoch;
        return this;
    }

    public RecordBatchBuilder producer(long id, short epoch, int firstSequence) {
        this.producerId = id;
        this.producerEpoch = epoch;
        this.baseSequence = firstSequence;
        return this;
    }

    public RecordBatchBuilder compression(CompressionType type) {
        this.compression = type;
        return this;
    }

    /** LogAppendTime: every record counts as appended at the largest timestamp given. */
    public RecordBatchBuilder timestampType(TimestampType type) {
        this.timestampType = type;
        return this;
    }

    public RecordBatchBuilder transactional(boolean value) {
        this.transactional = value;
        return this;
    }

    public RecordBatchBuilder control(boolean value) {
        this.control = value;
        return this;
    }

    /** Marks the time after which tombstones of this batch may go (KIP-534); before the first record. */
    public RecordBatchBuilder deleteHorizon(long timestampMs) {
        requireEmpty();
        this.deleteHorizonMs = timestampMs;
        this.baseTimestamp = timestampMs;
        return this;
    }

    private void requireEmpty() {
        if (count > 0) {
            throw new IllegalStateException("the batch has records already");
        }
    }

    public RecordBatchBuilder append(@Nullable ByteBuffer key, @Nullable ByteBuffer value, long timestampMs) {
        return append(key, value, List.of(), timestampMs);
    }

    public RecordBatchBuilder append(
            @Nullable ByteBuffer key, @Nullable ByteBuffer value, List<RecordHeader> headers, long timestampMs) {
        return appendAt(baseOffset + lastOffsetDelta + 1, key, value, headers, timestampMs);
    }

    /** Appends a record at an offset of its own, which must be above the last one's: compaction leaves gaps. */
    public RecordBatchBuilder appendAt(
            long offset,
            @Nullable ByteBuffer key,
            @Nullable ByteBuffer value,
            List<RecordHeader> headers,
            long timestampMs) {
        int delta = Math.toIntExact(offset - baseOffset);
        if (delta <= lastOffsetDelta) {
            throw new IllegalArgumentException("offset " + offset + " is not above " + (baseOffset + lastOffsetDelta));
        }
        if (count == 0 && deleteHorizonMs == RecordBatchFormat.NO_TIMESTAMP) {
            baseTimestamp = timestampMs;
        }
        long timestampDelta = timestampMs - baseTimestamp;
        int size = 1 + Varints.sizeOfSigned(timestampDelta) + Varints.sizeOfSigned(delta);
        size += sizeOf(key) + sizeOf(value) + Varints.sizeOfSigned(headers.size());
        for (RecordHeader header : headers) {
            int keyBytes = header.key().getBytes(StandardCharsets.UTF_8).length;
            size += Varints.sizeOfSigned(keyBytes) + keyBytes + sizeOf(header.value());
        }
        reserve(size + Varints.MAX_INT_BYTES);
        Varints.putSigned(body, size);
        body.put((byte) 0);
        Varints.putSigned(body, timestampDelta);
        Varints.putSigned(body, delta);
        put(key);
        put(value);
        Varints.putSigned(body, headers.size());
        for (RecordHeader header : headers) {
            put(ByteBuffer.wrap(header.key().getBytes(StandardCharsets.UTF_8)));
            put(header.value());
        }
        count++;
        lastOffsetDelta = delta;
        maxTimestamp = Math.max(maxTimestamp, timestampMs);
        return this;
    }

    /** Lets the batch end at a later offset than its last record: what compaction keeps of one whose end it removed. */
    public RecordBatchBuilder lastOffset(long offset) {
        int delta = Math.toIntExact(offset - baseOffset);
        if (delta < lastOffsetDelta) {
            throw new IllegalArgumentException("offset " + offset + " is below " + (baseOffset + lastOffsetDelta));
        }
        this.lastOffsetDelta = delta;
        return this;
    }

    public int recordCount() {
        return count;
    }

    /** The size of the batch so far, before compression. */
    public int sizeInBytes() {
        return RecordBatchFormat.HEADER_BYTES + body.position();
    }

    /** The batch, ready to be read, with its CRC. The builder must not be used again. */
    public ByteBuffer build() {
        ByteBuffer payload = body.flip();
        if (compression != CompressionType.NONE) {
            payload = compression.compress(payload);
        }
        int size = Math.addExact(RecordBatchFormat.HEADER_BYTES, payload.remaining());
        ByteBuffer batch = ByteBuffer.allocate(size);
        batch.putLong(baseOffset).putInt(size - RecordBatchFormat.LOG_OVERHEAD).putInt(leaderEpoch);
        batch.put(RecordBatchFormat.MAGIC_V2).putInt(0).putShort(attributes());
        batch.putInt(lastOffsetDelta).putLong(baseTimestamp).putLong(maxTimestamp);
        batch.putLong(producerId).putShort(producerEpoch).putInt(baseSequence).putInt(count);
        batch.put(payload).flip();
        new RecordBatchView().wrap(batch, 0).rewriteCrc();
        return batch;
    }

    private short attributes() {
        int bits = compression.id();
        bits |= timestampType == TimestampType.LOG_APPEND_TIME ? RecordBatchFormat.TIMESTAMP_TYPE_MASK : 0;
        bits |= transactional ? RecordBatchFormat.TRANSACTIONAL_MASK : 0;
        bits |= control ? RecordBatchFormat.CONTROL_MASK : 0;
        bits |= deleteHorizonMs != RecordBatchFormat.NO_TIMESTAMP ? RecordBatchFormat.DELETE_HORIZON_MASK : 0;
        return (short) bits;
    }

    private static int sizeOf(@Nullable ByteBuffer bytes) {
        return bytes == null ? Varints.sizeOfSigned(-1) : Varints.sizeOfSigned(bytes.remaining()) + bytes.remaining();
    }

    private void put(@Nullable ByteBuffer bytes) {
        if (bytes == null) {
            Varints.putSigned(body, -1);
        } else {
            Varints.putSigned(body, bytes.remaining());
            body.put(bytes.duplicate());
        }
    }

    private void reserve(int bytes) {
        if (body.remaining() < bytes) {
            int capacity = Math.max(Math.addExact(body.position(), bytes), (int)
                    Math.min(2L * body.capacity(), Integer.MAX_VALUE - 8L));
            body = ByteBuffer.allocate(capacity).put(body.flip());
        }
    }
}
