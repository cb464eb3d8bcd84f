package io.sluice.admin.shell;

import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads that commands run on. They are nobody's to interrupt: an interrupt would close the file channel that a
 * command happens to use, for the whole broker. Closing lets running commands finish.
 */
final class CommandThreads implements Executor, AutoCloseable {
    private static final int THREADS_MAX = 64;
    private static final long IDLE_SECONDS = 10;

    private final ThreadPoolExecutor executor;

    CommandThreads() {
        ThreadFactory plain = Executors.defaultThreadFactory();
        AtomicInteger count = new AtomicInteger();
        this.executor = new ThreadPoolExecutor(
                0, THREADS_MAX, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                    Thread thread = plain.newThread(task);
                    thread.setName("sluice-command-" + count.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
    }

    /** @throws java.util.concurrent.RejectedExecutionException when all threads are taken */
    @Override
    public void execute(Runnable task) {
        executor.execute(task);
    }

    @Override
    public void close() {
        executor.shutdown();
    }
}
