package io.sluice.storage.segment;

import io.sluice.base.Scheduler;
import java.io.IOException;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the number of files that an engine's logs have open near a budget: now and then, after so many were opened, those go that nobody
 * used lately, and are opened again when they are needed. A process may have 20,000 partitions and a limit of as many files.
 */
final class OpenFiles {
    private static final Logger LOG = LoggerFactory.getLogger(OpenFiles.class);
    private static final int BUDGET = 1_000;
    private static final int OPENINGS_BETWEEN = 250;

    private final Scheduler scheduler;
    private final Supplier<Collection<SegmentedLog>> logs;
    private final AtomicInteger openings = new AtomicInteger();
    private final AtomicBoolean busy = new AtomicBoolean();

    OpenFiles(Scheduler scheduler, Supplier<Collection<SegmentedLog>> logs) {
        this.scheduler = scheduler;
        this.logs = logs;
    }

    /** A file is being opened. Any thread; takes no lock. */
    void opening() {
        if (openings.incrementAndGet() >= OPENINGS_BETWEEN && busy.compareAndSet(false, true)) {
            scheduler.execute(this::reduce);
        }
    }

    private void reduce() {
        openings.set(0);
        try {
            Collection<SegmentedLog> all = logs.get();
            int open = count(all);
            if (open > BUDGET) {
                release(all); // those that were not used since the last time, and remembers which are
            }
            if (open > 2 * BUDGET) {
                release(all);
            }
        } finally {
            busy.set(false);
        }
    }

    private static int count(Collection<SegmentedLog> all) {
        int open = 0;
        for (SegmentedLog log : all) {
            open += log.openFiles();
        }
        return open;
    }

    private static void release(Collection<SegmentedLog> all) {
        for (SegmentedLog log : all) {
            try {
                log.releaseIdle();
            } catch (IOException e) {
                LOG.warn("files of {} stay open", log.partition(), e);
            }
        }
    }
}
