package io.sluice.protocol.record;

import io.sluice.protocol.MalformedMessageException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads the records of one batch where they lie, without an object for each. Reusable; for one thread; borrows the buffer.
 *
 * <p>Each record is checked whole by {@link #next}: lengths that lie, headers that do not fit, fewer or more records than the batch
 * says, and bytes left over all give a {@link MalformedMessageException}.
 */
public final class RecordReader {
    private ByteBuffer buffer = ByteBuffer.allocate(0);
    private int position;
    private int end;
    private int recordsLeft;
    private long baseOffset;
    private long baseTimestamp;
    private long logAppendTimeMs;
    private boolean logAppendTime;

    private int recordStart;
    private int recordEnd;
    private int offsetDelta;
    private long timestampDelta;
    private int keyPosition;
    private int keyLength;
    private int valuePosition;
    private int valueLength;
    private int headersPosition;
    private int headerCount;

    /** Begins with the records of an uncompressed batch. */
    public RecordReader reset(RecordBatchView batch) {
        int from = batch.position() + RecordBatchFormat.HEADER_BYTES;
        return reset(batch, batch.buffer(), from, batch.position() + batch.sizeInBytes());
    }

    /** Begins with the records of a batch whose payload has been decompressed into another buffer, between position and limit. */
    public RecordReader reset(RecordBatchView batch, ByteBuffer decompressed) {
        return reset(batch, decompressed, decompressed.position(), decompressed.limit());
    }

    private RecordReader reset(RecordBatchView batch, ByteBuffer bytes, int from, int to) {
        this.buffer = bytes;
        this.position = from;
        this.end = to;
        this.recordsLeft = batch.recordCount();
        if (recordsLeft < 0) {
            throw new MalformedMessageException("a batch of " + recordsLeft + " records");
        }
        this.baseOffset = batch.baseOffset();
        this.baseTimestamp = batch.baseTimestamp();
        this.logAppendTimeMs = batch.maxTimestamp();
        this.logAppendTime = batch.timestampType() == TimestampType.LOG_APPEND_TIME;
        return this;
    }

    /** Steps to the next record and checks it; false after the last. */
    public boolean next() {
        if (recordsLeft == 0) {
            if (position != end) {
                throw new MalformedMessageException(
                        (end - position) + " bytes are left after the last record of a batch");
            }
            return false;
        }
        recordsLeft--;
        recordStart = position;
        recordEnd = end;
        int length = readVarint();
        if (length < 0 || length > end - position) {
            throw new MalformedMessageException(
                    "a record claims " + length + " bytes, but " + (end - position) + " remain");
        }
        recordEnd = position + length;
        readByte();
        timestampDelta = readVarlong();
        offsetDelta = readVarint();
        keyLength = readSize();
        keyPosition = position;
        skip(keyLength);
        valueLength = readSize();
        valuePosition = position;
        skip(valueLength);
        headerCount = readVarint();
        headersPosition = position;
        checkHeaders();
        if (position != recordEnd) {
            throw new MalformedMessageException("a record has " + (recordEnd - position) + " bytes beyond its content");
        }
        return true;
    }

    private void checkHeaders() {
        if (headerCount < 0 || headerCount > recordEnd - position) {
            throw new MalformedMessageException("a record claims " + headerCount + " headers");
        }
        for (int i = 0; i < headerCount; i++) {
            int keySize = readVarint();
            if (keySize < 0) {
                throw new MalformedMessageException("a header's key has " + keySize + " bytes");
            }
            skip(keySize);
            skip(readSize());
        }
    }

    private byte readByte() {
        if (position >= recordEnd) {
            throw new MalformedMessageException("a record is cut off");
        }
        return buffer.get(position++);
    }

    private int readVarint() {
        int raw = readByte();
        if (raw < 0) {
            raw &= 0x7f;
            for (int shift = 7; ; shift += 7) {
                byte next = readByte();
                raw |= (next & 0x7f) << shift;
                if (next >= 0) {
                    break;
                }
                if (shift == 28) {
                    throw new MalformedMessageException("a record has a varint of more than 5 bytes");
                }
            }
        }
        return (raw >>> 1) ^ -(raw & 1);
    }

    private long readVarlong() {
        long raw = readByte();
        if (raw < 0L) {
            raw &= 0x7fL;
            for (int shift = 7; ; shift += 7) {
                byte next = readByte();
                raw |= (long) (next & 0x7f) << shift;
                if (next >= 0) {
                    break;
                }
                if (shift == 63) {
                    throw new MalformedMessageException("a record has a varint of more than 10 bytes");
                }
            }
        }
        return (raw >>> 1) ^ -(raw & 1L);
    }

    /** A length where everything negative means null. */
    private int readSize() {
        return Math.max(-1, readVarint());
    }

    private void skip(int bytes) {
        if (bytes > recordEnd - position) {
            throw new MalformedMessageException(
                    "a record's content passes its end by " + (bytes - (recordEnd - position)));
        }
        position += Math.max(0, bytes);
    }

    public int offsetDelta() {
        return offsetDelta;
    }

    public long offset() {
        return baseOffset + offsetDelta;
    }

    /** The record's timestamp, which is the batch's own under LogAppendTime. */
    public long timestamp() {
        return logAppendTime ? logAppendTimeMs : baseTimestamp + timestampDelta;
    }

    /** The record with its length prefix, within {@link #buffer}. */
    public int recordPosition() {
        return recordStart;
    }

    public int recordSizeInBytes() {
        return recordEnd - recordStart;
    }

    public ByteBuffer buffer() {
        return buffer;
    }

    public boolean hasKey() {
        return keyLength >= 0;
    }

    public boolean hasValue() {
        return valueLength >= 0;
    }

    public int keyPosition() {
        return keyPosition;
    }

    /** -1 for a null key. */
    public int keyLength() {
        return keyLength;
    }

    public int valuePosition() {
        return valuePosition;
    }

    /** -1 for a null value. */
    public int valueLength() {
        return valueLength;
    }

    /** The key as a slice, or null. */
    public @Nullable ByteBuffer key() {
        return keyLength < 0 ? null : buffer.slice(keyPosition, keyLength);
    }

    /** The value as a slice, or null. */
    public @Nullable ByteBuffer value() {
        return valueLength < 0 ? null : buffer.slice(valuePosition, valueLength);
    }

    public int headerCount() {
        return headerCount;
    }

    /** The headers of this record, which {@link #next} has checked. Allocates. */
    public RecordHeader[] headers() {
        RecordHeader[] headers = new RecordHeader[headerCount];
        int after = position;
        position = headersPosition;
        for (int i = 0; i < headerCount; i++) {
            int keySize = readVarint();
            byte[] key = new byte[keySize];
            buffer.get(position, key);
            position += keySize;
            int valueSize = readSize();
            ByteBuffer value = valueSize < 0 ? null : buffer.slice(position, valueSize);
            position += Math.max(0, valueSize);
            headers[i] = new RecordHeader(new String(key, StandardCharsets.UTF_8), value);
        }
        position = after;
        return headers;
    }
}
