package io.sluice.broker.kernel;

import io.sluice.base.Scheduler;
import io.sluice.broker.api.FetchPosition;
import io.sluice.request.api.Wakeup;
import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what fetches wait for from the disk to the system's page cache, so that no I/O thread has to wait for it. On workers of
 * its own, a few MiB at a time: whoever has more to read takes its turn again behind those who came meanwhile.
 */
final class ColdReads {
    private static final Logger LOG = LoggerFactory.getLogger(ColdReads.class);

    private final Scheduler workers;

    ColdReads(Scheduler workers) {
        this.workers = workers;
    }

    /** One reader's position with its partition. */
    record Position(Partition partition, FetchPosition position) {}

    /** Fires the wake-up when all of it is in memory, or cannot be brought there. */
    void warm(List<Position> positions, int maxBytes, Wakeup wakeup) {
        workers.execute(() -> step(positions, maxBytes, wakeup));
    }

    private void step(List<Position> positions, int maxBytes, Wakeup wakeup) {
        if (wakeup instanceof ParkedRequest parked && parked.isOver()) {
            return;
        }
        int at = 0;
        try {
            while (at < positions.size()) {
                Position one = positions.get(at);
                if (!one.partition().warm(one.position().offset(), maxBytes)) {
                    warm(positions.subList(at, positions.size()), maxBytes, wakeup);
                    return;
                }
                at++;
            }
        } catch (IOException e) {
            LOG.error(
                    "partition {} could not be read",
                    positions.get(at).partition().id(),
                    e);
        }
        wakeup.fire();
    }
}
