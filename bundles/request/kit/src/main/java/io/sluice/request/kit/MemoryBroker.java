package io.sluice.request.kit;

import io.sluice.base.RandomSource;
import io.sluice.base.Scheduler;
import io.sluice.base.Time;
import io.sluice.broker.api.AdvertisedApi;
import io.sluice.broker.api.Broker;
import io.sluice.broker.api.Endpoint;
import io.sluice.protocol.ApiKey;
import io.sluice.storage.api.EngineCapability;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Broker 1 of a cluster of its own; its keys and what is installed are the test's to set. It has no scheduler but the test's. */
public final class MemoryBroker implements Broker {
    public static final String CLUSTER_ID = "test-cluster";

    private final Map<String, String> config = new ConcurrentHashMap<>();
    private final List<AdvertisedApi> apis = new CopyOnWriteArrayList<>();
    private final List<String> engines = new CopyOnWriteArrayList<>(List.of("memory", "segment"));

    private final @Nullable Scheduler scheduler;
    private final Time time;

    public MemoryBroker() {
        this(null, Time.SYSTEM);
    }

    public MemoryBroker(@Nullable Scheduler scheduler, Time time) {
        this.scheduler = scheduler;
        this.time = time;
        config.put("auto.create.topics.enable", "true");
    }

    public MemoryBroker set(String key, String value) {
        config.put(key, value);
        return this;
    }

    /** As if a handler for this API were installed. */
    public MemoryBroker advertise(ApiKey api) {
        apis.add(new AdvertisedApi(api, api.lowestVersion(), api.highestStableVersion()));
        return this;
    }

    @Override
    public int nodeId() {
        return 1;
    }

    @Override
    public String clusterId() {
        return CLUSTER_ID;
    }

    @Override
    public long brokerEpoch() {
        return 1L;
    }

    @Override
    public Optional<Endpoint> advertised(String listenerName) {
        return endpoints().stream()
                .filter(endpoint -> endpoint.listenerName().equals(listenerName))
                .findFirst();
    }

    @Override
    public List<Endpoint> endpoints() {
        return List.of(new Endpoint(RecordingRequest.LISTENER, "PLAINTEXT", "127.0.0.1", 19092));
    }

    @Override
    public Map<String, String> staticConfig() {
        return Map.copyOf(config);
    }

    @Override
    public @Nullable String config(String key) {
        return config.get(key);
    }

    @Override
    public List<String> storageEngines() {
        return new ArrayList<>(engines);
    }

    /** The engine {@code memory} cannot sync. */
    @Override
    public Set<EngineCapability> engineCapabilities(String engine) {
        return engine.equals("memory")
                ? EngineCapability.allBut(EngineCapability.SYNCED_WRITES)
                : EnumSet.allOf(EngineCapability.class);
    }

    @Override
    public List<AdvertisedApi> advertisedApis() {
        return List.copyOf(apis);
    }

    @Override
    public Time time() {
        return time;
    }

    @Override
    public Scheduler scheduler() {
        if (scheduler == null) {
            throw new UnsupportedOperationException("this broker has no threads");
        }
        return scheduler;
    }

    @Override
    public RandomSource random() {
        return RandomSource.seeded(1L);
    }
}
