package io.sluice.cluster.local;

import io.sluice.base.Scheduler;
import io.sluice.cluster.api.ConsensusLog;
import io.sluice.cluster.api.NotControllerException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log of a node that is a majority by itself. Appends wait in a queue that one task at a time writes and forces to disk,
 * all that wait with one force; then they are committed. A write that fails is taken back and the epoch rises, so that the
 * state machine starts from what is committed; a force that fails ends the leadership until the log is opened again, because
 * nobody knows what is on the disk.
 *
 * <p>Lock order: {@code files}, then {@code queue}.
 */
final class LocalLog implements ConsensusLog {
    private static final Logger LOG = LoggerFactory.getLogger(LocalLog.class);
    private static final long FRAME_BYTES_MAX = 8 << 20;

    private final MetadataDirectory directory;
    private final int nodeId;
    private final Scheduler scheduler;

    /** Held while files change. */
    private final Object files = new Object();

    private long nextOffset;
    private @Nullable LogFile active;
    private boolean namesForced;
    private boolean closed;

    /** Held to look at what waits. */
    private final Object queue = new Object();

    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private int epoch;
    private boolean leading;
    private boolean flushing;

    private @Nullable LogRecovery recovery;
    private @Nullable Listener listener;

    private record Waiting(List<ByteBuffer> records, CompletableFuture<Long> committed) {}

    private LocalLog(
            MetadataDirectory directory,
            int nodeId,
            Scheduler scheduler,
            LogRecovery recovery,
            LogFile active,
            int epoch) {
        this.directory = directory;
        this.nodeId = nodeId;
        this.scheduler = scheduler;
        this.recovery = recovery;
        this.nextOffset = recovery.nextOffset();
        this.active = active;
        this.epoch = epoch;
    }

    static LocalLog open(Path path, int nodeId, Scheduler scheduler) throws IOException {
        MetadataDirectory directory = MetadataDirectory.open(path);
        LogRecovery recovery = LogRecovery.of(directory);
        int epoch = Math.max(recovery.epoch(), EpochFile.read(directory)) + 1;
        EpochFile.write(directory, epoch);
        Path last = recovery.lastFile();
        LogFile active = LogFile.open(last == null ? directory.log(recovery.nextOffset()) : last);
        return new LocalLog(directory, nodeId, scheduler, recovery, active, epoch);
    }

    @Override
    public void start(Listener newListener) {
        LogRecovery recovered = recovery;
        if (recovered == null) {
            throw new IllegalStateException("the log was started already");
        }
        recovery = null;
        LogSnapshot snapshot = recovered.snapshot();
        if (snapshot != null) {
            newListener.snapshot(snapshot.offset(), snapshot.epoch(), snapshot.records());
        }
        for (LogBatch batch : recovered.batches()) {
            newListener.committed(batch.firstOffset(), batch.epoch(), batch.records());
        }
        int newEpoch;
        synchronized (queue) {
            listener = newListener;
            leading = true;
            newEpoch = epoch;
        }
        newListener.leaderChanged(newEpoch, nodeId);
    }

    @Override
    public CompletableFuture<Long> append(int leaderEpoch, List<ByteBuffer> records) {
        if (records.isEmpty()) {
            throw new IllegalArgumentException("a batch needs a record");
        }
        if (LogFrame.size(List.of(records)) > LogFrame.LENGTH_MAX) {
            return CompletableFuture.failedFuture(new IOException("a batch of metadata records is too large"));
        }
        CompletableFuture<Long> committed = new CompletableFuture<>();
        boolean begin;
        synchronized (queue) {
            if (!leading || leaderEpoch != epoch) {
                return CompletableFuture.failedFuture(
                        new NotControllerException("the metadata log is not led in epoch " + leaderEpoch));
            }
            waiting.add(new Waiting(List.copyOf(records), committed));
            begin = !flushing;
            flushing = true;
        }
        if (begin) {
            beginFlush();
        }
        return committed;
    }

    private void beginFlush() {
        try {
            scheduler.execute(this::flush);
        } catch (RuntimeException e) {
            synchronized (queue) {
                flushing = false;
                waiting.clear();
            }
            throw e;
        }
    }

    /** Writes all that waits; ends when nothing does. Only one runs at a time. */
    private void flush() {
        List<Waiting> batches = next();
        while (!batches.isEmpty()) {
            commit(batches);
            batches = next();
        }
    }

    private List<Waiting> next() {
        synchronized (queue) {
            List<Waiting> batches = new ArrayList<>();
            long bytes = 0;
            while (!waiting.isEmpty()) {
                bytes = LogFrame.size(waiting.peek().records, bytes);
                if (!batches.isEmpty() && bytes > FRAME_BYTES_MAX) {
                    break;
                }
                batches.add(waiting.poll());
            }
            if (batches.isEmpty()) {
                flushing = false;
            }
            return batches;
        }
    }

