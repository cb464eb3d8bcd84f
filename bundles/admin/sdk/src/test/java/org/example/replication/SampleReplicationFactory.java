package org.example.replication;

import io.sluice.replication.api.ReplicationStrategy;
import io.sluice.replication.api.ReplicationStrategyFactory;
import io.sluice.replication.api.ReplicationType;
import org.osgi.service.component.annotations.Component;

/** Offers the strategy: the broker key {@code replication.type=sample} chooses it. */
@Component(service = ReplicationStrategyFactory.class)
@ReplicationType("sample")
public final class SampleReplicationFactory implements ReplicationStrategyFactory {
    @Override
    public ReplicationStrategy open() {
        return new SampleReplication();
    }
}
