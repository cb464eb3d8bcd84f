package io.sluice.coordinator.txn;

import io.sluice.base.RandomSource;
import io.sluice.base.Scheduler;
import io.sluice.base.Time;
import io.sluice.broker.api.AdvertisedApi;
import io.sluice.broker.api.Broker;
import io.sluice.broker.api.Endpoint;
import io.sluice.coordinator.kit.SimulatedScheduler;
import io.sluice.protocol.ApiKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A broker in simulated time. */
final class SimulatedBroker implements Broker {
    final Map<String, String> config = new HashMap<>();
    final List<AdvertisedApi> apis = new ArrayList<>();
    private final SimulatedScheduler scheduler;

    SimulatedBroker(SimulatedScheduler scheduler) {
        this.scheduler = scheduler;
    }

    void advertise(ApiKey api) {
        apis.add(new AdvertisedApi(api, api.lowestVersion(), api.highestStableVersion()));
    }

    @Override
    public int nodeId() {
        return 1;
    }

    @Override
    public String clusterId() {
        return "cluster";
    }

    @Override
    public long brokerEpoch() {
        return 1L;
    }

    @Override
    public Optional<Endpoint> advertised(String listenerName) {
        return Optional.empty();
    }

    @Override
    public List<Endpoint> endpoints() {
        return List.of();
    }

    @Override
    public Map<String, String> staticConfig() {
        return config;
    }

    @Override
    public @Nullable String config(String key) {
        return config.get(key);
    }

    @Override
    public List<String> storageEngines() {
        return List.of();
    }

    @Override
    public List<AdvertisedApi> advertisedApis() {
        return apis;
    }

    @Override
    public Time time() {
        return scheduler;
    }

    @Override
    public Scheduler scheduler() {
        return scheduler;
    }

    @Override
    public RandomSource random() {
        return RandomSource.seeded(1L);
    }
}
