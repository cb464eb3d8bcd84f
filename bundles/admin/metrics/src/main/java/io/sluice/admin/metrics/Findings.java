package io.sluice.admin.metrics;

import io.sluice.admin.api.HealthCheck;
import io.sluice.admin.api.HealthCheck.Finding;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the checks find. They ask coordinators and partitions and may take as long as those do, so one thread at a time looks, and what it found is told for a
 * while; whoever asks meanwhile is told what was found before, and does not wait. Any thread.
 */
final class Findings {
    /** So long what was found is told again. */
    static final long FRESH_MS = 5_000L;

    private static final Logger LOG = LoggerFactory.getLogger(Findings.class);

    private final Collection<HealthCheck> checks;
    private final LongSupplier nowMs;
    private final ReentrantLock looking = new ReentrantLock();
    private volatile Found found = new Found(List.of(), 0L, false);

    private record Found(List<Finding> list, long atMs, boolean looked) {}

    /**
     * @param checks may change while it is used
     * @param nowMs a clock that does not jump
     */
    Findings(Collection<HealthCheck> checks, LongSupplier nowMs) {
        this.checks = checks;
        this.nowMs = nowMs;
    }

    List<Finding> now() {
        if (!isFresh() && looking.tryLock()) {
            try {
                if (!isFresh()) {
                    List<Finding> list = look();
                    found = new Found(list, nowMs.getAsLong(), true);
                }
            } finally {
                looking.unlock();
            }
        }
        return found.list;
    }

    private boolean isFresh() {
        Found last = found;
        return last.looked && nowMs.getAsLong() - last.atMs < FRESH_MS;
    }

    private List<Finding> look() {
        List<Finding> list = new ArrayList<>();
        for (HealthCheck check : checks) {
            try {
                list.addAll(check.look());
            } catch (RuntimeException | LinkageError e) {
                LOG.warn("{} failed", check.getClass().getName(), e);
                list.add(
                        Finding.warning(check.getClass().getName(), "this check failed: " + e, "log:tail shows where"));
            }
        }
        return List.copyOf(list);
    }
}
