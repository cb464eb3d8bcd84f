package io.sluice.broker.kernel;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Faults that the proofs switch on to show that they can fail: the framework property {@code sluice.sabotage} is
 * {@code lose-write} (now and then a batch is acknowledged and not written) or {@code drop-slice} (now and then a reader is
 * given what lies behind its position). Without the property nothing of it happens.
 */
final class Sabotage {
    private static final Logger LOG = LoggerFactory.getLogger(Sabotage.class);
    private static final long WRITES_BETWEEN = 50L;
    private static final long SLICES_BETWEEN = 2L;

    private final boolean losesWrites;
    private final boolean dropsSlices;
    private final AtomicLong chances = new AtomicLong();

    private Sabotage(boolean losesWrites, boolean dropsSlices) {
        this.losesWrites = losesWrites;
        this.dropsSlices = dropsSlices;
    }

    static Sabotage of(@Nullable String name) {
        if (name != null && !name.isEmpty()) {
            LOG.warn("this broker is sabotaged on purpose: {}", name);
        }
        return new Sabotage("lose-write".equals(name), "drop-slice".equals(name));
    }

    boolean losesThisWrite() {
        return losesWrites && chances.incrementAndGet() % WRITES_BETWEEN == 0L;
    }

    boolean dropsThisSlice() {
        return dropsSlices && chances.incrementAndGet() % SLICES_BETWEEN == 0L;
    }
}
