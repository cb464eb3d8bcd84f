package io.sluice.admin.api;

import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads of one face of administration: one for each command, session or request while it is served, and none when nobody asks. What is served may block
 * as long as it likes, and nobody may interrupt it: an interrupt would close the file channel that it happens to use, for the whole broker. Any thread.
 */
public final class ServingThreads implements Executor, AutoCloseable {
    private static final long IDLE_SECONDS = 10L;

    private final ThreadPoolExecutor executor;

    /**
     * @param name of the threads, each with a number after it
     * @param most as many there are at a time
     */
    public ServingThreads(String name, int most) {
        ThreadFactory plain = Executors.defaultThreadFactory();
        AtomicInteger count = new AtomicInteger();
        this.executor =
                new ThreadPoolExecutor(0, most, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                    Thread thread = plain.newThread(task);
                    thread.setName(name + "-" + count.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
    }

    /** @throws java.util.concurrent.RejectedExecutionException when all threads are taken, or this is closed */
    @Override
    public void execute(Runnable task) {
        executor.execute(task);
    }

    /** Takes nothing more on; what is being served goes on to its end. */
    @Override
    public void close() {
        executor.shutdown();
    }
}
