package io.sluice.storage.memory;

import io.sluice.storage.api.BatchHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A stretch of a log in one array that grows, with the place of every batch. One writer; readers use the contents that are published
 * last. Bytes that were published are never overwritten, so that readers keep views of them.
 */
final class Chunk {
    private static final int INITIAL_BYTES = 1024;
    private static final int INITIAL_BATCHES = 8;

    private final long baseOffset;
    private volatile Contents contents;

    /**
     * @param ends the position after each batch
     * @param lastOffsets of each batch
     */
    record Contents(byte[] bytes, int count, int[] ends, long[] lastOffsets, long maxTimestamp) {
        int size() {
            return count == 0 ? 0 : ends[count - 1];
        }

        int startOf(int batch) {
            return batch == 0 ? 0 : ends[batch - 1];
        }

        /** The first batch with an offset at or above this one; {@code count} when there is none. */
        int find(long offset) {
            int found = Arrays.binarySearch(lastOffsets, 0, count, offset);
            return found >= 0 ? found : -found - 1;
        }

        ByteBuffer view(int start, int end) {
            return ByteBuffer.wrap(bytes, start, end - start).slice();
        }

        ByteBuffer batch(int index) {
            return view(startOf(index), ends[index]);
        }
    }

    Chunk(long baseOffset) {
        this(baseOffset, new Contents(new byte[0], 0, new int[0], new long[0], -1L));
    }

    private Chunk(long baseOffset, Contents contents) {
        this.baseOffset = baseOffset;
        this.contents = contents;
    }

    long baseOffset() {
        return baseOffset;
    }

    Contents contents() {
        return contents;
    }

    /** Appends batches; their bytes are copied. */
    void append(ByteBuffer batches, long maxTimestamp) {
        Contents now = contents;
        int size = now.size();
        int bytes = batches.remaining();
        byte[] array = now.bytes;
        if (array.length - size < bytes) {
            array = Arrays.copyOf(array, Math.max(Math.max(INITIAL_BYTES, 2 * array.length), size + bytes));
        }
        batches.get(batches.position(), array, size, bytes);
        int[] ends = now.ends;
        long[] lasts = now.lastOffsets;
        int count = now.count;
        int end = batches.limit();
        for (int at = batches.position(); at < end; at += BatchHeader.sizeInBytes(batches, at)) {
            if (count == ends.length) {
                ends = Arrays.copyOf(ends, Math.max(INITIAL_BATCHES, 2 * count));
                lasts = Arrays.copyOf(lasts, ends.length);
            }
            ends[count] = size + (at - batches.position()) + BatchHeader.sizeInBytes(batches, at);
            lasts[count] = BatchHeader.lastOffset(batches, at);
            count++;
        }
        contents = new Contents(array, count, ends, lasts, Math.max(now.maxTimestamp, maxTimestamp));
    }

    /** The first of its batches in an array of their own. */
    Chunk head(int batches) {
        Contents now = contents;
        int size = batches == 0 ? 0 : now.ends[batches - 1];
        long newest = -1L;
        for (int i = 0; i < batches; i++) {
            newest = Math.max(newest, BatchHeader.maxTimestamp(now.batch(i), 0));
        }
        return new Chunk(
                baseOffset,
                new Contents(
                        Arrays.copyOf(now.bytes, size),
                        batches,
                        Arrays.copyOf(now.ends, batches),
                        Arrays.copyOf(now.lastOffsets, batches),
                        newest));
    }

    /** For the next holder, in types of the JDK only. */
    Map<String, Object> handOver() {
        Contents now = contents;
        Map<String, Object> map = new HashMap<>();
        map.put("base", baseOffset);
        map.put("bytes", now.bytes);
        map.put("ends", Arrays.copyOf(now.ends, now.count));
        map.put("lastOffsets", Arrays.copyOf(now.lastOffsets, now.count));
        map.put("maxTimestamp", now.maxTimestamp);
        return map;
    }

    static Chunk takeOver(Map<?, ?> map) throws IOException {
        int[] ends = HandedOver.part(map, "ends", int[].class);
        return new Chunk(
                HandedOver.part(map, "base", Long.class),
                new Contents(
                        HandedOver.part(map, "bytes", byte[].class),
                        ends.length,
                        ends,
                        HandedOver.part(map, "lastOffsets", long[].class),
                        HandedOver.part(map, "maxTimestamp", Long.class)));
    }

    static long sizeOf(List<Chunk> chunks) {
        long bytes = 0L;
        for (Chunk chunk : chunks) {
            bytes += chunk.contents.size();
        }
        return bytes;
    }
}
