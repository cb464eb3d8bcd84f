package io.sluice.broker.kernel;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Faults that the proofs switch on to show that they can fail: the framework property {@code sluice.sabotage} is
 * {@code lose-write} (now and then a batch is acknowledged and not written), {@code drop-slice} (now and then a reader is
 * given what lies behind its position), {@code skip-drain} (a part that leaves is closed without finishing what is in
 * flight) or {@code forget-lease} (now and then the use of a part never ends). Without the property nothing of it happens.
 */
final class Sabotage {
    private static final Logger LOG = LoggerFactory.getLogger(Sabotage.class);
    private static final long WRITES_BETWEEN = 50L;
    private static final long SLICES_BETWEEN = 2L;
    private static final long LEASES_BETWEEN = 100L;

    private final boolean losesWrites;
    private final boolean dropsSlices;
    private final boolean skipsDrains;
    private final boolean forgetsLeases;
    private final AtomicLong chances = new AtomicLong();

    private Sabotage(String name) {
        losesWrites = name.equals("lose-write");
        dropsSlices = name.equals("drop-slice");
        skipsDrains = name.equals("skip-drain");
        forgetsLeases = name.equals("forget-lease");
    }

    static Sabotage of(@Nullable String name) {
        if (name != null && !name.isEmpty()) {
            LOG.warn("this broker is sabotaged on purpose: {}", name);
        }
        return new Sabotage(name == null ? "" : name);
    }

    boolean losesThisWrite() {
        return losesWrites && chances.incrementAndGet() % WRITES_BETWEEN == 0L;
    }

    boolean dropsThisSlice() {
        return dropsSlices && chances.incrementAndGet() % SLICES_BETWEEN == 0L;
    }

    boolean skipsDrain() {
        return skipsDrains;
    }

    boolean forgetsThisLease() {
        return forgetsLeases && chances.incrementAndGet() % LEASES_BETWEEN == 0L;
    }
}
