package io.sluice.cluster.controller;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks one after the other, in the order in which they came, on threads of an executor. It does not bound itself: those
 * who put requests in count them.
 */
final class SerialQueue {
    private static final Logger LOG = LoggerFactory.getLogger(SerialQueue.class);

    private final Executor executor;
    private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean running = new AtomicBoolean();

    SerialQueue(Executor executor) {
        this.executor = executor;
    }

    /** Runs the task soon on another thread. */
    void submit(Runnable task) {
        tasks.add(task);
        if (running.compareAndSet(false, true)) {
            try {
                executor.execute(this::drain);
            } catch (RuntimeException e) {
                running.set(false);
                throw e;
            }
        }
    }

    /** Runs the task before this returns if nothing runs, else soon. For callers that may be held up. */
    void run(Runnable task) {
        tasks.add(task);
        if (running.compareAndSet(false, true)) {
            drain();
        }
    }

    private void drain() {
        do {
            Runnable task = tasks.poll();
            while (task != null) {
                try {
                    task.run();
                } catch (RuntimeException e) {
                    LOG.error("A task of the controller failed", e);
                }
                task = tasks.poll();
            }
            running.set(false);
        } while (!tasks.isEmpty() && running.compareAndSet(false, true));
    }
}
