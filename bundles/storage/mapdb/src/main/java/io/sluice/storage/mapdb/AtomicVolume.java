package io.sluice.storage.mapdb;

import java.io.EOFException;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Objects;
import org.eclipse.collections.impl.map.mutable.primitive.LongObjectHashMap;
import org.mapdb.DBException;
import org.mapdb.DataInput2;
import org.mapdb.volume.Volume;

/**
 * The file of a MapDB store. What is written stays in memory, a block at a time, until {@link #sync}, which brings all of it into the file
 * or nothing, whenever a crash comes: MapDB's own store with transactions writes a log of its changes and does not read it when it opens
 * ({@code StoreWAL} of 3.1.0), so that a crash within a commit leaves a store that is half of each. What is not synced when it closes is
 * forgotten.
 *
 * <p>Readers may be at work beside each other, not beside a writer. What is pending takes heap for each block that has changed.
 */
final class AtomicVolume extends Volume {
    static final int BLOCK_BYTES = 4096;

    private static final int SLICE_BYTES = 1024 * 1024;

    private final Path path;
    private final FileChannel file;
    private final CommitFile commit;
    private final LongObjectHashMap<byte[]> changed = new LongObjectHashMap<>();
    /** How long the file is, and how long it will be with the next commit. */
    private long stored;

    private long length;

    private volatile boolean unusable;

    /** A commit is kept and not in the file yet. */
    private boolean decided;

    /** A new store counts from the first commit on that its owner asks for; MapDB makes one of half a store before. */
    private boolean whole;

    private AtomicVolume(Path path, FileChannel file, CommitFile commit) throws IOException {
        this.path = path;
        this.file = file;
        this.commit = commit;
        this.stored = file.size();
        this.length = stored;
        this.whole = stored > 0L;
    }

