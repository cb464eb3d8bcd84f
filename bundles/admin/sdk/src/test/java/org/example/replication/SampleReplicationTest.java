package org.example.replication;

import io.sluice.replication.api.ReplicationStrategyFactory;
import io.sluice.replication.kit.ReplicationStrategyContract;

final class SampleReplicationTest extends ReplicationStrategyContract {
    @Override
    protected ReplicationStrategyFactory factory() {
        return new SampleReplicationFactory();
    }
}
