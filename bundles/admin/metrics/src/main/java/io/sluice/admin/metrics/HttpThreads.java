package io.sluice.admin.metrics;

import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The threads that answer over HTTP: one that accepts, and a few that read, ask and write, which end when nobody asks. */
final class HttpThreads implements Executor, AutoCloseable {
    /** As many are answered at a time. */
    static final int ANSWERING_MAX = 8;

    private static final long IDLE_SECONDS = 10L;

    private final ThreadPoolExecutor executor;

    HttpThreads() {
        ThreadFactory plain = Executors.defaultThreadFactory();
        AtomicInteger count = new AtomicInteger();
        this.executor = new ThreadPoolExecutor(
                0, ANSWERING_MAX + 1, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                    Thread thread = plain.newThread(task);
                    thread.setName("sluice-metrics-" + count.incrementAndGet());
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
