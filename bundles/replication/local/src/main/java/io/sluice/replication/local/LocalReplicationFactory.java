package io.sluice.replication.local;

import io.sluice.replication.api.ReplicationStrategy;
import io.sluice.replication.api.ReplicationStrategyFactory;
import io.sluice.replication.api.ReplicationType;
import org.osgi.service.component.annotations.Component;

/** Offers the strategy {@code local}. */
@Component(service = ReplicationStrategyFactory.class)
@ReplicationType("local")
public final class LocalReplicationFactory implements ReplicationStrategyFactory {
    @Override
    public ReplicationStrategy open() {
        return new LocalReplication();
    }
}
