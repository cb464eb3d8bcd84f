package io.sluice.replication.kit;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.ErrorCode;
import io.sluice.base.TopicIdPartition;
import io.sluice.base.Uuid;
import io.sluice.replication.api.LeaderState;
import io.sluice.replication.api.PartitionReplication;
import io.sluice.replication.api.ReplicationStrategy;
import io.sluice.replication.api.ReplicationStrategyFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DelayedReplicationTest extends ReplicationStrategyContract {
    private static final TopicIdPartition PARTITION = new TopicIdPartition(new Uuid(2, 2), "orders", 0);
    private static final LeaderState STATE = new LeaderState(0, 0, List.of(1), List.of(1), 1);

    private final DelayedReplication delayed = new DelayedReplication();
    private final List<Long> commits = new ArrayList<>();

    @Override
    protected ReplicationStrategyFactory factory() {
        return delayed;
    }

    @Override
    protected void replicate(ReplicationStrategy strategy) {
        delayed.commitAll();
    }

    @Test
    void shouldCommitOnlyWhatTheTestCommits() {
        PartitionReplication replication = delayed.lead(PARTITION, STATE, 0, 0, commits::add);

        replication.appended(10);
        assertThat(replication.highWatermark()).isZero();
        assertThat(commits).isEmpty();

        delayed.commit(PARTITION, 4);
        assertThat(replication.highWatermark()).isEqualTo(4);

        delayed.commit(PARTITION, 400);
        assertThat(commits).containsExactly(4L, 10L);
        assertThat(delayed.logEndOffset(PARTITION)).isEqualTo(10);
    }

    @Test
    void shouldCommitAtOnceWhenTold() {
        PartitionReplication replication = delayed.lead(PARTITION, STATE, 0, 0, commits::add);
        delayed.immediate(true);

        replication.appended(10);

        assertThat(commits).containsExactly(10L);
    }

    @Test
    void shouldRefuseWhenTold() {
        PartitionReplication replication = delayed.lead(PARTITION, STATE, 0, 0, commits::add);

        delayed.refuse(ErrorCode.KAFKA_STORAGE_ERROR);
        assertThat(replication.admit((short) 0)).isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR);

        delayed.refuse(ErrorCode.NONE);
        assertThat(replication.admit((short) -1)).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldSayWhatIsOpen() {
        PartitionReplication replication = delayed.lead(PARTITION, STATE, 0, 0, commits::add);
        assertThat(delayed.open(PARTITION)).containsExactly(PARTITION);
        assertThat(delayed.state(PARTITION)).isEqualTo(STATE);

        replication.close();

        assertThat(delayed.open(PARTITION)).isEmpty();
    }
}
