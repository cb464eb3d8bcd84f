package io.sluice.broker.kernel;

import io.sluice.base.RandomSource;
import io.sluice.base.Scheduler;
import io.sluice.base.Time;
import io.sluice.broker.api.AdvertisedApi;
import io.sluice.broker.api.Broker;
import io.sluice.broker.api.Endpoint;
import io.sluice.cluster.api.MetadataSource;
import io.sluice.cluster.api.config.ConfigResolver;
import io.sluice.storage.api.EngineCapability;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** This broker, as handlers and coordinators see it. */
final class KernelBroker implements Broker {
    private final BrokerConfig config;
    private final String clusterId;
    private final long brokerEpoch;
    private final MetadataSource metadata;
    private final EngineHosts engines;
    private final ApiSlots slots;
    private final Time time;
    private final Scheduler scheduler;
    private final RandomSource random;

    KernelBroker(
            BrokerConfig config,
            String clusterId,
            long brokerEpoch,
            MetadataSource metadata,
            EngineHosts engines,
            ApiSlots slots,
            Time time,
            Scheduler scheduler,
            RandomSource random) {
        this.config = config;
        this.clusterId = clusterId;
        this.brokerEpoch = brokerEpoch;
        this.metadata = metadata;
        this.engines = engines;
        this.slots = slots;
        this.time = time;
        this.scheduler = scheduler;
        this.random = random;
    }

    @Override
    public int nodeId() {
        return config.nodeId();
    }

    @Override
    public String clusterId() {
        return clusterId;
    }

    @Override
    public long brokerEpoch() {
        return brokerEpoch;
    }

    @Override
    public Optional<Endpoint> advertised(String listenerName) {
        for (Endpoint endpoint : config.endpoints()) {
            if (endpoint.listenerName().equals(listenerName)) {
                return Optional.of(endpoint);
            }
        }
        return Optional.empty();
    }

    @Override
    public List<Endpoint> endpoints() {
        return config.endpoints();
    }

    @Override
    public Map<String, String> staticConfig() {
        return config.values();
    }

    @Override
    public @Nullable String config(String key) {
        return new ConfigResolver(metadata.image(), config.values(), config.nodeId()).broker(key);
    }

    @Override
    public List<String> storageEngines() {
        return engines.installed();
    }

    @Override
    public Set<EngineCapability> engineCapabilities(String engine) {
        return engines.capabilities(engine);
    }

    @Override
    public List<AdvertisedApi> advertisedApis() {
        return slots.advertised();
    }

    @Override
    public Time time() {
        return time;
    }

    @Override
    public Scheduler scheduler() {
        return scheduler;
    }

    @Override
    public RandomSource random() {
        return random;
    }
}
