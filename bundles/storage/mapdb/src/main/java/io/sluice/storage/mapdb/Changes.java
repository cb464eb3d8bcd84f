package io.sluice.storage.mapdb;

import io.sluice.base.Scheduler;
import io.sluice.storage.api.BatchHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of every change: into the journal, from where it survives a kill, and some time later with many others into the store by one
 * commit, after which that journal goes. What the store does not have yet is read from memory.
 *
 * <p>Locks, in this order: {@code draining} (who may change the store), this object's (who may change the journal and partitions), {@code
 * storeLock} (readers beside a change of the store), a partition's.
 */
final class Changes {
    private static final Logger LOG = LoggerFactory.getLogger(Changes.class);

    private static final long DRAIN_DELAY_MS = 200L;
    private static final long RETRY_DELAY_MS = 1_000L;
    /** From here on the store takes them at once. */
    private static final long DRAIN_BYTES = 4L * 1024 * 1024;
    /** From here on an append waits for the store. */
    private static final long PENDING_BYTES_MAX = 16L * 1024 * 1024;

    private final Path directory;
    private final Scheduler scheduler;
    private final ReentrantLock draining = new ReentrantLock();
    private final ReentrantReadWriteLock storeLock = new ReentrantReadWriteLock();
    private final List<Journal> full = new ArrayList<>();
    private final Set<PartitionState> dirty = new LinkedHashSet<>();
    private final Set<PartitionState> deleted = new LinkedHashSet<>();

    private BatchStore store;
    private Journal journal;
    private volatile long pendingBytes;
    private boolean scheduled;
    private boolean urgent;
    private boolean closed;

    /** Looks at the store. */
    @FunctionalInterface
    interface Look<T> {
        T at(BatchStore store) throws IOException;
    }

    /** Changes the store and says what the partition's record is then. */
    @FunctionalInterface
    interface Change {
        PartitionRecord make(BatchStore store) throws IOException;
    }

    /** What is taken over at once. */
    private record Taken(long lastJournal, long bytes, Map<PartitionState, Part> parts, Set<PartitionState> deleted) {}

    private record Part(int count, PartitionRecord record) {}

    Changes(Path directory, Scheduler scheduler, BatchStore store, long nextJournal) throws IOException {
        this.directory = directory;
        this.scheduler = scheduler;
        this.store = store;
        this.journal = Journal.create(directory, nextJournal);
    }

    /** Appends whole batches; see {@link io.sluice.storage.api.LogStore#append}. */
    void append(PartitionState partition, ByteBuffer batches, long lastOffset) throws IOException {
        if (pendingBytes > PENDING_BYTES_MAX) {
            drain();
        }
        synchronized (this) {
            requireOpen();
            journal.addBatches(partition.id(), partition.record().written(), batches);
            partition.append(batches, lastOffset);
            pendingBytes += batches.remaining();
            changed(partition);
        }
    }

    /** Changes what is kept beside the batches; not the log's end. */
    synchronized void update(PartitionState partition, UnaryOperator<PartitionRecord> change) throws IOException {
        requireOpen();
        PartitionRecord next = change.apply(partition.record());
        journal.add(Journal.STATE, partition.id(), ByteBuffer.wrap(next.encode()));
        synchronized (partition) {
            partition.setRecord(next);
        }
        changed(partition);
    }

    synchronized void delete(PartitionState partition) throws IOException {
        requireOpen();
        journal.add(Journal.DELETED, partition.id(), ByteBuffer.allocate(0));
        partition.setGone();
        dirty.remove(partition);
        deleted.add(partition);
        schedule(DRAIN_DELAY_MS);
    }

    private void changed(PartitionState partition) {
        dirty.add(partition);
        if (!scheduled) {
            schedule(DRAIN_DELAY_MS);
        }
        if (pendingBytes > DRAIN_BYTES && !urgent) {
            urgent = true;
            scheduler.execute(this::drainInBackground);
        }
    }

    private void schedule(long delayMs) {
        if (!scheduled && !closed) {
            scheduled = true;
            scheduler.schedule(delayMs, this::drainInBackground);
        }
    }

    private void drainInBackground() {
        try {
            drain();
        } catch (IOException | RuntimeException e) {
            LOG.error("what was appended could not be brought into {}; it stays in the journal", directory, e);
            synchronized (this) {
                schedule(RETRY_DELAY_MS);
            }
        }
    }

    synchronized boolean isClosed() {
        return closed;
    }

    private void requireOpen() throws IOException {
        if (closed) {
            throw new IOException("the mapdb engine is closed");
        }
    }

    /** Brings everything that is in the journal into the store. */
    void drain() throws IOException {
        draining.lock();
        try {
            Taken taken;
            synchronized (this) {
                scheduled = false;
                urgent = false;
                if (closed || journal.position() == 0L && full.isEmpty()) {
                    return;
                }
                taken = take();
            }
            boolean done = false;
            try {
                putAll(taken);
                done = true;
            } finally {
                if (!done) {
                    giveBack(taken);
                    reopenStore();
                }
            }
            synchronized (this) {
                pendingBytes -= taken.bytes;
                discardJournals(taken.lastJournal);
            }
        } finally {
            draining.unlock();
        }
    }

