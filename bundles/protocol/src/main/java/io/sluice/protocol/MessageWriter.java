package io.sluice.protocol;

import io.sluice.base.Uuid;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes protocol values into a growing big-endian buffer; large record payloads stay where they are and become parts of their own.
 *
 * <p>For one thread. The initial buffer is the caller's and is written from its position on; when it proves too small the writer goes
 * on in a heap buffer of its own. The frame that {@link #finish} returns refers to that buffer and takes over the payloads; a writer that
 * is dropped before releases them by {@link #abandon}.
 */
public final class MessageWriter {
    /** In-memory payloads up to this size are copied between the other bytes: cheaper than a part of their own. */
    static final int INLINE_RECORDS_MAX = 4 * 1024;

    private static final int DEFAULT_CAPACITY = 512;
    private static final int NO_FRAME = -1;

    private ByteBuffer buffer;
    private final int start;
    private int frameStart = NO_FRAME;
    private @Nullable List<Payload> payloads;
    private @Nullable ErrorTally errors;

    private record Payload(int position, Records records) {}

    public MessageWriter() {
        this(ByteBuffer.allocate(DEFAULT_CAPACITY));
    }

    public MessageWriter(ByteBuffer initial) {
        if (initial.order() != ByteOrder.BIG_ENDIAN) {
            throw new IllegalArgumentException("the buffer is not big-endian");
        }
        this.buffer = initial;
        this.start = initial.position();
    }

    public static void checkUint16(int value, String field) {
        if ((value & 0xffff) != value) {
            throw new IllegalArgumentException(field + " is not an unsigned 16-bit value: " + value);
        }
    }

    public static void checkUint32(long value, String field) {
        if ((value & 0xffffffffL) != value) {
            throw new IllegalArgumentException(field + " is not an unsigned 32-bit value: " + value);
        }
    }

    /** Reserves the four bytes of the frame's size, which {@link #finishFrame} fills in. */
    public void beginFrame() {
        if (frameStart != NO_FRAME) {
            throw new IllegalStateException("a frame has begun already");
        }
        frameStart = buffer.position();
        writeInt32(0);
    }

    /** Fills in the size of the frame and hands over everything written. */
    public OutboundFrame finishFrame() {
        if (frameStart == NO_FRAME) {
            throw new IllegalStateException("no frame has begun");
        }
        long size = (long) buffer.position() - frameStart - Integer.BYTES + payloadBytes();
        if (size > Integer.MAX_VALUE) {
            throw new IllegalStateException("a frame of " + size + " bytes");
        }
        buffer.putInt(frameStart, (int) size);
        frameStart = NO_FRAME;
        return finish();
    }

    /** Hands over everything written. The writer must not be used again. */
    public OutboundFrame finish() {
        if (payloads == null) {
            return new OutboundFrame(
                    List.of(new OutboundPart.Bytes(view(start, buffer.position()))), buffer.position() - start);
        }
        long total = buffer.position() - start + payloadBytes();
        List<OutboundPart> parts = new ArrayList<>(2 * payloads.size() + 1);
        int from = start;
        for (Payload payload : payloads) {
            if (payload.position > from) {
                parts.add(new OutboundPart.Bytes(view(from, payload.position)));
                from = payload.position;
            }
            parts.add(new OutboundPart.Payload(payload.records));
        }
        if (buffer.position() > from) {
            parts.add(new OutboundPart.Bytes(view(from, buffer.position())));
        }
        payloads = null;
        return new OutboundFrame(parts, total);
    }

    /** Releases the payloads taken so far; for a writer that failed half way. */
    public void abandon() {
        if (payloads != null) {
            payloads.forEach(payload -> payload.records.release());
            payloads = null;
        }
    }

    /** The buffer written to, which may not be the initial one. */
    public ByteBuffer buffer() {
        return buffer;
    }

    /** Bytes written so far, payloads included. */
    public long sizeInBytes() {
        return buffer.position() - start + payloadBytes();
    }

    private ByteBuffer view(int from, int to) {
        return buffer.duplicate().position(from).limit(to);
    }

    private long payloadBytes() {
        long bytes = 0L;
        if (payloads != null) {
            for (int i = 0; i < payloads.size(); i++) {
                bytes += payloads.get(i).records.sizeInBytes();
            }
        }
        return bytes;
    }

    private ByteBuffer room(int bytes) {
        if (buffer.remaining() < bytes) {
            grow(bytes);
        }
        return buffer;
    }

    private void grow(int bytes) {
        long needed = (long) buffer.position() + bytes;
        if (needed > Integer.MAX_VALUE - 8) {
            throw new IllegalStateException("a message of more than 2 GiB");
        }
        long doubled = Math.min(Math.max(needed, 2L * buffer.capacity()), Integer.MAX_VALUE - 8);
        ByteBuffer larger = ByteBuffer.allocate((int) doubled);
        larger.put(buffer.flip());
        buffer = larger;
    }

    public void writeBool(boolean value) {
        room(1).put((byte) (value ? 1 : 0));
    }

    public void writeInt8(byte value) {
        room(1).put(value);
    }

    public void writeInt16(short value) {
        room(2).putShort(value);
    }

    /** A field that says how something ended: errors are tallied. */
    public void writeErrorCode(short code) {
        if (code != 0) {
            ErrorTally tally = errors;
            if (tally == null) {
                tally = new ErrorTally();
                errors = tally;
            }
            tally.add(code);
        }
        writeInt16(code);
    }

    /** The errors that were written; null when there were none. */
    public @Nullable ErrorTally errors() {
        return errors;
    }

    public void writeUint16(int value) {
        room(2).putShort((short) value);
    }

    public void writeInt32(int value) {
        room(4).putInt(value);
    }

    public void writeUint32(long value) {
        room(4).putInt((int) value);
    }

    public void writeInt64(long value) {
        room(8).putLong(value);
    }

    public void writeFloat64(double value) {
        room(8).putDouble(value);
    }

    public void writeUuid(Uuid value) {
        room(16).putLong(value.mostSignificantBits()).putLong(value.leastSignificantBits());
    }

    public void writeUnsignedVarint(int value) {
        Varints.putUnsigned(room(Varints.MAX_INT_BYTES), value);
    }

    public void writeVarint(int value) {
        Varints.putSigned(room(Varints.MAX_INT_BYTES), value);
    }

    public void writeVarlong(long value) {
        Varints.putSigned(room(Varints.MAX_LONG_BYTES), value);
    }

    private void writeLength(boolean compact, int length) {
        if (compact) {
            writeUnsignedVarint(length + 1);
        } else {
            writeInt32(length);
        }
    }

    /** The number of elements that follow, or -1 for null. */
    public void writeArrayCount(boolean compact, int count) {
        writeLength(compact, count);
    }

    public void writeNullableString(boolean compact, @Nullable String value, String field) {
        if (value != null) {
            writeString(compact, value, field);
        } else if (compact) {
            writeUnsignedVarint(0);
        } else {
            writeInt16((short) -1);
        }
    }

    public void writeString(boolean compact, String value, String field) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > Short.MAX_VALUE) {
            throw new IllegalArgumentException(field + " is a string of " + bytes.length + " bytes");
        }
        if (compact) {
            writeUnsignedVarint(bytes.length + 1);
        } else {
            writeInt16((short) bytes.length);
        }
        room(bytes.length).put(bytes);
    }

    public void writeNullableBytes(boolean compact, byte @Nullable [] value) {
        if (value == null) {
            writeLength(compact, -1);
        } else {
            writeBytes(compact, value);
        }
    }

    public void writeBytes(boolean compact, byte[] value) {
        writeLength(compact, value.length);
        room(value.length).put(value);
    }

    public void writeNullableBuffer(boolean compact, @Nullable ByteBuffer value) {
        if (value == null) {
            writeLength(compact, -1);
        } else {
            writeBuffer(compact, value);
        }
    }

    /** Copies the bytes between position and limit, which stay as they are. */
    public void writeBuffer(boolean compact, ByteBuffer value) {
        writeLength(compact, value.remaining());
        putRaw(value);
    }

    private void putRaw(ByteBuffer value) {
        int length = value.remaining();
        ByteBuffer target = room(length);
        target.put(target.position(), value, value.position(), length);
        target.position(target.position() + length);
    }

    public void writeNullableRecords(boolean compact, @Nullable Records value) {
        if (value == null) {
            writeLength(compact, -1);
        } else {
            writeRecords(compact, value);
        }
    }

    public void writeRecords(boolean compact, Records value) {
        writeLength(compact, value.sizeInBytes());
        writeRecords(value);
    }

    /** Record batches without a length: copied and released when small and in memory, else taken over as a part of their own. */
    public void writeRecords(Records value) {
        if (value instanceof ByteBufferRecords inMemory && inMemory.sizeInBytes() <= INLINE_RECORDS_MAX) {
            putRaw(inMemory.buffer());
            value.release();
        } else {
            if (payloads == null) {
                payloads = new ArrayList<>(4);
            }
            payloads.add(new Payload(buffer.position(), value));
        }
    }

    /** Starts a tagged field whose size is filled in by {@link #endTag}. */
    public int beginTag(int tag) {
        writeUnsignedVarint(tag);
        writeInt8((byte) 0);
        return buffer.position();
    }

    public void endTag(int mark) {
        int size = buffer.position() - mark;
        int extra = Varints.sizeOfUnsigned(size) - 1;
        if (extra > 0) {
            ByteBuffer target = room(extra);
            target.put(mark + extra, target.duplicate().clear(), mark, size);
            target.position(mark + extra + size);
        }
        Varints.putUnsigned(buffer.duplicate().position(mark - 1), size);
    }

    /** The whole section of tagged fields where the schema knows none. */
    public void writeUnknownTags(@Nullable List<RawTaggedField> fields) {
        if (fields == null || fields.isEmpty()) {
            writeInt8((byte) 0);
            return;
        }
        writeUnsignedVarint(fields.size());
        writeUnknownTagsFrom(fields, 0);
    }

    /** Writes those from an index on whose tag is below a known one, and gives the index of the first that is not. */
    public int writeUnknownTagsBelow(@Nullable List<RawTaggedField> fields, int from, int knownTag) {
        int next = from;
        while (fields != null && next < fields.size() && fields.get(next).tag() < knownTag) {
            writeUnknownTag(fields.get(next++));
        }
        if (fields != null && next < fields.size() && fields.get(next).tag() == knownTag) {
            throw new IllegalStateException("tag " + knownTag + " is set both by its field and among the unknown ones");
        }
        return next;
    }

    public void writeUnknownTagsFrom(@Nullable List<RawTaggedField> fields, int from) {
        for (int i = from; fields != null && i < fields.size(); i++) {
            writeUnknownTag(fields.get(i));
        }
    }

    private void writeUnknownTag(RawTaggedField field) {
        writeUnsignedVarint(field.tag());
        writeUnsignedVarint(field.data().length);
        room(field.data().length).put(field.data());
    }
}
