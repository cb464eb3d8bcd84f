package io.sluice.broker.kernel;

import io.sluice.broker.api.PartRegistries;
import io.sluice.protocol.ApiKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The registries as people and proofs see them. */
final class KernelParts implements PartRegistries {
    private final EngineHosts engines;
    private final Listeners listeners;
    private final ReplicationHost replication;
    private final SecurityRoles security;
    private final ApiSlots slots;

    KernelParts(
            EngineHosts engines,
            Listeners listeners,
            ReplicationHost replication,
            SecurityRoles security,
            ApiSlots slots) {
        this.engines = engines;
        this.listeners = listeners;
        this.replication = replication;
        this.security = security;
        this.slots = slots;
    }

    @Override
    public List<Part> parts() {
        List<Part> all = new ArrayList<>();
        for (PartRole<?, ?> role : otherRoles()) {
            all.add(part(role, 0));
        }
        for (ApiKey api : present()) {
            all.add(part(slots.role(api), slots.parkedNow(api)));
        }
        return all;
    }

    /** Those that somebody holds, or did, or might. */
    List<PartRole<?, ?>> roles() {
        List<PartRole<?, ?>> all = otherRoles();
        for (ApiKey api : present()) {
            all.add(slots.role(api));
        }
        return all;
    }

    private List<PartRole<?, ?>> otherRoles() {
        List<PartRole<?, ?>> all = new ArrayList<>();
        for (EngineHost host : engines.all()) {
            all.add(host.role());
        }
        all.addAll(listeners.roles());
        all.add(replication.role());
        all.add(security.authenticator());
        all.add(security.authorizer());
        return all;
    }

    private List<ApiKey> present() {
        List<ApiKey> all = new ArrayList<>();
        for (ApiKey api : ApiKey.values()) {
            if (slots.isAdvertised(api) || !slots.role(api).isVacant()) {
                all.add(api);
            }
        }
        return all;
    }

    @Override
    public void forget(String bundle) {
        slots.forget(bundle);
    }

    private static Part part(PartRole<?, ?> role, int parked) {
        PartRole.Standing standing = role.standing();
        return new Part(
                role.kind(),
                role.name(),
                standing.state().label(),
                standing.bundle(),
                standing.version(),
                standing.reason(),
                role.openings(),
                parked,
                role.unreturned() == 0 ? Map.of() : Map.of("unreturned", Integer.toString(role.unreturned())));
    }
}
