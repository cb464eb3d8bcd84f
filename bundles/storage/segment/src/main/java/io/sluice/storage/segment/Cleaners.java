package io.sluice.storage.segment;

import io.sluice.base.Time;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What compactions of all logs share: how many may run at a time, their memory and their bytes per second, by the broker's keys as they
 * stand. Safe for several threads.
 */
final class Cleaners {
    private static final long KEY_BYTES = 128L * 1024 * 1024;
    /** Kafka's least for each thread. */
    private static final long KEY_BYTES_LEAST = 1024L * 1024;

    private static final int IO_BYTES = 512 * 1024;
    private static final int IO_BYTES_LEAST = 4 * 1024;
    /** A quarter of the heap at most is spent on keys, however much is configured. */
    private static final int HEAP_SHARE = 4;

    private final Function<String, @Nullable String> brokerConfig;
    private final IoThrottle throttle;
    private final boolean sabotaged;
    private int running;

    Cleaners(Function<String, @Nullable String> brokerConfig, Time time) {
        this.brokerConfig = brokerConfig;
        this.throttle = new IoThrottle(
                time,
                () -> Double.parseDouble(
                        text("log.cleaner.io.max.bytes.per.second", Double.toString(Double.MAX_VALUE))));
        this.sabotaged = "forget-key".equals(brokerConfig.apply("sluice.sabotage"));
    }

    private String text(String key, String otherwise) {
        String value = brokerConfig.apply(key);
        return value == null ? otherwise : value.trim();
    }

    private int threads() {
        return Integer.parseInt(text("log.cleaner.threads", "1"));
    }

    /** Takes a place among those that run; false when there is none, or compaction is off. {@link #end} gives it back. */
    synchronized boolean begin() {
        if (running >= threads() || !Boolean.parseBoolean(text("log.cleaner.enable", "true"))) {
            return false;
        }
        running++;
        return true;
    }

    synchronized void end() {
        running--;
    }

    /** How much memory one compaction may take for its keys. */
    long keyBytes() {
        long all = Long.parseLong(text("log.cleaner.dedupe.buffer.size", Long.toString(KEY_BYTES)));
        long possible = Math.min(all, Runtime.getRuntime().maxMemory() / HEAP_SHARE);
        return Math.max(KEY_BYTES_LEAST, possible / Math.max(1, threads()));
    }

    /** How many bytes one compaction reads, and writes, at a time. */
    int ioBytes() {
        int all = Integer.parseInt(text("log.cleaner.io.buffer.size", Integer.toString(IO_BYTES)));
        return Math.max(IO_BYTES_LEAST, all / Math.max(1, threads()) / 2);
    }

    IoThrottle throttle() {
        return throttle;
    }

    /** Whether records are to be lost on purpose, for the proof of compaction to find. */
    boolean isSabotaged() {
        return sabotaged;
    }
}
