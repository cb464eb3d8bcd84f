package io.sluice.protocol;

import io.sluice.base.Uuid;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads protocol values from a borrowed big-endian buffer, from its position to its limit, which it leaves untouched.
 *
 * <p>Every length is compared with the bytes that remain before anything is allocated. Input that is wrong in any way, and only that,
 * gives a {@link MalformedMessageException} that names the field. For one thread; can be reused by {@link #reset}.
 */
public final class MessageReader {
    public static final byte[] EMPTY_BYTES = new byte[0];
    public static final ByteBuffer EMPTY_BUFFER = ByteBuffer.allocate(0).asReadOnlyBuffer();

    private static final int INITIAL_CAPACITY_MAX = 256;
    private static final int STRING_BYTES_MAX = Short.MAX_VALUE;

    private ByteBuffer buffer;
    private int position;
    private int limit;

    public MessageReader(ByteBuffer buffer) {
        this.buffer = buffer;
        reset(buffer);
    }

    /** Starts over with another buffer. */
    public void reset(ByteBuffer next) {
        if (next.order() != ByteOrder.BIG_ENDIAN) {
            throw new IllegalArgumentException("the buffer is not big-endian");
        }
        this.buffer = next;
        this.position = next.position();
        this.limit = next.limit();
    }

    public int position() {
        return position;
    }

    public int remaining() {
        return limit - position;
    }

    /** How large to make a list of {@code count} elements at first: a count is only a claim. */
    public static int initialCapacity(int count) {
        return Math.min(count, INITIAL_CAPACITY_MAX);
    }

    /** What {@code toString} shows of bytes. */
    public static String describe(byte @Nullable [] bytes) {
        return bytes == null ? "null" : "byte[" + bytes.length + "]";
    }

    private int take(int bytes, String field) {
        int at = position;
        if (bytes > limit - at) {
            throw truncated(bytes, field);
        }
        position = at + bytes;
        return at;
    }

    private MalformedMessageException truncated(int bytes, String field) {
        return new MalformedMessageException(field + " needs " + bytes + " bytes, but " + remaining() + " remain");
    }

    public boolean readBool(String field) {
        return buffer.get(take(1, field)) != 0;
    }

    public byte readInt8(String field) {
        return buffer.get(take(1, field));
    }

    public short readInt16(String field) {
        return buffer.getShort(take(2, field));
    }

    public int readUint16(String field) {
        return buffer.getShort(take(2, field)) & 0xffff;
    }

    public int readInt32(String field) {
        return buffer.getInt(take(4, field));
    }

    public long readUint32(String field) {
        return buffer.getInt(take(4, field)) & 0xffffffffL;
    }

    public long readInt64(String field) {
        return buffer.getLong(take(8, field));
    }

    public double readFloat64(String field) {
        return buffer.getDouble(take(8, field));
    }

    public Uuid readUuid(String field) {
        int at = take(16, field);
        long high = buffer.getLong(at);
        long low = buffer.getLong(at + 8);
        return (high | low) == 0L ? Uuid.ZERO : new Uuid(high, low);
    }

    /** An unsigned varint of at most 32 bits; values past the largest int come out negative. */
    public int readUnsignedVarint(String field) {
        int at = position;
        if (at < limit) {
            byte first = buffer.get(at);
            if (first >= 0) {
                position = at + 1;
                return first;
            }
        }
        return readLongUnsignedVarint(field);
    }

    private int readLongUnsignedVarint(String field) {
        int value = 0;
        for (int shift = 0; shift <= 28; shift += 7) {
            byte next = readInt8(field);
            value |= (next & 0x7f) << shift;
            if (next >= 0) {
                if (shift == 28 && (next & 0x70) != 0) {
                    throw new MalformedMessageException(field + " is a varint of more than 32 bits");
                }
                return value;
            }
        }
        throw new MalformedMessageException(field + " is a varint of more than 5 bytes");
    }

    /** A zig-zag varint of at most 32 bits. */
    public int readVarint(String field) {
        int raw = readUnsignedVarint(field);
        return (raw >>> 1) ^ -(raw & 1);
    }

    /** A zig-zag varint of at most 64 bits. */
    public long readVarlong(String field) {
        long value = 0L;
        for (int shift = 0; shift <= 63; shift += 7) {
            byte next = readInt8(field);
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                if (shift == 63 && next > 1) {
                    throw new MalformedMessageException(field + " is a varint of more than 64 bits");
                }
                return (value >>> 1) ^ -(value & 1L);
            }
        }
        throw new MalformedMessageException(field + " is a varint of more than 10 bytes");
    }

    /** The length of a value; negative stands for null. A compact length is an unsigned varint, one more than the length. */
    private int readLength(boolean compact, String field) {
        if (!compact) {
            return readInt32(field);
        }
        int plusOne = readUnsignedVarint(field);
        if (plusOne < 0) {
            throw new MalformedMessageException(field + " has a length past 2^31");
        }
        return plusOne - 1;
    }

    private static MalformedMessageException unexpectedNull(String field) {
        return new MalformedMessageException(field + " is null, which its schema does not allow");
    }

    public String readString(boolean compact, String field) {
        String value = readNullableString(compact, field);
        if (value == null) {
            throw unexpectedNull(field);
        }
        return value;
    }

    public @Nullable String readNullableString(boolean compact, String field) {
        int length = compact ? readLength(true, field) : readInt16(field);
        if (length <= 0) {
            return length < 0 ? null : "";
        }
        if (length > STRING_BYTES_MAX) {
            throw new MalformedMessageException(field + " is a string of " + length + " bytes");
        }
        int at = take(length, field);
        if (buffer.hasArray()) {
            return new String(buffer.array(), buffer.arrayOffset() + at, length, StandardCharsets.UTF_8);
        }
        byte[] bytes = new byte[length];
        buffer.get(at, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    public byte[] readBytes(boolean compact, String field) {
        byte[] value = readNullableBytes(compact, field);
        if (value == null) {
            throw unexpectedNull(field);
        }
        return value;
    }

    public byte @Nullable [] readNullableBytes(boolean compact, String field) {
        int length = readLength(compact, field);
        if (length <= 0) {
            return length < 0 ? null : EMPTY_BYTES;
        }
        int at = take(length, field);
        byte[] bytes = new byte[length];
        buffer.get(at, bytes);
        return bytes;
    }

    /** A slice of the input; not a copy. */
    public ByteBuffer readBuffer(boolean compact, String field) {
        ByteBuffer value = readNullableBuffer(compact, field);
        if (value == null) {
            throw unexpectedNull(field);
        }
        return value;
    }

    public @Nullable ByteBuffer readNullableBuffer(boolean compact, String field) {
        int length = readLength(compact, field);
        return length < 0 ? null : buffer.slice(take(length, field), length);
    }

    /** Record batches of a known length as a slice of the input; not a copy. */
    public Records readRecords(int length) {
        if (length < 0) {
            throw new MalformedMessageException("records of " + length + " bytes");
        }
        return new ByteBufferRecords(buffer.slice(take(length, "records"), length));
    }

    public Records readRecords(boolean compact, String field) {
        Records value = readNullableRecords(compact, field);
        if (value == null) {
            throw unexpectedNull(field);
        }
        return value;
    }

    public @Nullable Records readNullableRecords(boolean compact, String field) {
        ByteBuffer slice = readNullableBuffer(compact, field);
        return slice == null ? null : new ByteBufferRecords(slice);
    }

    /**
     * The number of elements that follow, never more than the bytes that remain (an element has at least one).
     *
     * @return -1 for null, where that is allowed
     */
    public int readArrayCount(boolean compact, boolean nullable, String field) {
        int count = readLength(compact, field);
        if (count < 0) {
            if (!nullable) {
                throw unexpectedNull(field);
            }
            return -1;
        }
        if (count > remaining()) {
            throw new MalformedMessageException(
                    field + " claims " + count + " elements, but " + remaining() + " bytes remain");
        }
        return count;
    }

    /** Whether a nullable structure follows. */
    public boolean readPresence(String field) {
        return readInt8(field) >= 0;
    }

    /** Whether a nullable structure follows in a tagged field, where it is said in another way. */
    public boolean readTaggedPresence(String field) {
        return readUnsignedVarint(field) > 0;
    }

    public int readTagCount() {
        int count = readUnsignedVarint("tagged fields");
        if (count < 0 || count > remaining()) {
            throw new MalformedMessageException("tagged fields: " + Integer.toUnsignedString(count)
                    + " are claimed, but " + remaining() + " bytes remain");
        }
        return count;
    }

    /** Reads a tagged field's size and gives the position where it ends. */
    public int readTagEnd() {
        int size = readUnsignedVarint("size of a tagged field");
        if (size < 0 || size > remaining()) {
            throw new MalformedMessageException("a tagged field claims " + Integer.toUnsignedString(size)
                    + " bytes, but " + remaining() + " remain");
        }
        return position + size;
    }

    public void finishTag(int end) {
        if (position != end) {
            throw new MalformedMessageException("a tagged field has " + (end - position) + " bytes beyond its value");
        }
    }

    /** Keeps a tagged field that the schema does not know. */
    public List<RawTaggedField> readUnknownTag(@Nullable List<RawTaggedField> known, int tag, int end) {
        List<RawTaggedField> fields = known == null ? new ArrayList<>(1) : known;
        byte[] data = new byte[end - position];
        buffer.get(position, data);
        position = end;
        fields.add(new RawTaggedField(tag, data));
        return fields;
    }
}
