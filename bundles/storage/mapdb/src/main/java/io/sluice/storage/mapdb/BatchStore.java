package io.sluice.storage.mapdb;

import io.sluice.storage.api.BatchHeader;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.mapdb.BTreeMap;
import org.mapdb.DB;
import org.mapdb.DBException;
import org.mapdb.DBMaker;
import org.mapdb.Serializer;
import org.mapdb.Store;
import org.mapdb.serializer.SerializerByteArrayNoSize;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The MapDB store: an index of all batches by partition and base offset, in which each has its header, the record that holds it whole,
 * and where the batch before it ended when it was appended, and a catalogue of the partitions. Changes come from one thread at a time and
 * count when they are committed; readers may work beside each other, not beside changes. What MapDB throws is an {@link IOException} here,
 * and a {@link DamagedStoreException} unless the disk refused to write or read.
 */
final class BatchStore {
    private static final int KEY_BYTES = Integer.BYTES + Long.BYTES;
    private static final int ENTRY_BYTES = BatchHeader.BYTES + 2 * Long.BYTES;
    /** Of entries that do not say where the batch before ended: it was where they begin. */
    private static final int FIRST_ENTRY_BYTES = BatchHeader.BYTES + Long.BYTES;
    /** The key in the catalogue under which the number of the last journal that is in the store stands. */
    private static final int APPLIED = -1;
    /** So many batches are removed in one commit. */
    private static final int COMMIT_BATCHES = 10_000;

    private static final Serializer<byte[]> RECORD = new SerializerByteArrayNoSize();

    private static final Logger LOG = LoggerFactory.getLogger(BatchStore.class);

    private final Path file;
    private final AtomicVolume volume;
    private final DB db;
    private final Store store;
    private final BTreeMap<byte[], byte[]> index;
    private final BTreeMap<Integer, Long> catalogue;

    /**
     * A batch's place in the index.
     *
     * @param header has its header from 0 on
     * @param follows where the batch before it ended; offsets from there to this one never had a batch
     */
    record Entry(long baseOffset, ByteBuffer header, long recid, long follows) {
        long lastOffset() {
            return BatchHeader.lastOffset(header, 0);
        }

        int size() {
            return BatchHeader.sizeInBytes(header, 0);
        }
    }

    private record Entries(Iterator<Map.Entry<byte[], byte[]>> all) implements Iterator<Entry> {
        @Override
        public boolean hasNext() {
            return all.hasNext();
        }

        @Override
        public Entry next() {
            Map.Entry<byte[], byte[]> next = all.next();
            return entry(next.getKey(), next.getValue());
        }
    }

    @FunctionalInterface
    private interface Work<T> {
        T run() throws IOException;
    }

    private BatchStore(
            Path file, AtomicVolume volume, DB db, BTreeMap<byte[], byte[]> index, BTreeMap<Integer, Long> catalogue) {
        this.file = file;
        this.volume = volume;
        this.db = db;
        this.store = db.getStore();
        this.index = index;
        this.catalogue = catalogue;
    }

    static BatchStore open(Path file) throws IOException {
        return guarded("opening", () -> makeOrClose(file, AtomicVolume.open(file)));
    }

    /**
     * The store as it was at its last commit, in place of this one, which is of no use then. This takes no room, so that it is possible
     * after a commit that found none.
     */
    BatchStore again() throws IOException {
        if (volume.rollBack()) {
            return guarded("opening", () -> makeOrClose(file, volume));
        }
        try {
            close();
        } catch (IOException e) {
            LOG.warn("the store did not close after a failure", e);
        }
        return open(file);
    }

    /** A volume that there is no store over is closed: nobody else can go on with it. */
    private static BatchStore makeOrClose(Path file, AtomicVolume volume) {
        try {
            return make(file, volume);
        } catch (RuntimeException | Error e) {
            try {
                volume.close();
            } catch (RuntimeException onClose) {
                e.addSuppressed(onClose);
            }
            throw e;
        }
    }

