package io.sluice.broker.api;

import io.sluice.base.RandomSource;
import io.sluice.base.Scheduler;
import io.sluice.base.Time;
import io.sluice.storage.api.EngineCapability;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.osgi.annotation.versioning.ProviderType;

/** This broker, as handlers and coordinators see it. A service of the kernel's, registered when the metadata is loaded. */
@ProviderType
public interface Broker {
    int nodeId();

    String clusterId();

    /** From the registration with the controller (KIP-380). */
    long brokerEpoch();

    /** The address that clients of this listener are told; empty for an unknown listener. */
    Optional<Endpoint> advertised(String listenerName);

    List<Endpoint> endpoints();

    /** The keys that were given at start ({@code --set}, {@code --config}, {@code etc/}), by Kafka's names. */
    Map<String, String> staticConfig();

    /** The value that holds now for a broker key: dynamic, static, or default. Null when the key has no default. */
    @org.jspecify.annotations.Nullable
    String config(String key);

    /** The engines that can be chosen now. */
    List<String> storageEngines();

    /** What an engine can do; everything when nothing is known of it, because it is not there. */
    default Set<EngineCapability> engineCapabilities(String engine) {
        return EnumSet.allOf(EngineCapability.class);
    }

    /** The APIs that are advertised now. */
    List<AdvertisedApi> advertisedApis();

    Time time();

    Scheduler scheduler();

    RandomSource random();
}
