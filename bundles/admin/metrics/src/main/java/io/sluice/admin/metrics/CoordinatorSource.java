package io.sluice.admin.metrics;

import io.sluice.broker.api.metrics.CoordinatorLoads;
import io.sluice.broker.api.metrics.MetricSink;
import io.sluice.broker.api.metrics.MetricSource;
import java.util.Collection;

/** How long coordinators took to load their partitions; nothing of those that have loaded none lately. */
final class CoordinatorSource implements MetricSource {
    private final Collection<CoordinatorLoads> loads;

    /** @param loads may change while it is used */
    CoordinatorSource(Collection<CoordinatorLoads> loads) {
        this.loads = loads;
    }

    @Override
    public void collect(MetricSink sink) {
        for (CoordinatorLoads one : loads) {
            double longestMs = one.longestLoadMs();
            double averageMs = one.averageLoadMs();
            if (Double.isNaN(longestMs) || Double.isNaN(averageMs)) {
                continue;
            }
            sink.gauge(
                    "sluice_coordinator_load_longest_seconds",
                    "How long a coordinator took for one of its partitions at worst, in the last minute.",
                    longestMs / 1e3,
                    "coordinator",
                    one.coordinator());
            sink.gauge(
                    "sluice_coordinator_load_average_seconds",
                    "How long a coordinator took for one of its partitions, in the last minute.",
                    averageMs / 1e3,
                    "coordinator",
                    one.coordinator());
        }
    }
}
