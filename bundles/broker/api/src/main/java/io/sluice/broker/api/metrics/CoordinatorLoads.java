package io.sluice.broker.api.metrics;

import org.osgi.annotation.versioning.ConsumerType;

/** How long a coordinator has taken to load its partitions, in the last minute; a whiteboard service of the coordinator's bundle. Any thread. */
@ConsumerType
public interface CoordinatorLoads {
    /** What it coordinates, as in Kafka's names of metrics: {@code transaction} or {@code group}. */
    String coordinator();

    /** In milliseconds; NaN when none was loaded. */
    double longestLoadMs();

    /** In milliseconds; NaN when none was loaded. */
    double averageLoadMs();
}
