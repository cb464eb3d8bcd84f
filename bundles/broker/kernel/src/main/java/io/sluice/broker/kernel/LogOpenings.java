package io.sluice.broker.kernel;

import io.sluice.base.Scheduler;
import io.sluice.base.Time;
import io.sluice.base.TopicIdPartition;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The logs of an engine that are to be opened, a few at a time: after a crash each is recovered. While that takes long, it is said how far
 * it is. Safe for any thread.
 */
final class LogOpenings {
    static final long REPORT_MS = 2_000L;

    private final String engine;
    private final Scheduler scheduler;
    private final Time time;
    private final IntSupplier threads;
    private final Opener opener;
    private final Consumer<String> progress;
    private final Map<TopicIdPartition, Partition> waiting = new LinkedHashMap<>();
    private final Set<TopicIdPartition> underWay = new HashSet<>();
    private int workers;
    private int done;
    private long bytes;
    private long beginNanos;
    private boolean reports;

    /** Opens the log of a partition, if it is to be opened still. Blocks. */
    interface Opener {
        /** @return the bytes of the log */
        long open(Partition partition);
    }

    /**
     * @param threads how many are opened at a time, asked again for each
     * @param progress what to say while it takes long
     */
    LogOpenings(
            String engine,
            Scheduler scheduler,
            Time time,
            IntSupplier threads,
            Opener opener,
            Consumer<String> progress) {
        this.engine = engine;
        this.scheduler = scheduler;
        this.time = time;
        this.threads = threads;
        this.opener = opener;
        this.progress = progress;
    }

    /** Opens a partition's log soon. */
    void add(Partition partition) {
        enqueue(partition);
        engage();
    }

    /** Opens the logs of all of them, with this thread's help, and waits until it is done. */
    void run(Collection<Partition> partitions) {
        partitions.forEach(this::enqueue);
        join();
        engage();
        work();
        awaitEnd();
    }

    private synchronized void enqueue(Partition partition) {
        if (waiting.isEmpty() && underWay.isEmpty()) {
            done = 0;
            bytes = 0L;
            beginNanos = time.nanoseconds();
        }
        waiting.put(partition.id(), partition);
        if (!reports) {
            reports = true;
            scheduler.schedule(REPORT_MS, this::report);
        }
    }

    private void engage() {
        int most = Math.max(1, threads.getAsInt());
        while (joinIfFewer(most)) {
            scheduler.execute(this::work);
        }
    }

    private synchronized boolean joinIfFewer(int most) {
        if (workers >= Math.min(most, waiting.size() + underWay.size())) {
            return false;
        }
        workers++;
        return true;
    }

    private synchronized void join() {
        workers++;
    }

    private void work() {
        for (Partition next = take(); next != null; next = take()) {
            long size = 0L;
            try {
                size = opener.open(next);
            } finally {
                finish(next, size);
            }
        }
    }

    /** The next one; null when this worker is not needed any more. */
    private synchronized @Nullable Partition take() {
        for (Map.Entry<TopicIdPartition, Partition> entry : waiting.entrySet()) {
            if (underWay.add(entry.getKey())) {
                waiting.remove(entry.getKey());
                return entry.getValue();
            }
        }
        workers--;
        return null;
    }

    /** One that came again meanwhile is still waiting: whoever calls this goes on with it. */
    private synchronized void finish(Partition opened, long size) {
        underWay.remove(opened.id());
        done++;
        bytes += size;
        notifyAll();
    }

    private synchronized void awaitEnd() {
        boolean interrupted = false;
        while (!underWay.isEmpty() || !waiting.isEmpty()) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void report() {
        String message;
        synchronized (this) {
            int left = waiting.size() + underWay.size();
            if (left == 0) {
                reports = false;
                return;
            }
            scheduler.schedule(REPORT_MS, this::report);
            message = String.format(
                    Locale.ROOT,
                    "opening the logs of engine %s: %d of %d done, %.1f MB, after %d s",
                    engine,
                    done,
                    done + left,
                    bytes / 1e6,
                    TimeUnit.NANOSECONDS.toSeconds(time.nanoseconds() - beginNanos));
        }
        progress.accept(message);
    }
}
