package io.sluice.replication.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.TopicIdPartition;
import io.sluice.base.Uuid;
import io.sluice.replication.api.LeaderState;
import io.sluice.replication.api.PartitionReplication;
import io.sluice.replication.api.ReplicationStrategyFactory;
import io.sluice.replication.kit.ReplicationStrategyContract;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LocalReplicationTest extends ReplicationStrategyContract {
    @Override
    protected ReplicationStrategyFactory factory() {
        return new LocalReplicationFactory();
    }

    @Test
    void shouldCommitWithinTheAppend() {
        List<Long> commits = new ArrayList<>();
        PartitionReplication replication = factory()
                .open()
                .lead(
                        new TopicIdPartition(new Uuid(1, 2), "orders", 0),
                        new LeaderState(0, 0, List.of(1), List.of(1), 1),
                        0,
                        0,
                        commits::add);

        replication.appended(7);

        assertThat(commits).containsExactly(7L);
        assertThat(replication.highWatermark()).isEqualTo(7);
    }
}
