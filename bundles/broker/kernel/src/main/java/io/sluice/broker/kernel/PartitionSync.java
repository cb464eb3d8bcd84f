package io.sluice.broker.kernel;

import io.sluice.base.Time;
import io.sluice.base.TopicPartition;
import io.sluice.storage.api.DiskFullException;
import io.sluice.storage.api.PartitionLog;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The group commit of one partition whose durability is {@code group}: one fsync serves every append that came before it began, and while
 * it runs the next gathers. It holds no lock that an append waits for.
 */
final class PartitionSync {
    private static final Logger LOG = LoggerFactory.getLogger(PartitionSync.class);
    private static final long RETRY_MS = 500L;
    private static final int IDLE = 0;
    private static final int QUEUED = 1;
    private static final int RUNNING = 2;
    private static final int WANTED_AGAIN = 3;

    private final TopicPartition partition;
    private final PartitionState state;
    private final SyncQueue queue;
    private final Time time;
    private final LongConsumer synced;
    private final Runnable delayed;
    private final BiConsumer<PartitionLog, String> failed;
    private final AtomicInteger phase = new AtomicInteger(IDLE);

    /**
     * @param synced is told up to where the log is safe, on the thread that synced it
     * @param delayed is told that there is no room for what was appended: it waits in memory, and the sync is tried again
     * @param failed is told why a log cannot be made safe any more
     */
    PartitionSync(
            TopicPartition partition,
            PartitionState state,
            SyncQueue queue,
            Time time,
            LongConsumer synced,
            Runnable delayed,
            BiConsumer<PartitionLog, String> failed) {
        this.partition = partition;
        this.state = state;
        this.queue = queue;
        this.time = time;
        this.synced = synced;
        this.delayed = delayed;
        this.failed = failed;
    }

    /** Something was appended that somebody waits for. */
    void want() {
        while (true) {
            int now = phase.get();
            if (now == QUEUED || now == WANTED_AGAIN) {
                return;
            }
            if (phase.compareAndSet(now, now == IDLE ? QUEUED : WANTED_AGAIN)) {
                if (now == IDLE) {
                    queue.add(this::run);
                }
                return;
            }
        }
    }

    private void run() {
        phase.set(RUNNING);
        try {
            sync();
        } finally {
            if (!phase.compareAndSet(RUNNING, IDLE)) {
                phase.set(QUEUED);
                queue.add(this::run);
            }
        }
    }

    private void sync() {
        PartitionLog log = state.borrow();
        if (log == null) {
            return; // who opens it next syncs it before that
        }
        String failure = null;
        boolean waitsForRoom = false;
        long safe;
        try {
            if (log.flushedOffset() < log.logEndOffset()) {
                long began = time.nanoseconds();
                log.flush();
                queue.counters().latency().record(time.nanoseconds() - began);
            }
        } catch (IOException e) {
            queue.counters().failed().increment();
            LOG.error("{} could not be synced", partition, e);
            waitsForRoom = e instanceof DiskFullException && log.failure() == null;
            failure = log.failure() == null ? "its log could not be synced: " + e.getMessage() : log.failure();
        } finally {
            safe = log.flushedOffset();
            state.giveBack();
        }
        if (waitsForRoom) {
            queue.later(RETRY_MS, this::want);
            delayed.run();
        } else if (failure == null) {
            queue.synced(partition, safe);
            synced.accept(safe);
        } else {
            failed.accept(log, failure);
        }
    }
}
