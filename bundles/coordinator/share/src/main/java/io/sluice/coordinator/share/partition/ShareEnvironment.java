package io.sluice.coordinator.share.partition;

import io.sluice.base.Scheduler;
import io.sluice.base.Time;
import io.sluice.broker.api.Partitions;
import io.sluice.coordinator.share.ShareGroupSettings;
import io.sluice.coordinator.share.state.StatePersister;
import java.util.function.Function;

/**
 * What all share partitions of a broker work with.
 *
 * @param settings a group's configuration, asked for each time
 */
public record ShareEnvironment(
        StatePersister persister,
        Partitions partitions,
        Scheduler scheduler,
        Time time,
        Function<String, ShareGroupSettings> settings,
        DeadLetterOffice deadLetters) {
    private static final long NANOS = 1_000_000L;

    long monotonicMs() {
        return time.nanoseconds() / NANOS;
    }
}
