package io.sluice.broker.kernel;

import io.sluice.base.Time;
import io.sluice.base.TopicIdPartition;
import io.sluice.broker.api.FutureReplica;
import io.sluice.broker.kernel.MovePump.Progress;
import io.sluice.broker.kernel.migration.CopyDiffersException;
import io.sluice.broker.kernel.migration.LogCopy;
import io.sluice.broker.kernel.migration.StateCheck;
import io.sluice.broker.kernel.migration.Throttle;
import io.sluice.storage.api.LogConfig;
import io.sluice.storage.api.PartitionLog;
import io.sluice.storage.api.StorageEngine;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The move of one partition to another log directory of its engine, a {@linkplain #step step} at a time: the future log gets what the log
 * has, follows it, and when it is nearly in step the partition has no log for a moment, as while its engine is replaced: the rest is
 * copied and compared, both are closed, the future log gets the partition's name and is opened in its place. What is there of it outlives
 * the process: the engine finds it again.
 *
 * <p>Steps and the end exclude each other by this object's monitor. {@link #take} does not wait for it.
 */
final class DirectoryMove implements EngineHost.Copy, MovePump.Move {
    private static final Logger LOG = LoggerFactory.getLogger(DirectoryMove.class);
    private static final int STEP_BYTES = 4 * 1024 * 1024;
    /** The swap may begin when no more than this came in during the last step. */
    private static final int SWAP_BYTES = 512 * 1024;

    private static final long RETRY_MS = 1_000L;

    private final Partition partition;
    private final Path directory;
    private final EngineHost host;
    private final Throttle throttle;
    private final Time time;
    private final Sabotage sabotage;
    private final Approach approach;
    private volatile @Nullable PartitionLog future;
    private volatile boolean cancelled;
    private LogCopy copy;
    private boolean replaced;
    private boolean ended;
    private long retryAtMs;

    DirectoryMove(
            Partition partition, Path directory, EngineHost host, Throttle throttle, Time time, Sabotage sabotage) {
        this.partition = partition;
        this.directory = directory;
        this.host = host;
        this.throttle = throttle;
        this.time = time;
        this.sabotage = sabotage;
        this.copy = new LogCopy(sabotage::leavesOutThisBatch);
        this.approach = new Approach(time, SWAP_BYTES);
    }

    @Override
    public TopicIdPartition id() {
        return partition.id();
    }

    @Override
    public LogConfig config() {
        return partition.config();
    }

    @Override
    public @Nullable PartitionLog take() {
        PartitionLog taken = future;
        future = null;
        return taken;
    }

    Path directory() {
        return directory;
    }

    /** Nothing is to be left of it. */
    void cancel() {
        cancelled = true;
    }

    boolean isCancelled() {
        return cancelled;
    }

    /** Another takes its place: it makes no step any more, and what it had open is closed. Blocks. */
    synchronized void giveUp() {
        cancelled = true;
        replaced = true;
        close();
    }

    /** Makes the future log, so that the move outlives the process from here on. Blocks. */
    synchronized void prepare() throws IOException {
        PartRole.Lease<StorageEngine> lease = host.role().acquire();
        if (lease == null) {
            throw new IOException("the engine " + host.name() + " is not open");
        }
        try {
            if (!replaced && !ended && copyOn(lease.part(), partition.highWatermark(), 0) < 0) {
                throw new IOException(id() + " is not online");
            }
        } finally {
            lease.release();
        }
    }

    @Override
    public synchronized Progress step() {
        if (replaced || partition.isGone()) {
            return Progress.ENDED; // the engine's host sees to what there is of it
        }
        if (time.milliseconds() < retryAtMs) {
            return Progress.IDLE;
        }
        PartRole.Lease<StorageEngine> lease = host.role().acquire();
        if (lease == null) {
            return Progress.IDLE;
        }
        try {
            if (cancelled || !partition.engine().equals(host.name())) {
                drop(lease.part());
                return Progress.ENDED;
            }
            if (!partition.tryHoldMaintenance()) {
                return Progress.IDLE;
            }
            try {
                return heldStep(lease.part());
            } finally {
                partition.releaseMaintenance();
            }
        } catch (IOException | RuntimeException e) {
            failed(e);
            return Progress.IDLE;
        } finally {
            lease.release();
        }
    }

    private Progress heldStep(StorageEngine engine) throws IOException {
        int room = throttle.allowance(STEP_BYTES);
        long target = partition.highWatermark(); // what comes in during the step is for the next one
        int bytes = room == 0 ? -1 : copyOn(engine, target, room);
        PartitionLog ours = future;
        if (bytes < 0 || ours == null) {
            return Progress.IDLE;
        }
        throttle.copied(bytes);
        if (!copy.isInStep(ours, target)) {
            return Progress.BUSY;
        }
        if (!approach.hasBegun()) {
            ours.flush();
            approach.begin();
            return Progress.BUSY;
        }
        if (!approach.isOver(bytes)) {
            return Progress.BUSY;
        }
        swap(engine, ours);
        return Progress.ENDED;
    }

    /** @return the bytes that were copied; -1 when there is nothing to copy from */
    private int copyOn(StorageEngine engine, long target, int room) throws IOException {
        PartitionLog log = partition.borrowLog();
        if (log == null) {
            return -1;
        }
        try {
            PartitionLog ours = future;
            if (ours == null) {
                ours = host.openCopy(this, () -> {
                    if (partition.isGone()) {
                        throw new IOException(id() + " is being deleted");
                    }
                    return engine.openFuture(id(), config(), directory);
                });
                future = ours;
                approach.end();
                copy = new LogCopy(sabotage::leavesOutThisBatch);
                copy.takeUp(log, ours, ours.logEndOffset());
            }
            int bytes = copy.copyOn(log, ours, target, room);
            if (!approach.hasBegun() && copy.isInStep(ours, target)) {
                PartitionLog current = ours;
                copy.check(() -> StateCheck.whileGrowing(log, current));
            }
            return bytes;
        } finally {
            partition.giveBackLog();
        }
    }

    private void swap(StorageEngine engine, PartitionLog ours) throws IOException {
        long began = time.nanoseconds();
        PartitionLog old = partition.detachLog();
        if (old == null) {
            throw new IOException("the partition is not online");
        }
        try {
            CutOver.copyRest(copy, old, ours);
        } catch (IOException | RuntimeException e) {
            partition.attachLog(old);
            throw e;
        }
        partition.detachReplication();
        try {
            host.forget(this);
            future = null;
            try {
                ours.close();
            } finally {
                old.close();
            }
            engine.promoteFuture(id());
            ended = true;
        } finally {
            host.reopen(engine, partition);
        }
        LOG.info(
                "{} is in {} now; nobody could write for {} ms",
                id(),
                directory,
                (time.nanoseconds() - began) / 1_000_000.0);
    }

    private void drop(StorageEngine engine) throws IOException {
        close();
        engine.deleteFuture(id());
    }

    private void failed(Exception e) {
        if (partition.isGone()) {
            return;
        }
        LOG.warn("{}: a step of its move to {} failed; it is tried again", id(), directory, e);
        retryAtMs = time.milliseconds() + RETRY_MS;
        approach.end();
        close();
        if (e instanceof CopyDiffersException) {
            PartRole.Lease<StorageEngine> lease = host.role().acquire();
            if (lease != null) {
                try {
                    lease.part().deleteFuture(id());
                } catch (IOException again) {
                    LOG.error("what was copied of {} to {} could not be removed", id(), directory, again);
                } finally {
                    lease.release();
                }
            }
        }
    }

    private void close() {
        host.forget(this);
        PartitionLog taken = take();
        if (taken != null) {
            try {
                taken.close();
            } catch (IOException | RuntimeException e) {
                LOG.warn("the future log of {} did not close cleanly", id(), e);
            }
        }
    }

    FutureReplica status() {
        PartitionLog ours = future;
        PartitionLog log = partition.borrowLog();
        long end = 0L;
        if (log != null) {
            end = log.logEndOffset();
            partition.giveBackLog();
        }
        return ours == null
                ? new FutureReplica(id().topicPartition(), directory, 0L, end)
                : new FutureReplica(
                        id().topicPartition(), directory, ours.sizeInBytes(), Math.max(0L, end - ours.logEndOffset()));
    }
}