    /** MapDB looks up its classes through the thread's context class loader: it has this bundle's while it opens. */
    private static BatchStore make(Path file, AtomicVolume volume) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(BatchStore.class.getClassLoader());
        try {
            DB db = DBMaker.volumeDB(volume, volume.hasStore()).make();
            BatchStore made = new BatchStore(
                    file,
                    volume,
                    db,
                    db.treeMap("index", Serializer.BYTE_ARRAY, Serializer.BYTE_ARRAY)
                            .createOrOpen(),
                    db.treeMap("catalogue", Serializer.INTEGER, Serializer.LONG).createOrOpen());
            volume.isWhole();
            if (!volume.hasStore()) {
                db.commit();
            }
            return made;
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /** A store whose file is damaged fails in any way; what the disk refused, and a store that is shut, can be told from it. */
    private static <T> T guarded(String what, Work<T> work) throws IOException {
        try {
            return work.run();
        } catch (DBException.VolumeIOError e) {
            if (e.getCause() instanceof EOFException) {
                throw new DamagedStoreException(what + " the MapDB store failed: " + e, e);
            }
            throw new IOException(what + " the MapDB store failed: " + e.getCause(), e);
        } catch (DBException.VolumeClosed | IllegalAccessError e) {
            throw new IOException(what + " the MapDB store failed, as it is shut after a failure: " + e, e);
        } catch (RuntimeException | AssertionError e) {
            throw new DamagedStoreException(what + " the MapDB store failed: " + e, e);
        }
    }

    long applied() throws IOException {
        return guarded("reading", () -> {
            Long number = catalogue.get(APPLIED);
            return number == null ? 0L : number;
        });
    }

    void setApplied(long number) throws IOException {
        guarded("writing", () -> catalogue.put(APPLIED, number));
    }

    /** The numbers of all partitions. */
    List<Integer> partitions() throws IOException {
        return guarded("reading", () -> {
            List<Integer> all = new ArrayList<>(catalogue.size());
            for (Integer id : catalogue.getKeys()) {
                if (id != null && id != APPLIED) {
                    all.add(id);
                }
            }
            return all;
        });
    }

    @Nullable
    PartitionRecord partition(int id) throws IOException {
        Optional<PartitionRecord> found = guarded("reading", () -> {
            Long recid = catalogue.get(id);
            if (recid == null) {
                return Optional.empty();
            }
            byte[] record = store.get(recid, RECORD);
            if (record == null) {
                throw new DamagedStoreException("the record of partition " + id + " is missing");
            }
            try {
                return Optional.of(PartitionRecord.decode(record));
            } catch (IOException e) {
                throw new DamagedStoreException("the record of partition " + id + ": " + e.getMessage(), e);
            }
        });
        return found.orElse(null);
    }

    void putPartition(int id, PartitionRecord record) throws IOException {
        guarded("writing", () -> {
            Long recid = catalogue.get(id);
            if (recid == null) {
                return catalogue.put(id, store.put(record.encode(), RECORD));
            }
            store.update(recid, record.encode(), RECORD);
            return recid;
        });
    }

    /** May commit on the way, for a commit takes memory; what is asked for is in a journal until the last one. */
    void removePartition(int id) throws IOException {
        while (removeBatches(id, 0L, Long.MAX_VALUE, COMMIT_BATCHES) == COMMIT_BATCHES) {
            commit();
        }
        guarded("writing", () -> {
            Long recid = catalogue.remove(id);
            if (recid != null) {
                store.delete(recid, RECORD);
            }
            return recid;
        });
    }

    /**
     * Puts one batch, in place of one with the same base offset.
     *
     * @param follows where the batch before it ends
     */
    void putBatch(int id, ByteBuffer batch, long follows) throws IOException {
        guarded("writing", () -> {
            byte[] bytes = new byte[batch.remaining()];
            batch.get(batch.position(), bytes);
            byte[] key = key(id, BatchHeader.baseOffset(batch, batch.position()));
            ByteBuffer entry = ByteBuffer.allocate(ENTRY_BYTES);
            entry.put(bytes, 0, BatchHeader.BYTES)
                    .putLong(store.put(bytes, RECORD))
                    .putLong(follows);
            byte[] before = index.put(key, entry.array());
            if (before != null) {
                store.delete(entry(key, before).recid(), RECORD);
            }
            return key;
        });
    }

    void removeBatch(int id, Entry entry) throws IOException {
        guarded("writing", () -> {
            index.remove(key(id, entry.baseOffset()));
            store.delete(entry.recid(), RECORD);
            return id;
        });
    }

    /** Removes the batches with a base offset from one to another, exclusive. */
    void removeBatches(int id, long from, long to) throws IOException {
        removeBatches(id, from, to, Integer.MAX_VALUE);
    }

    /** The same, but no more than so many of them; how many. */
    private int removeBatches(int id, long from, long to, int most) throws IOException {
        List<Entry> gone = new ArrayList<>();
        Iterator<Entry> all = entries(id, from);
        while (gone.size() < most && all.hasNext()) {
            Entry entry = all.next();
            if (entry.baseOffset() >= to) {
                break;
            }
            gone.add(entry);
        }
        for (Entry entry : gone) {
            removeBatch(id, entry);
        }
        return gone.size();
    }

    /** Removes the batches that lie below an offset as a whole; how many bytes they had. */
    long removeBelow(int id, long offset) throws IOException {
        List<Entry> gone = new ArrayList<>();
        Iterator<Entry> all = entries(id, 0L);
        while (all.hasNext()) {
            Entry entry = all.next();
            if (entry.lastOffset() >= offset) {
                break;
            }
            gone.add(entry);
        }
        long bytes = 0L;
        for (Entry entry : gone) {
            removeBatch(id, entry);
            bytes += entry.size();
        }
        return bytes;
    }

    /** The batches from the one that has the offset, or the first behind it. */
    Iterator<Entry> entries(int id, long offset) throws IOException {
        return guarded("reading", () -> {
            byte[] from = key(id, offset);
            Map.Entry<byte[], byte[]> floor = index.floorEntry(from);
            if (floor != null && partitionOf(floor.getKey()) == id) {
                Entry entry = entry(floor.getKey(), floor.getValue());
                from = entry.lastOffset() >= offset ? floor.getKey() : key(id, entry.baseOffset() + 1L);
            }
            Iterator<Map.Entry<byte[], byte[]>> all = index.entryIterator(from, true, key(id, Long.MAX_VALUE), true);
            return new Entries(all);
        });
    }

    /** The last batch of a partition; null when it has none. */
    @Nullable
    Entry last(int id) throws IOException {
        Optional<Entry> found = guarded("reading", () -> {
            Map.Entry<byte[], byte[]> floor = index.floorEntry(key(id, Long.MAX_VALUE));
            return floor == null || partitionOf(floor.getKey()) != id
                    ? Optional.empty()
                    : Optional.of(entry(floor.getKey(), floor.getValue()));
        });
        return found.orElse(null);
    }

    /**
     * The whole batch, checked.
     *
     * @return null when what is stored there is not this batch as it was appended
     */
    @Nullable
    ByteBuffer batch(Entry entry) throws IOException {
        byte[] bytes;
        try {
            bytes = guarded("reading", () -> store.get(entry.recid(), RECORD));
        } catch (DamagedStoreException e) {
            return null;
        }
        return bytes == null ? null : BatchCheck.whole(ByteBuffer.wrap(bytes), entry.header());
    }

    void commit() throws IOException {
        guarded("committing to", () -> {
            db.commit();
            return true;
        });
    }

    void close() throws IOException {
        guarded("closing", () -> {
            db.close();
            return true;
        });
    }

    private static byte[] key(int id, long offset) {
        return ByteBuffer.allocate(KEY_BYTES).putInt(id).putLong(offset).array();
    }

    private static int partitionOf(byte[] key) {
        return ByteBuffer.wrap(key).getInt();
    }

    private static Entry entry(byte[] key, byte[] value) {
        ByteBuffer header = ByteBuffer.wrap(value);
        long base = ByteBuffer.wrap(key).getLong(Integer.BYTES);
        boolean first = value.length == FIRST_ENTRY_BYTES;
        if (!first && value.length != ENTRY_BYTES
                || BatchHeader.baseOffset(header, 0) != base
                || BatchHeader.sizeInBytes(header, 0) < 0) {
            throw new IllegalStateException("the index is damaged at offset " + base);
        }
        long follows = first ? base : header.getLong(FIRST_ENTRY_BYTES);
        return new Entry(base, header, header.getLong(BatchHeader.BYTES), follows);
    }
}
