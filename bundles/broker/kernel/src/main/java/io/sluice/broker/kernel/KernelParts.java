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
        for (EngineHost host : engines.all()) {
            all.add(part(host.role(), 0));
        }
        for (PartRole<?, ?> role : listeners.roles()) {
            all.add(part(role, 0));
        }
        all.add(part(replication.role(), 0));
        all.add(part(security.authenticator(), 0));
        all.add(part(security.authorizer(), 0));
        for (ApiKey api : ApiKey.values()) {
            if (slots.isAdvertised(api) || !slots.role(api).isVacant()) {
                all.add(part(slots.role(api), slots.parkedNow(api)));
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
