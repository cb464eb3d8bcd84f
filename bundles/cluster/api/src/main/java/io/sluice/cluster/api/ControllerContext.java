package io.sluice.cluster.api;

import io.sluice.base.RandomSource;
import io.sluice.base.Scheduler;
import io.sluice.base.Time;
import java.util.Map;

/**
 * What a controller is opened with.
 *
 * @param staticConfig the broker's keys as given at start, for defaults of new topics
 */
public record ControllerContext(
        int nodeId,
        String clusterId,
        Map<String, String> staticConfig,
        Time time,
        Scheduler scheduler,
        RandomSource random) {
    public ControllerContext {
        staticConfig = Map.copyOf(staticConfig);
    }
}
