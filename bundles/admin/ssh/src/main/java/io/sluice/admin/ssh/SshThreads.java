package io.sluice.admin.ssh;

import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads that commands and sessions run on, one for each. They are nobody's to interrupt: an interrupt would close the file channel that a command happens to use,
 * for the whole broker. Closing lets running commands finish.
 */
final class SshThreads implements Executor, AutoCloseable {
    /** As many commands and sessions there are at a time, over all connections. */
    static final int SERVED_MAX = 64;

    private static final long IDLE_SECONDS = 10L;

    private final ThreadPoolExecutor executor;

    SshThreads() {
        ThreadFactory plain = Executors.defaultThreadFactory();
        AtomicInteger count = new AtomicInteger();
        this.executor = new ThreadPoolExecutor(
                0, SERVED_MAX, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                    Thread thread = plain.newThread(task);
                    thread.setName("sluice-ssh-" + count.incrementAndGet());
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
