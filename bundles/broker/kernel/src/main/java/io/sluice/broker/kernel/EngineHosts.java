package io.sluice.broker.kernel;

import io.sluice.storage.api.EngineCapability;
import io.sluice.storage.api.PartitionLog;
import io.sluice.storage.api.StorageEngineFactory;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;

/** The storage engines by name; a host is made when an engine appears, or when a topic asks for one that is not there yet. */
final class EngineHosts {
    private final Map<String, EngineHost> hosts = new ConcurrentSkipListMap<>();
    private final RoleContext roles;
    private final EngineHost.Environment environment;

    EngineHosts(RoleContext roles, EngineHost.Environment environment) {
        this.roles = roles;
        this.environment = environment;
    }

    EngineHost host(String engine) {
        return hosts.computeIfAbsent(engine, name -> new EngineHost(name, roles, environment));
    }

    void offer(String engine, PartRole.Candidate<StorageEngineFactory> candidate) {
        host(engine).role().offer(candidate);
    }

    void withdraw(String engine, Object key) {
        host(engine).role().withdraw(key);
    }

    /**
     * Ends a partition for good and removes its data.
     *
     * @param before what else there is of it goes first, on the same thread
     */
    void delete(Partition partition, Runnable before) {
        EngineHost announced = host(partition.engine());
        announced.leaving(partition);
        PartitionLog log = partition.leave();
        environment.scheduler().execute(() -> {
            try {
                before.run();
                host(partition.engine()).deleteNow(partition, log);
            } finally {
                announced.left(partition);
            }
        });
    }

    Collection<EngineHost> all() {
        return hosts.values();
    }

    /** What an engine can do; everything when no bundle offers it now. */
    Set<EngineCapability> capabilities(String engine) {
        EngineHost host = hosts.get(engine);
        StorageEngineFactory factory = host == null ? null : host.role().best();
        return factory == null ? EnumSet.allOf(EngineCapability.class) : Set.copyOf(factory.capabilities());
    }

    /** The engines that a topic can choose now. */
    List<String> installed() {
        List<String> names = new ArrayList<>();
        for (EngineHost host : hosts.values()) {
            if (!host.role().isVacant()) {
                names.add(host.name());
            }
        }
        return names;
    }
}
