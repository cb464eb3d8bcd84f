package io.sluice.storage.segment;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Where some of a segment's batches lie: entries of the offset (relative to the segment's, 4 bytes) of a batch's last record and of the
 * batch's position (4 bytes), both rising. Kafka's {@code .index} format.
 *
 * <p>The entries are in memory while they are used; {@link #persist} writes what is new, {@link #evict} lets them go, and a look-up
 * brings them back. One writer; look-ups from any thread.
 */
final class OffsetIndex {
    static final int ENTRY_BYTES = 8;
    private static final int INITIAL_ENTRIES = 16;

    private final Path file;
    private final long baseOffset;

    private volatile int[] entries;
    private volatile int count;
    private volatile boolean resident;
    /** How many entries the file has; -1 when there is no file. */
    private volatile int persisted = -1;

    private OffsetIndex(Path file, long baseOffset, boolean resident) {
        this.file = file;
        this.baseOffset = baseOffset;
        this.entries = new int[0];
        this.resident = resident;
    }

    Path path() {
        return file;
    }

    /** An index without entries whose file, if there is one, is not looked at. */
    static OffsetIndex empty(Path file, long baseOffset) {
        return new OffsetIndex(file, baseOffset, true);
    }

    /** The index in a file, which is read when it is first needed. */
    static OffsetIndex onFile(Path file, long baseOffset) {
        return new OffsetIndex(file, baseOffset, false);
    }

    /** Brings the entries into memory, if they are not there: the writer does before it appends. */
    void load() throws IOException {
        if (!resident) {
            read();
        }
    }

    /** Whether a look-up needs no file. */
    boolean isResident() {
        return resident;
    }

    private synchronized void read() throws IOException {
        if (resident) {
            return;
        }
        ByteBuffer bytes = IndexFile.read(file);
        int found = bytes == null ? 0 : bytes.remaining() / ENTRY_BYTES;
        int[] loaded = new int[found * 2];
        if (bytes != null) {
            bytes.asIntBuffer().get(loaded);
        }
        int valid = validEntries(loaded, found);
        entries = loaded;
        count = valid;
        persisted = bytes == null ? -1 : valid;
        resident = true;
    }

    /** How many entries from the start rise; Kafka pads the index of an active segment with zeros. */
    private static int validEntries(int[] entries, int count) {
        int valid = 0;
        int offset = -1;
        int position = -1;
        while (valid < count && entries[2 * valid] > offset && entries[2 * valid + 1] > position) {
            offset = entries[2 * valid];
            position = entries[2 * valid + 1];
            valid++;
        }
        return valid;
    }

    void append(long offset, int position) {
        int at = count;
        int[] array = entries;
        if (2 * at == array.length) {
            array = Arrays.copyOf(array, Math.max(2 * INITIAL_ENTRIES, 4 * at));
            entries = array;
        }
        array[2 * at] = (int) (offset - baseOffset);
        array[2 * at + 1] = position;
        count = at + 1;
    }

    int count() throws IOException {
        load();
        return count;
    }

    /** What an entry says: the offset that the batch ends with. */
    long offsetAt(int entry) throws IOException {
        load();
        return baseOffset + entries[2 * entry];
    }

    /** What an entry says: where the batch begins. */
    int positionAt(int entry) throws IOException {
        load();
        return entries[2 * entry + 1];
    }

    boolean isFull(int maxBytes) {
        return count >= maxBytes / ENTRY_BYTES;
    }

    /** The position of the last indexed batch that ends at or below the offset; 0 when there is none. */
    int floorOfOffset(long offset) throws IOException {
        int relative = (int) Math.min(offset - baseOffset, Integer.MAX_VALUE);
        return floor(0, relative);
    }

    /** The position of the last indexed batch that begins at or below the position; 0 when there is none. */
    int floorOfPosition(int position) throws IOException {
        return floor(1, position);
    }

    /** The same from what is in memory. */
    int residentFloorOfOffset(long offset) {
        return residentFloor(0, (int) Math.min(offset - baseOffset, Integer.MAX_VALUE));
    }

    private int floor(int column, int wanted) throws IOException {
        load();
        return residentFloor(column, wanted);
    }

    private int residentFloor(int column, int wanted) {
        int high = count - 1;
        int[] array = entries;
        high = Math.min(high, array.length / 2 - 1);
        int low = 0;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (array[2 * middle + column] <= wanted) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high < 0 ? 0 : array[2 * high + 1];
    }

    /** The position of the last entry; 0 when there is none. */
    int lastPosition() throws IOException {
        load();
        return count == 0 ? 0 : entries[2 * count - 1];
    }

    /** Removes the entries of batches that begin at or above the position. */
    synchronized void truncateToPosition(int position) throws IOException {
        load();
        int left = count;
        while (left > 0 && entries[2 * left - 1] >= position) {
            left--;
        }
        truncate(left);
    }

    /** Removes the entries of batches that end at or above the offset. */
    synchronized void truncateToOffset(long offset) throws IOException {
        load();
        int left = count;
        while (left > 0 && baseOffset + entries[2 * left - 2] >= offset) {
            left--;
        }
        truncate(left);
    }

    private void truncate(int left) throws IOException {
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
        bytes.asIntBuffer().put(entries, 2 * from, 2 * (to - from));
        IndexFile.write(file, (long) from * ENTRY_BYTES, bytes);
        persisted = to;
    }

    /** Forgets the entries, if the file has them all. */
    synchronized void evict() {
        if (resident && persisted == count) {
            resident = false;
            count = 0;
            entries = new int[0];
        }
    }
}
