package io.sluice.demo;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What was written and read. Each partition has numbers of its own, from 0 on: a number that is read too late, twice or never
 * shows. Any thread may ask; one writes for each side.
 */
final class Tally {
    private final long[] next;
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicLong read = new AtomicLong();
    private final AtomicLong skipped = new AtomicLong();
    private final AtomicLong repeated = new AtomicLong();
    private final AtomicLong longestGapNanos = new AtomicLong();
    private final AtomicLong longestOfAllNanos = new AtomicLong();
    private final AtomicLong lastAcknowledgedNanos = new AtomicLong();
    private final Queue<String> errors = new ConcurrentLinkedQueue<>();

    Tally(int partitions) {
        this.next = new long[partitions];
    }

    void acknowledged(long nowNanos) {
        long before = lastAcknowledgedNanos.getAndSet(nowNanos);
        if (before != 0) {
            longestGapNanos.accumulateAndGet(nowNanos - before, Math::max);
            longestOfAllNanos.accumulateAndGet(nowNanos - before, Math::max);
        }
        acknowledged.incrementAndGet();
    }

    void read(int partition, long number) {
        long expected = next[partition];
        if (number < expected) {
            repeated.incrementAndGet();
        } else {
            skipped.addAndGet(number - expected);
            next[partition] = number + 1;
        }
        read.incrementAndGet();
    }

    void error(String what) {
        errors.add(what);
    }

    Queue<String> errors() {
        return errors;
    }

    long acknowledged() {
        return acknowledged.get();
    }

    long read() {
        return read.get();
    }

    /** Acknowledged, and not read. */
    long lost() {
        return Math.max(skipped.get(), acknowledged() - (read() - repeated()));
    }

    long repeated() {
        return repeated.get();
    }

    /** The longest time between two acknowledgements since the last call. */
    long takePauseMs() {
        return longestGapNanos.getAndSet(0) / 1_000_000L;
    }

    long longestPauseMs() {
        return longestOfAllNanos.get() / 1_000_000L;
    }
}