    private void commit(List<Waiting> batches) {
        long offset;
        int writtenEpoch;
        synchronized (files) {
            synchronized (queue) {
                writtenEpoch = epoch;
            }
            offset = nextOffset;
            IOException failure = write(batches, writtenEpoch);
            if (failure != null) {
                fail(batches, failure);
                return;
            }
        }
        for (Waiting batch : batches) {
            deliver(offset, writtenEpoch, batch);
            offset += batch.records.size();
        }
    }

    private void deliver(long offset, int writtenEpoch, Waiting batch) {
        Listener receiver = listener;
        if (receiver != null) {
            receiver.committed(offset, writtenEpoch, batch.records);
        }
        batch.committed.complete(offset + batch.records.size() - 1);
    }

    /** @return what went wrong; null when the batches are durable */
    private @Nullable IOException write(List<Waiting> batches, int writtenEpoch) {
        LogFile file = null;
        long sizeBefore = 0;
        try {
            if (closed) {
                return new IOException("the metadata log is closed");
            }
            file = active == null ? newFile() : active;
            sizeBefore = file.size();
            file.append(LogFrame.encode(
                    nextOffset,
                    writtenEpoch,
                    batches.stream().map(Waiting::records).toList()));
        } catch (IOException e) {
            LOG.error("Metadata cannot be written to {}: {}", directory.path(), e.toString());
            takeBack(file, sizeBefore);
            return e;
        }
        try {
            file.force();
            if (!namesForced) {
                directory.force();
                namesForced = true;
            }
        } catch (IOException e) {
            LOG.error(
                    "Metadata cannot be forced to disk in {}; restart the broker: {}", directory.path(), e.toString());
            resign();
            return e;
        }
        for (Waiting batch : batches) {
            nextOffset += batch.records.size();
        }
        return null;
    }

    private LogFile newFile() throws IOException {
        LogFile file = LogFile.open(directory.log(nextOffset));
        active = file;
        namesForced = false;
        return file;
    }

    private void takeBack(@Nullable LogFile file, long sizeBefore) {
        try {
            if (file != null) {
                file.truncate(sizeBefore);
            }
        } catch (IOException e) {
            LOG.error(
                    "A torn write to {} cannot be taken back; restart the broker: {}", directory.path(), e.toString());
            resign();
        }
    }

    private void resign() {
        synchronized (queue) {
            leading = false;
        }
    }

    private void fail(List<Waiting> batches, IOException failure) {
        List<Waiting> later;
        int newEpoch;
        Integer leader;
        synchronized (queue) {
            later = new ArrayList<>(waiting);
            waiting.clear();
            newEpoch = ++epoch;
            leader = leading && !closed ? nodeId : null;
        }
        batches.forEach(batch -> batch.committed.completeExceptionally(failure));
        later.forEach(batch -> batch.committed.completeExceptionally(
                new NotControllerException("an earlier batch of metadata could not be written")));
        Listener receiver = listener;
        if (receiver != null) {
            receiver.leaderChanged(newEpoch, leader);
        }
    }

    @Override
    public void writeSnapshot(long offset, int snapshotEpoch, List<ByteBuffer> records) throws IOException {
        new LogSnapshot(offset, snapshotEpoch, records).write(directory);
        synchronized (files) {
            if (closed) {
                return;
            }
            LogFile file = active;
            if (file != null && file.size() > 0) {
                file.close();
                active = null;
            }
            dropUpTo(offset);
        }
    }

    /** Deletes the files of which every record is in the snapshot: those that a later file follows at or before its end. */
    private void dropUpTo(long offset) throws IOException {
        List<Path> logs = directory.logs();
        for (int i = 0; i < logs.size(); i++) {
            long end = i + 1 < logs.size() ? firstOffset(logs.get(i + 1)) : nextOffset;
            boolean growing = active != null && active.path().equals(logs.get(i));
            if (end <= offset + 1 && !growing) {
                Files.deleteIfExists(logs.get(i));
            }
        }
    }

    private static long firstOffset(Path log) {
        String name = log.getFileName().toString();
        return Long.parseLong(name.substring(0, name.length() - MetadataDirectory.LOG_SUFFIX.length()));
    }

    @Override
    public void close() throws IOException {
        List<Waiting> unwritten;
        synchronized (queue) {
            leading = false;
            unwritten = new ArrayList<>(waiting);
            waiting.clear();
        }
        unwritten.forEach(batch ->
                batch.committed.completeExceptionally(new NotControllerException("the metadata log is closing")));
        synchronized (files) {
            closed = true;
            LogFile file = active;
            if (file != null) {
                file.close();
            }
            active = null;
        }
    }
}
