package io.sluice.transport.mina;

import io.sluice.base.Time;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads of one listener: one for what accepts, one for each processor that has connections. Each runs one loop of MINA's and
 * ends with it. It also brings the clock to the processors, which MINA creates with nothing but their executor.
 */
final class IoThreads implements Executor {
    private static final Logger LOG = LoggerFactory.getLogger(IoThreads.class);

    private final String name;
    private final Time time;
    private final List<Thread> running = new CopyOnWriteArrayList<>();
    private int count;

    IoThreads(String listener, Time time) {
        this.name = "sluice-mina-" + listener;
        this.time = time;
    }

    Time time() {
        return time;
    }

    @Override
    public synchronized void execute(Runnable loop) {
        String threadName = name + "-" + ++count;
        Thread thread = new Thread(() -> run(loop), threadName);
        thread.setDaemon(true);
        // Threads that the kernel starts from here inherit it, and they outlive this bundle.
        thread.setContextClassLoader(ClassLoader.getSystemClassLoader());
        thread.setUncaughtExceptionHandler((dead, e) -> LOG.error("thread {} died", threadName, e));
        running.add(thread);
        thread.start();
    }

    private void run(Runnable loop) {
        try {
            loop.run();
        } finally {
            running.remove(Thread.currentThread());
        }
    }

    /** MINA renames the threads that it runs on. */
    void restoreNames() {
        for (Thread thread : running) {
            if (!thread.getName().startsWith(name)) {
                thread.setName(name + "-" + thread.getName());
            }
        }
    }

    boolean isOneOf(Thread thread) {
        return running.contains(thread);
    }

    /** @return whether all have ended; an interrupt is kept for the caller */
    boolean awaitEnd(long timeoutMs) {
        long end = time.nanoseconds() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        boolean interrupted = false;
        for (Thread thread : running) {
            while (thread.isAlive()) {
                long left = TimeUnit.NANOSECONDS.toMillis(end - time.nanoseconds());
                if (left <= 0) {
                    break;
                }
                try {
                    thread.join(left);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return running.stream().noneMatch(Thread::isAlive);
    }
}
