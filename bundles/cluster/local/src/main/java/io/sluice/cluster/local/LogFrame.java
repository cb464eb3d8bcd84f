package io.sluice.cluster.local;

import io.sluice.base.Crc32c;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one force to disk makes durable: all batches that waited for it, under one checksum, so that a crash leaves at most one
 * damaged frame and that one is the last.
 *
 * <pre>
 * length       int32   bytes after the checksum
 * checksum     int32   CRC-32C of the bytes after it
 * first offset int64
 * epoch        int32
 * batches      int32   then for each batch: records int32, and for each record: length int32, bytes
 * </pre>
 *
 * @param end the position after it
 */
record LogFrame(List<LogBatch> batches, int end) {
    static final int LENGTH_MAX = 256 << 20;

    private static final int PREFIX = 8;
    private static final int HEADER = 16;

    static ByteBuffer encode(long firstOffset, int epoch, List<List<ByteBuffer>> batches) {
        ByteBuffer frame = ByteBuffer.allocate(Math.toIntExact(size(batches)));
        frame.position(PREFIX);
        frame.putLong(firstOffset).putInt(epoch).putInt(batches.size());
        for (List<ByteBuffer> records : batches) {
            frame.putInt(records.size());
            for (ByteBuffer bytes : records) {
                frame.putInt(bytes.remaining()).put(bytes.duplicate());
            }
        }
        int length = frame.position() - PREFIX;
        frame.putInt(0, length);
        frame.putInt(Integer.BYTES, Crc32c.of(frame, PREFIX, length));
        return frame.flip();
    }

    /** Bytes of a frame with these batches. */
    static long size(List<List<ByteBuffer>> batches) {
        long size = PREFIX + HEADER;
        for (List<ByteBuffer> records : batches) {
            size += size(records, 0);
        }
        return size;
    }

    /** Bytes that a batch adds to what a frame has. */
    static long size(List<ByteBuffer> records, long before) {
        long size = before + Integer.BYTES;
        for (ByteBuffer bytes : records) {
            size += Integer.BYTES + bytes.remaining();
        }
        return size;
    }

    /** Whether a whole frame with a correct checksum begins here. */
    static boolean wholeAt(ByteBuffer file, int position) {
        if (file.limit() - position < PREFIX + HEADER) {
            return false;
        }
        int length = file.getInt(position);
        return length >= HEADER
                && length <= file.limit() - position - PREFIX
                && Crc32c.of(file, position + PREFIX, length) == file.getInt(position + Integer.BYTES);
    }

    /**
     * Whether any whole frame begins after the position. Only those are looked at whose offset can follow, because a record
     * takes more than one byte: else garbage would be summed up again and again.
     */
    static boolean anyWholeAfter(ByteBuffer file, int position, long offsetLeast) {
        long offsetMost = offsetLeast + file.limit();
        for (int at = position + 1; at <= file.limit() - PREFIX - HEADER; at++) {
            int length = file.getInt(at);
            if (length >= HEADER
                    && length <= file.limit() - at - PREFIX
                    && file.getLong(at + PREFIX) >= offsetLeast
                    && file.getLong(at + PREFIX) <= offsetMost
                    && wholeAt(file, at)) {
                return true;
            }
        }
        return false;
    }

    static long firstOffset(ByteBuffer file, int position) {
        return file.getLong(position + PREFIX);
    }

    /** @return null when the content of a whole frame contradicts itself, which only a program could have written */
    static @Nullable LogFrame decode(ByteBuffer file, int position) {
        int end = position + PREFIX + file.getInt(position);
        ByteBuffer in = file.duplicate().position(position + PREFIX).limit(end);
        long offset = in.getLong();
        int epoch = in.getInt();
        int count = in.getInt();
        List<LogBatch> batches = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            List<ByteBuffer> records = records(in);
            if (records == null) {
                return null;
            }
            batches.add(new LogBatch(offset, epoch, records));
            offset += records.size();
        }
        return in.hasRemaining() || count <= 0 ? null : new LogFrame(batches, end);
    }

    private static @Nullable List<ByteBuffer> records(ByteBuffer in) {
        if (in.remaining() < Integer.BYTES) {
            return null;
        }
        int count = in.getInt();
        if (count <= 0 || count > in.remaining() / Integer.BYTES) {
            return null;
        }
        List<ByteBuffer> records = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int length = in.remaining() < Integer.BYTES ? -1 : in.getInt();
            if (length < 0 || length > in.remaining()) {
                return null;
            }
            records.add(in.slice(in.position(), length).asReadOnlyBuffer());
            in.position(in.position() + length);
        }
        return records;
    }
}
