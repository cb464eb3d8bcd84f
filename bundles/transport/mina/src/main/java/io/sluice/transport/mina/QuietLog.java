package io.sluice.transport.mina;

import io.sluice.base.Time;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;

/** Says what befell connections, a few lines a second at most, and how many lines were left out. For any thread. */
final class QuietLog {
    private static final int LINES_A_SECOND = 10;
    private static final long SECOND_NANOS = 1_000_000_000L;

    private final Logger log;
    private final Time time;
    private final AtomicLong leftOut = new AtomicLong();
    private long second;
    private int lines;

    QuietLog(Logger log, Time time) {
        this.log = log;
        this.time = time;
        this.second = time.nanoseconds();
    }

    void info(String line) {
        if (mayWrite()) {
            log.info("{}{}", line, others());
        }
    }

    void warn(String line) {
        if (mayWrite()) {
            log.warn("{}{}", line, others());
        }
    }

    void error(String line, Throwable cause) {
        if (mayWrite()) {
            log.error("{}{}", line, others(), cause);
        }
    }

    /** Says how many lines were left out since the last that was written. */
    void close() {
        long count = leftOut.getAndSet(0L);
        if (count > 0L) {
            log.info("{} lines about connections were left out", count);
        }
    }

    private String others() {
        long count = leftOut.getAndSet(0L);
        return count == 0L ? "" : " (" + count + " lines like this were left out before)";
    }

    private boolean mayWrite() {
        synchronized (this) {
            long now = time.nanoseconds();
            if (now - second >= SECOND_NANOS) {
                second = now;
                lines = 0;
            }
            if (lines++ < LINES_A_SECOND) {
                return true;
            }
        }
        leftOut.incrementAndGet();
        return false;
    }
}
