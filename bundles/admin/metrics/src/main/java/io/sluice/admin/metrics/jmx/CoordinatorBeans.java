package io.sluice.admin.metrics.jmx;

import io.sluice.broker.api.metrics.CoordinatorLoads;
import java.util.Collection;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** How long coordinators take to load their partitions. What is asked of one that was replaced is asked of whom is there now. */
final class CoordinatorBeans {
    private final Collection<CoordinatorLoads> loads;

    CoordinatorBeans(Collection<CoordinatorLoads> loads) {
        this.loads = loads;
    }

    void offerTo(BeanSet beans) {
        for (CoordinatorLoads one : loads) {
            String coordinator = one.coordinator();
            beans.values(
                    "kafka.server:type=" + coordinator + "-coordinator-metrics",
                    Map.of(
                            "partition-load-time-max",
                            () -> loadTime(coordinator, CoordinatorLoads::longestLoadMs),
                            "partition-load-time-avg",
                            () -> loadTime(coordinator, CoordinatorLoads::averageLoadMs)));
        }
    }

    private Object loadTime(String coordinator, ToDoubleFunction<CoordinatorLoads> which) {
        return loads.stream()
                .filter(one -> one.coordinator().equals(coordinator))
                .mapToDouble(which)
                .findFirst()
                .orElse(Double.NaN);
    }
}
