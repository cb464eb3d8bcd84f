package io.sluice.coordinator.runtime;

import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Timers by key. Putting one off, as every heartbeat does, costs no change of the heap: the entry is moved when it comes up too early. For one
 * thread at a time; times are milliseconds of a monotonic clock.
 */
final class TimerQueue<R> implements Timers<R> {
    private static final class Entry<R> implements Comparable<Entry<R>> {
        final Object key;
        final long order;
        long queuedAt;
        long deadline;

        @Nullable
        Consumer<Turn<R>> action;

        Entry(Object key, long order, long deadline, Consumer<Turn<R>> action) {
            this.key = key;
            this.order = order;
            this.queuedAt = deadline;
            this.deadline = deadline;
            this.action = action;
        }

        @Override
        public int compareTo(Entry<R> other) {
            int byTime = Long.compare(queuedAt, other.queuedAt);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    private final LongSupplier clockMs;
    private final Map<Object, Entry<R>> byKey = new HashMap<>();
    private final PriorityQueue<Entry<R>> queue = new PriorityQueue<>();
    private long order;

    TimerQueue(LongSupplier clockMs) {
        this.clockMs = clockMs;
    }

    @Override
    public void set(Object key, long delayMs, Consumer<Turn<R>> action) {
        long deadline = clockMs.getAsLong() + Math.max(0L, delayMs);
        Entry<R> present = byKey.get(key);
        if (present != null && deadline >= present.queuedAt) {
            present.deadline = deadline;
            present.action = action;
            return;
        }
        if (present != null) {
            present.action = null;
        }
        Entry<R> entry = new Entry<>(key, order++, deadline, action);
        byKey.put(key, entry);
        queue.add(entry);
    }

    @Override
    public void cancel(Object key) {
        Entry<R> present = byKey.remove(key);
        if (present != null) {
            present.action = null;
        }
    }

    /** Takes the next timer that is due, or null. */
    @Nullable
    Consumer<Turn<R>> pollDue() {
        long now = clockMs.getAsLong();
        while (true) {
            Entry<R> head = live();
            if (head == null || head.queuedAt > now) {
                return null;
            }
            queue.poll();
            byKey.remove(head.key);
            return head.action;
        }
    }

    /** When the next timer is due, or -1. */
    long nextDeadline() {
        Entry<R> head = live();
        return head == null ? -1L : head.queuedAt;
    }

    /** The head, after cancelled entries are dropped and those put off are moved. */
    private @Nullable Entry<R> live() {
        while (true) {
            Entry<R> head = queue.peek();
            if (head == null) {
                return null;
            }
            if (head.action == null) {
                queue.poll();
            } else if (head.deadline > head.queuedAt) {
                queue.poll();
                head.queuedAt = head.deadline;
                queue.add(head);
            } else {
                return head;
            }
        }
    }
}
