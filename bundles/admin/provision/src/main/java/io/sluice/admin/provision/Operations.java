package io.sluice.admin.provision;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread on which bundles are changed, so that no two changes meet. Nobody interrupts it: stopping a bundle may do
 * file work, and an interrupt would close the channel. Closing lets the change that runs finish.
 */
final class Operations implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Operations.class);

    private final ScheduledExecutorService executor;
    private volatile @Nullable Thread thread;

    Operations() {
        ThreadFactory plain = Executors.defaultThreadFactory();
        this.executor = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread worker = plain.newThread(task);
            worker.setName("sluice-provision");
            worker.setDaemon(true);
            thread = worker;
            return worker;
        });
    }

    /** Runs the change and waits for it. */
    <T> T call(Callable<T> change) throws Exception {
        if (Thread.currentThread() == thread) {
            return change.call();
        }
        CompletableFuture<T> result = CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return change.call();
                    } catch (Exception e) {
                        throw new CompletionException(e);
                    }
                },
                executor);
        try {
            return result.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        }
    }

    /**
     * Runs the task again and again, counted from its end.
     *
     * @param soonMs the delay after a run that gave true, which wants to be repeated soon
     */
    void repeat(long delayMs, long soonMs, BooleanSupplier task) {
        later(delayMs, delayMs, soonMs, task);
    }

    private void runAndRepeat(long delayMs, long soonMs, BooleanSupplier task) {
        boolean soon = false;
        try {
            soon = task.getAsBoolean();
        } catch (RuntimeException | LinkageError e) {
            LOG.warn("a look into deploy/ failed", e);
        }
        later(soon ? soonMs : delayMs, delayMs, soonMs, task);
    }

    private void later(long waitMs, long delayMs, long soonMs, BooleanSupplier task) {
        try {
            executor.schedule(() -> runAndRepeat(delayMs, soonMs, task), waitMs, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("no more looks into deploy/: it is closed");
        }
    }

    @Override
    public void close() {
        executor.shutdown();
    }
}