    /** Opens or makes the file, with the last commit in it. */
    static AtomicVolume open(Path path) throws IOException {
        FileChannel file =
                FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
        try {
            CommitFile commit = new CommitFile(path.resolveSibling(path.getFileName() + ".commit"));
            try {
                if (file.size() == 0L) {
                    syncNames(Objects.requireNonNull(path.getParent(), "a store lies in a folder"));
                }
                commit.bringInto(file);
                return new AtomicVolume(path, file, commit);
            } catch (IOException | RuntimeException e) {
                commit.close();
                throw e;
            }
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private static void syncNames(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Whether there is a store in the file. */
    boolean hasStore() {
        return stored > 0L;
    }

    /** What is in a new store is all that belongs to one: commits count from now on. */
    void isWhole() {
        whole = true;
    }

    @Override
    public void ensureAvailable(long offset) {
        length = Math.max(length, (offset + SLICE_BYTES - 1L) / SLICE_BYTES * SLICE_BYTES);
    }

    @Override
    public void truncate(long size) {
        throw new UnsupportedOperationException("a store is not cut");
    }

    // ---- writes

    @Override
    public void putLong(long offset, long value) {
        put(offset, ByteBuffer.allocate(Long.BYTES).putLong(0, value));
    }

    @Override
    public void putInt(long offset, int value) {
        put(offset, ByteBuffer.allocate(Integer.BYTES).putInt(0, value));
    }

    @Override
    public void putByte(long offset, byte value) {
        put(offset, ByteBuffer.allocate(1).put(0, value));
    }

    @Override
    public void putData(long offset, byte[] source, int sourcePosition, int size) {
        put(offset, ByteBuffer.wrap(source, sourcePosition, size));
    }

    @Override
    public void putData(long offset, ByteBuffer source) {
        put(offset, source);
    }

    private void put(long offset, ByteBuffer source) {
        requireOpen();
        long at = offset;
        while (source.hasRemaining()) {
            int within = (int) (at % BLOCK_BYTES);
            int count = Math.min(source.remaining(), BLOCK_BYTES - within);
            source.get(toChange(at / BLOCK_BYTES), within, count);
            at += count;
        }
        length = Math.max(length, (at + BLOCK_BYTES - 1L) / BLOCK_BYTES * BLOCK_BYTES);
    }

    @Override
    public void clear(long startOffset, long endOffset) {
        requireOpen();
        long at = startOffset;
        while (at < endOffset) {
            long place = at / BLOCK_BYTES;
            int within = (int) (at % BLOCK_BYTES);
            int count = (int) Math.min(endOffset - at, BLOCK_BYTES - within);
            if (at - within < stored || changed.containsKey(place)) { // what was never written is zero
                Arrays.fill(toChange(place), within, within + count, (byte) 0);
            }
            at += count;
        }
    }

    private byte[] toChange(long place) {
        byte[] known = changed.get(place);
        if (known == null) {
            known = new byte[BLOCK_BYTES];
            fromFile(place * BLOCK_BYTES, known, 0, BLOCK_BYTES);
            changed.put(place, known);
        }
        return known;
    }

    // ---- reads

    @Override
    public long getLong(long offset) {
        return ByteBuffer.wrap(get(offset, Long.BYTES)).getLong();
    }

    @Override
    public int getInt(long offset) {
        return ByteBuffer.wrap(get(offset, Integer.BYTES)).getInt();
    }

    @Override
    public byte getByte(long offset) {
        return get(offset, 1)[0];
    }

    @Override
    public DataInput2 getDataInput(long offset, int size) {
        return new DataInput2.ByteArray(get(offset, size));
    }

    @Override
    public void getData(long offset, byte[] target, int position, int size) {
        requireOpen();
        if (offset < 0L || offset + size > length) {
            throw new DBException.VolumeIOError(
                    new EOFException(size + " bytes at " + offset + " of a file of " + length));
        }
        if (changed.isEmpty()) {
            fromFile(offset, target, position, size);
            return;
        }
        int done = 0;
        while (done < size) {
            long at = offset + done;
            int within = (int) (at % BLOCK_BYTES);
            int count = Math.min(size - done, BLOCK_BYTES - within);
            byte[] known = changed.get(at / BLOCK_BYTES);
            if (known != null) {
                System.arraycopy(known, within, target, position + done, count);
            } else {
                fromFile(at, target, position + done, count);
            }
            done += count;
        }
    }

    private byte[] get(long offset, int size) {
        byte[] bytes = new byte[size];
        getData(offset, bytes, 0, size);
        return bytes;
    }

    /** What lies behind the file's end, as far as it will be, is zero. */
    private void fromFile(long offset, byte[] target, int position, int size) {
        int inFile = (int) Math.max(0L, Math.min(size, stored - offset));
        Arrays.fill(target, position + inFile, position + size, (byte) 0);
        ByteBuffer left = ByteBuffer.wrap(target, position, inFile);
        long at = offset;
        try {
            while (left.hasRemaining()) {
                int read = file.read(left, at);
                if (read < 0) {
                    throw new EOFException("the file ends below " + at);
                }
                at += read;
            }
        } catch (IOException e) {
            throw new DBException.VolumeIOError(e);
        }
    }

    // ---- commits

    /**
     * After a failure nothing can be read or written until {@link #rollBack}, or, when that says no, ever: the next one to open the file
     * finds the commit whole, or not at all. For want of room it fails while it can be rolled back: all of the room is taken first.
     */
    @Override
    public void sync() {
        requireOpen();
        if (!whole || changed.isEmpty() && length == stored) {
            return;
        }
        unusable = true;
        try {
            long[] places = changed.keysView().toSortedArray();
            keep(places);
            decided = true;
            bringIntoFile(places);
        } catch (IOException e) {
            throw new DBException.VolumeIOError(e);
        }
        decided = false;
        unusable = false;
        changed.clear();
        changed.compact();
        stored = length;
    }

    private void keep(long[] places) throws IOException {
        if (stored > 0L) { // zeros behind its end say nothing; all of a file of zeros would be no new store any more
            CommitFile.fill(file, stored, length);
        }
        commit.keep(length, places, changed);
    }

    private void bringIntoFile(long[] places) throws IOException {
        for (long place : places) {
            CommitFile.put(file, place, ByteBuffer.wrap(changed.get(place)));
        }
        CommitFile.lengthen(file, length);
        file.force(true);
        commit.forget();
    }

    /** Forgets what has changed since the last commit; false when that may be in the file, so that it has to be opened anew. */
    boolean rollBack() {
        if (decided || closed.get()) {
            return false;
        }
        try {
            commit.forget();
        } catch (IOException e) {
            return false;
        }
        changed.clear();
        length = stored;
        unusable = false;
        return true;
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        changed.clear();
        try (file;
                commit) {
            unusable = true;
        } catch (IOException e) {
            throw new DBException.VolumeIOError(e);
        }
    }

    private void requireOpen() {
        if (unusable) {
            throw new DBException.VolumeClosed(path + " is closed, or a commit to it failed", null);
        }
    }

    @Override
    public int sliceSize() {
        return -1;
    }

    @Override
    public boolean isSliced() {
        return false;
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public boolean isReadOnly() {
        return false;
    }

    @Override
    public File getFile() {
        return path.toFile();
    }

    @Override
    public boolean getFileLocked() {
        return false;
    }
}
