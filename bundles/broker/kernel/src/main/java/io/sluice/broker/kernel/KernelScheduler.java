package io.sluice.broker.kernel;

import io.sluice.base.Scheduler;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The kernel's threads: one for timers, a bounded pool for work that may block. Idle workers end. No thread is ever
 * interrupted: {@link #close()} lets what has begun finish.
 */
final class KernelScheduler implements Scheduler, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KernelScheduler.class);
    private static final long IDLE_SECONDS = 20L;

    private final ScheduledThreadPoolExecutor timer;
    private final ThreadPoolExecutor workers;

    KernelScheduler(String name, int threads) {
        this.timer = new ScheduledThreadPoolExecutor(1, threads(name + "-timer"));
        this.timer.setRemoveOnCancelPolicy(true);
        this.timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        this.workers = new ThreadPoolExecutor(
                threads, threads, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), threads(name));
        this.workers.allowCoreThreadTimeOut(true);
    }

    private static ThreadFactory threads(String name) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, "sluice-" + name + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    @Override
    public void execute(Runnable task) {
        if (workers.isShutdown()) {
            LOG.debug("a task came after the scheduler's end");
            return;
        }
        workers.execute(() -> run(task));
    }

    @Override
    public Cancellable schedule(long delayMs, Runnable task) {
        if (timer.isShutdown()) {
            return () -> {};
        }
        ScheduledFuture<?> future = timer.schedule(() -> execute(task), Math.max(0L, delayMs), TimeUnit.MILLISECONDS);
        return () -> future.cancel(false);
    }

    @Override
    public Cancellable scheduleWithFixedDelay(long initialDelayMs, long delayMs, Runnable task) {
        Repeating repeating = new Repeating(delayMs, task);
        repeating.arm(initialDelayMs);
        return repeating;
    }

    private final class Repeating implements Cancellable {
        private final long delayMs;
        private final Runnable task;
        private volatile boolean cancelled;
        private volatile @Nullable Cancellable armed;

        Repeating(long delayMs, Runnable task) {
            this.delayMs = delayMs;
            this.task = task;
        }

        void arm(long inMs) {
            if (!cancelled) {
                armed = schedule(inMs, this::once);
            }
        }

        private void once() {
            if (!cancelled) {
                run(task);
                arm(delayMs);
            }
        }

        @Override
        public void cancel() {
            cancelled = true;
            Cancellable now = armed;
            if (now != null) {
                now.cancel();
            }
        }
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            LOG.error("a background task failed", e);
        }
    }

    /** Takes no more tasks and waits a while for those that run. */
    @Override
    public void close() {
        timer.shutdown();
        workers.shutdown();
        try {
            if (!workers.awaitTermination(5, TimeUnit.SECONDS)) {
                LOG.warn("background tasks are still running at the end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
