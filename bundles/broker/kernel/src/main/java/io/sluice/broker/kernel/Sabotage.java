package io.sluice.broker.kernel;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Faults that the proofs switch on to show that they can fail: the framework property {@code sluice.sabotage} is
 * {@code lose-write} (now and then a batch is acknowledged and not written), {@code drop-slice} (now and then a reader is
 * given what lies behind its position) or {@code forget-lease} (a part that is replaced is never given back). Without the
 * property nothing of it happens.
 */
final class Sabotage {
    private static final Logger LOG = LoggerFactory.getLogger(Sabotage.class);
    private static final long EVERY = 50L;

    private final boolean losesWrites;
    private final boolean dropsSlices;
    private final boolean forgetsLeases;
    private final AtomicLong chances = new AtomicLong();

    private Sabotage(boolean losesWrites, boolean dropsSlices, boolean forgetsLeases) {
        this.losesWrites = losesWrites;
        this.dropsSlices = dropsSlices;
        this.forgetsLeases = forgetsLeases;
    }

    static Sabotage of(@Nullable String name) {
        if (name != null && !name.isEmpty()) {
            LOG.warn("this broker is sabotaged on purpose: {}", name);
        }
        return new Sabotage("lose-write".equals(name), "drop-slice".equals(name), "forget-lease".equals(name));
    }

    boolean losesThisWrite() {
        return losesWrites && chances.incrementAndGet() % EVERY == 0L;
    }

    boolean dropsThisSlice() {
        return dropsSlices && chances.incrementAndGet() % EVERY == 0L;
    }

    boolean forgetsLeases() {
        return forgetsLeases;
    }
}