    /** Begins the next journal, and remembers how far every partition is covered by those before. */
    private Taken take() throws IOException {
        if (journal.position() > 0L) {
            Journal next = Journal.create(directory, journal.number() + 1L);
            full.add(journal);
            journal = next;
        }
        Map<PartitionState, Part> parts = new LinkedHashMap<>();
        for (PartitionState partition : dirty) {
            parts.put(partition, new Part(partition.pendingCount(), partition.record()));
        }
        Taken taken = new Taken(full.get(full.size() - 1).number(), pendingBytes, parts, new LinkedHashSet<>(deleted));
        dirty.clear();
        deleted.clear();
        return taken;
    }

    /** It is still only in the journals. */
    private synchronized void giveBack(Taken taken) {
        dirty.addAll(taken.parts.keySet());
        dirty.removeAll(taken.deleted);
        deleted.addAll(taken.deleted);
    }

    private void putAll(Taken taken) throws IOException {
        storeLock.writeLock().lock();
        try {
            for (PartitionState partition : taken.deleted) {
                store.removePartition(partition.id());
            }
            for (Map.Entry<PartitionState, Part> entry : taken.parts.entrySet()) {
                put(entry.getKey().id(), entry.getKey(), entry.getValue());
            }
            store.setApplied(taken.lastJournal);
            store.commit();
            taken.parts.forEach((partition, part) -> partition.drained(part.count, part.record.end()));
        } finally {
            storeLock.writeLock().unlock();
        }
    }

    private void put(int id, PartitionState partition, Part part) throws IOException {
        PartitionState.Pending pending = partition.firstPending(part.count);
        long follows = pending.follows();
        for (ByteBuffer batch : pending.batches()) {
            store.putBatch(id, batch, follows);
            follows = BatchHeader.lastOffset(batch, 0) + 1L;
        }
        PartitionRecord before = store.partition(id);
        if (before != null && before.start() < part.record.start()) {
            store.removeBelow(id, part.record.start());
        }
        store.putPartition(id, part.record);
    }

    private void discardJournals(long last) throws IOException {
        for (Journal old : full) {
            if (old.number() <= last) {
                old.close();
                old.delete();
            }
        }
        full.removeIf(old -> old.number() <= last);
    }

    /** After a failure the store is what it was at its last commit. */
    private void reopenStore() throws IOException {
        storeLock.writeLock().lock();
        try {
            store = store.again();
        } finally {
            storeLock.writeLock().unlock();
        }
    }

    /** Changes the store itself, with everything in it and nobody beside: by one commit, all of it or nothing. */
    void directly(PartitionState partition, Change change) throws IOException {
        draining.lock();
        try {
            synchronized (this) {
                requireOpen();
                drain();
                storeLock.writeLock().lock();
                try {
                    PartitionRecord next = change.make(store);
                    store.putPartition(partition.id(), next);
                    store.commit();
                    partition.setStored(next);
                } catch (IOException e) {
                    reopenStore();
                    throw e;
                } finally {
                    storeLock.writeLock().unlock();
                }
            }
        } finally {
            draining.unlock();
        }
    }

    /** Reads the store; what a damaged store makes of it is an {@link IOException}. */
    <T> T look(Look<T> look) throws IOException {
        storeLock.readLock().lock();
        try {
            return look.at(store);
        } catch (RuntimeException | AssertionError e) {
            throw new IOException("the MapDB store could not be read: " + e, e);
        } finally {
            storeLock.readLock().unlock();
        }
    }

    /** Makes durable what is in the journals now. */
    void flush(PartitionState partition) throws IOException {
        List<Journal> open;
        long end;
        synchronized (this) {
            requireOpen();
            open = new ArrayList<>(full);
            open.add(journal);
            end = partition.record().end();
        }
        for (Journal each : open) {
            try {
                each.force();
            } catch (ClosedChannelException e) {
                LOG.debug("journal {} is in the store by now", each.number());
            }
        }
        partition.flushedTo(end);
    }

    /** Nothing is in the journal afterwards, but what came while it was brought into the store: that is left for the next to open it. */
    void close() throws IOException {
        draining.lock();
        try {
            boolean empty;
            try {
                drain();
            } finally {
                synchronized (this) {
                    closed = true;
                    empty = journal.position() == 0L && full.isEmpty();
                    journal.close();
                    for (Journal old : full) {
                        old.close();
                    }
                }
                storeLock.writeLock().lock();
                try {
                    store.close();
                } finally {
                    storeLock.writeLock().unlock();
                }
            }
            if (empty) {
                journal.delete();
            }
        } finally {
            draining.unlock();
        }
    }
}
