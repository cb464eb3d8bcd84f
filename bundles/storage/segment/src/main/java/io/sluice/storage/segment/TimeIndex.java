package io.sluice.storage.segment;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * How a segment's timestamps rise: entries of the largest timestamp so far (8 bytes) and the offset, relative to the segment's, of the
 * batch that has it (4 bytes). Kafka's {@code .timeindex} format. Kept like {@link OffsetIndex}.
 */
final class TimeIndex {
    static final int ENTRY_BYTES = 12;
    private static final int INITIAL_ENTRIES = 16;

    private final Path file;
    private final long baseOffset;

    private volatile Entries entries = new Entries(0);
    private volatile int count;
    private volatile boolean resident;
    /** How many entries the file has; -1 when there is no file. */
    private volatile int persisted = -1;

    private static final class Entries {
        final long[] timestamps;
        final int[] offsets;

        Entries(int capacity) {
            this(new long[capacity], new int[capacity]);
        }

        Entries(long[] timestamps, int[] offsets) {
            this.timestamps = timestamps;
            this.offsets = offsets;
        }

        Entries grown(int capacity) {
            return new Entries(Arrays.copyOf(timestamps, capacity), Arrays.copyOf(offsets, capacity));
        }
    }

    private TimeIndex(Path file, long baseOffset, boolean resident) {
        this.file = file;
        this.baseOffset = baseOffset;
        this.resident = resident;
    }

    Path path() {
        return file;
    }

    static TimeIndex empty(Path file, long baseOffset) {
        return new TimeIndex(file, baseOffset, true);
    }

    static TimeIndex onFile(Path file, long baseOffset) {
        return new TimeIndex(file, baseOffset, false);
    }

    /** Brings the entries into memory, if they are not there: the writer does before it appends. */
    void load() throws IOException {
        if (!resident) {
            read();
        }
    }

    private synchronized void read() throws IOException {
        if (resident) {
            return;
        }
        ByteBuffer bytes = IndexFile.read(file);
        int found = bytes == null ? 0 : bytes.remaining() / ENTRY_BYTES;
        Entries loaded = new Entries(found);
        int valid = 0;
        for (int i = 0; i < found && bytes != null; i++) {
            loaded.timestamps[i] = bytes.getLong();
            loaded.offsets[i] = bytes.getInt();
            boolean rises = i == 0
                    || (loaded.timestamps[i] >= loaded.timestamps[i - 1] && loaded.offsets[i] > loaded.offsets[i - 1]);
            if (!rises) {
                break;
            }
            valid++;
        }
        entries = loaded;
        count = valid;
        persisted = bytes == null ? -1 : valid;
        resident = true;
    }

    /** Takes in a maximum, unless it is no larger than the last. */
    void append(long timestampMs, long offset) {
        int at = count;
        Entries now = entries;
        if (timestampMs < 0L || (at > 0 && timestampMs <= now.timestamps[at - 1])) {
            return;
        }
        if (at == now.offsets.length) {
            now = now.grown(Math.max(INITIAL_ENTRIES, 2 * at));
            entries = now;
        }
        now.timestamps[at] = timestampMs;
        now.offsets[at] = (int) (offset - baseOffset);
        count = at + 1;
    }

    int entryCount() throws IOException {
        load();
        return count;
    }

    /** What an entry says: the largest timestamp up to its offset. */
    long timestampAt(int entry) throws IOException {
        load();
        return entries.timestamps[entry];
    }

    long offsetAt(int entry) throws IOException {
        load();
        return baseOffset + entries.offsets[entry];
    }

    boolean isFull(int maxBytes) {
        return count >= maxBytes / ENTRY_BYTES - 1;
    }

    /** The largest timestamp that is indexed; -1 when there is none. */
    long lastTimestamp() throws IOException {
        load();
        return count == 0 ? -1L : entries.timestamps[count - 1];
    }

    /** The offset of {@link #lastTimestamp}; the segment's when there is none. */
    long lastOffset() throws IOException {
        load();
        return baseOffset + (count == 0 ? 0 : entries.offsets[count - 1]);
    }

    /** An offset below which every record of the segment is older than the timestamp. */
    long floorOfTimestamp(long timestampMs) throws IOException {
        load();
        int high = count - 1;
        Entries now = entries;
        high = Math.min(high, now.offsets.length - 1);
        int low = 0;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (now.timestamps[middle] < timestampMs) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return baseOffset + (high < 0 ? 0 : now.offsets[high]);
    }

    /** Removes the entries at or above the offset. */
    synchronized void truncateToOffset(long offset) throws IOException {
        load();
        int left = count;
        while (left > 0 && baseOffset + entries.offsets[left - 1] >= offset) {
            left--;
        }
        if (left < count) {
            count = left;
            if (persisted > left) {
                persisted = left;
                IndexFile.write(file, (long) left * ENTRY_BYTES, ByteBuffer.allocate(0));
            }
        }
    }

    long sizeInBytes() throws IOException {
        load();
        return (long) count * ENTRY_BYTES;
    }

    /** Whether there are entries that the file does not have. */
    boolean isDirty() {
        return resident && persisted != count;
    }

    /** Writes the entries that are not in the file yet. */
    synchronized void persist() throws IOException {
        int to = count;
        int from = Math.max(0, persisted);
        if (!resident || to == persisted) {
            return;
        }
        ByteBuffer bytes = ByteBuffer.allocate((to - from) * ENTRY_BYTES);
        Entries now = entries;
        for (int i = from; i < to; i++) {
            bytes.putLong(now.timestamps[i]).putInt(now.offsets[i]);
        }
        IndexFile.write(file, (long) from * ENTRY_BYTES, bytes.flip());
        persisted = to;
    }

    synchronized void evict() {
        if (resident && persisted == count) {
            resident = false;
            count = 0;
            entries = new Entries(0);
        }
    }
}
