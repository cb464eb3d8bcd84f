package io.sluice.storage.segment;

import io.sluice.storage.api.AbortedTransaction;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The aborted transactions whose markers lie in a segment, in the order of the markers. Kafka's {@code .txnindex} format: entries of 34
 * bytes, which are a version (2 bytes, 0), the producer's id, the first offset, the marker's offset, and the last stable offset after it
 * (8 bytes each). A segment without any has no file.
 *
 * <p>The entries are in memory while they are used; {@link #persist} writes what is new, {@link #evict} lets them go. Safe for use from
 * any thread.
 */
final class TransactionIndex {
    static final int ENTRY_BYTES = 34;
    private static final short VERSION = 0;
    private static final Logger LOG = LoggerFactory.getLogger(TransactionIndex.class);

    private final Path file;
    private final long baseOffset;
    private final List<AbortedTransaction> entries = new ArrayList<>(0);
    private boolean resident;
    private boolean damaged;
    /** How many entries the file has. */
    private int persisted;

    private boolean unsynced;

    private TransactionIndex(Path file, long baseOffset, boolean resident) {
        this.file = file;
        this.baseOffset = baseOffset;
        this.resident = resident;
    }

    /** An index without entries whose file, if there is one, is not looked at. */
    static TransactionIndex empty(Path file, long baseOffset) {
        return new TransactionIndex(file, baseOffset, true);
    }

    /** The index in a file, which is read when it is first needed. */
    static TransactionIndex onFile(Path file, long baseOffset) {
        return new TransactionIndex(file, baseOffset, false);
    }

    private void load() throws IOException {
        if (resident) {
            return;
        }
        ByteBuffer bytes = IndexFile.read(file);
        resident = true;
        persisted = 0;
        if (bytes == null) {
            return;
        }
        for (AbortedTransaction entry = next(bytes); entry != null && isInOrder(entry); entry = next(bytes)) {
            entries.add(entry);
        }
        persisted = entries.size();
        if (bytes.hasRemaining() || persisted * ENTRY_BYTES != bytes.limit()) {
            LOG.warn("{} is damaged and is made anew from the markers in the log when it is needed", file);
            entries.clear();
            persisted = 0;
            damaged = true;
        }
    }

    private static @Nullable AbortedTransaction next(ByteBuffer bytes) {
        if (bytes.remaining() < ENTRY_BYTES || bytes.getShort() != VERSION) {
            return null;
        }
        return new AbortedTransaction(bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getLong());
    }

    private boolean isInOrder(AbortedTransaction entry) {
        return entry.producerId() >= 0L
                && entry.firstOffset() >= 0L
                && entry.firstOffset() <= entry.lastOffset()
                && entry.lastOffset() > lastMarker()
                && entry.lastStableOffset() >= 0L;
    }

    private long lastMarker() {
        return entries.isEmpty()
                ? baseOffset - 1L
                : entries.get(entries.size() - 1).lastOffset();
    }

    /** Adds an entry, unless it or a later one is there. */
    synchronized void append(AbortedTransaction entry) throws IOException {
        load();
        if (entry.lastOffset() > lastMarker()) {
            entries.add(entry);
        }
    }

    /**
     * Adds the entries that overlap a range of offsets to a list.
     *
     * @return false when later segments need not be looked at
     */
    synchronized boolean collect(long fromOffset, long toOffset, List<AbortedTransaction> into) throws IOException {
        load();
        for (AbortedTransaction entry : entries) {
            if (entry.overlaps(fromOffset, toOffset)) {
                into.add(entry);
            }
            if (entry.lastStableOffset() >= toOffset) {
                return false;
            }
        }
        return true;
    }

    synchronized List<AbortedTransaction> all() throws IOException {
        load();
        return List.copyOf(entries);
    }

    /** Whether the file was not what it should be: then what is here may not be all there is. */
    synchronized boolean isDamaged() throws IOException {
        load();
        return damaged;
    }

    /** Takes the place of all that was there. */
    synchronized void restore(List<AbortedTransaction> all) throws IOException {
        truncateTo(0L);
        entries.addAll(all);
        damaged = false;
    }

    /** Removes the entries whose markers lie at or above the offset. */
    synchronized void truncateTo(long offset) throws IOException {
        load();
        int left = entries.size();
        while (left > 0 && entries.get(left - 1).lastOffset() >= offset) {
            entries.remove(--left);
        }
        if (persisted > left) {
            persisted = left;
            IndexFile.write(file, (long) left * ENTRY_BYTES, ByteBuffer.allocate(0));
        }
    }

    /** Writes the entries that are not in the file yet. */
    synchronized void persist() throws IOException {
        if (!resident || damaged || persisted == entries.size()) {
            return;
        }
        ByteBuffer bytes = ByteBuffer.allocate((entries.size() - persisted) * ENTRY_BYTES);
        for (AbortedTransaction entry : entries.subList(persisted, entries.size())) {
            bytes.putShort(VERSION)
                    .putLong(entry.producerId())
                    .putLong(entry.firstOffset())
                    .putLong(entry.lastOffset())
                    .putLong(entry.lastStableOffset());
        }
        IndexFile.write(file, (long) persisted * ENTRY_BYTES, bytes.flip());
        persisted = entries.size();
        unsynced = true;
    }

    /** Makes durable what was persisted; true when there was any, whose file's name may be new. */
    boolean sync() throws IOException {
        synchronized (this) {
            if (!unsynced) {
                return false;
            }
            unsynced = false;
        }
        try {
            TextFile.sync(file);
            return true;
        } catch (IOException e) {
            synchronized (this) {
                unsynced = true;
            }
            throw e;
        }
    }

    /** Forgets the entries, if the file has them all. */
    synchronized void evict() {
        if (resident && !damaged && !entries.isEmpty() && persisted == entries.size()) {
            resident = false;
            entries.clear();
        }
    }
}
