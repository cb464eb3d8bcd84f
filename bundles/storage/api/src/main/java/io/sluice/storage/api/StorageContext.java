package io.sluice.storage.api;

import io.sluice.base.Scheduler;
import io.sluice.base.Time;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What an engine is opened with.
 *
 * @param logDirectories the {@code log.dirs}; an engine with files keeps them there only, the first is the default
 * @param engineDirectory a directory of the engine's own beside them ({@code <data>/<engine>}), made when it is needed
 * @param nodeId the broker's
 * @param clusterId the cluster's
 * @param time clocks
 * @param scheduler for background work; its threads are never interrupted
 * @param handedOver what the previous holder gave in {@link StorageEngine#handOver()}; JDK types only; empty at first start
 */
public record StorageContext(
        List<Path> logDirectories,
        Path engineDirectory,
        int nodeId,
        String clusterId,
        Time time,
        Scheduler scheduler,
        Map<String, Object> handedOver) {
    public StorageContext {
        logDirectories = List.copyOf(logDirectories);
        handedOver = Map.copyOf(handedOver);
    }
}
