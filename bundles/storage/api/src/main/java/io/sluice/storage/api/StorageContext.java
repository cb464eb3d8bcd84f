package io.sluice.storage.api;

import io.sluice.base.Scheduler;
import io.sluice.base.Time;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What an engine is opened with.
 *
 * @param logDirectories the {@code log.dirs}; an engine with files keeps them there only, the first is the default
 * @param engineDirectory a directory of the engine's own beside them ({@code <data>/<engine>}), made when it is needed
 * @param nodeId the broker's
 * @param clusterId the cluster's
 * @param time clocks
 * @param scheduler for background work; its threads are never interrupted
 * @param brokerConfig the value of a broker's key as it stands when it is asked, default included; null for a key that has none
 * @param handedOver what the previous holder gave in {@link StorageEngine#handOver()}; JDK types only; empty at first start
 */
public record StorageContext(
        List<Path> logDirectories,
        Path engineDirectory,
        int nodeId,
        String clusterId,
        Time time,
        Scheduler scheduler,
        Function<String, @Nullable String> brokerConfig,
        Map<String, Object> handedOver) {
    public StorageContext {
        logDirectories = List.copyOf(logDirectories);
        handedOver = Map.copyOf(handedOver);
    }

    /** Without a broker: every key is unset. */
    public StorageContext(
            List<Path> logDirectories,
            Path engineDirectory,
            int nodeId,
            String clusterId,
            Time time,
            Scheduler scheduler,
            Map<String, Object> handedOver) {
        this(logDirectories, engineDirectory, nodeId, clusterId, time, scheduler, key -> null, handedOver);
    }
}
