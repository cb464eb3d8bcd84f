package io.sluice.broker.kernel;

import io.sluice.broker.api.metrics.ApiTraffic;
import io.sluice.broker.api.metrics.BrokerMetrics;
import io.sluice.broker.api.metrics.LatencySnapshot;
import io.sluice.broker.api.metrics.PartSwaps;
import io.sluice.broker.api.metrics.RequestMemoryUse;
import io.sluice.broker.api.metrics.TopicTraffic;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The kernel's counts as other bundles see them. Any thread. */
final class KernelMetrics implements BrokerMetrics {
    private final RequestDispatcher dispatcher;
    private final TrafficBook traffic;
    private final SyncQueue syncs;
    private final KernelParts parts;

    KernelMetrics(RequestDispatcher dispatcher, TrafficBook traffic, SyncQueue syncs, KernelParts parts) {
        this.dispatcher = dispatcher;
        this.traffic = traffic;
        this.syncs = syncs;
        this.parts = parts;
    }

    @Override
    public List<ApiTraffic> apis() {
        return dispatcher.counters().snapshot();
    }

    @Override
    public List<TopicTraffic> topics() {
        return traffic.topics();
    }

    @Override
    public TopicTraffic total() {
        return traffic.total();
    }

    @Override
    public List<PartSwaps> parts() {
        List<PartSwaps> all = new ArrayList<>();
        for (PartRole<?, ?> role : parts.roles()) {
            all.add(role.swaps());
        }
        return all;
    }

    @Override
    public LatencySnapshot syncs() {
        return syncs.counters().latency().snapshot();
    }

    @Override
    public long failedSyncs() {
        return syncs.counters().failed().sum();
    }

    @Override
    public RequestMemoryUse requestMemory() {
        RequestMemory memory = dispatcher.memory();
        return new RequestMemoryUse(memory.usedBytes(), memory.ceilingBytes(), memory.isScarce());
    }

    @Override
    public Map<String, Integer> connections() {
        return dispatcher.inFlight().byListener(KernelLocalClient.LISTENER);
    }

    @Override
    public long connectionsOpened() {
        return dispatcher.inFlight().opened();
    }
}
