package io.sluice.broker.api.metrics;

import java.util.List;
import java.util.Map;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What the kernel counts. A service of the kernel's; any thread, nothing waits. Each answer is a snapshot, of which the parts need not be of quite the
 * same moment.
 */
@ProviderType
public interface BrokerMetrics {
    /** Those of which there were requests. */
    List<ApiTraffic> apis();

    /** Those of which this broker has partitions. */
    List<TopicTraffic> topics();

    /** All topics together, deleted ones included, so that it never falls. */
    TopicTraffic total();

    List<PartSwaps> parts();

    /** The fsyncs that producers waited for ({@code durability=group}). */
    LatencySnapshot syncs();

    /** Those of them that failed. */
    long failedSyncs();

    RequestMemoryUse requestMemory();

    /** How many connections are open now, by listener. */
    Map<String, Integer> connections();

    /** Since the start. */
    long connectionsOpened();
}
