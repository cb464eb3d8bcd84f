package io.sluice.replication.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.base.ErrorCode;
import io.sluice.base.TopicIdPartition;
import io.sluice.base.Uuid;
import io.sluice.replication.api.LeaderState;
import io.sluice.replication.api.PartitionReplication;
import io.sluice.replication.api.ReplicationStrategy;
import io.sluice.replication.api.ReplicationStrategyFactory;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every replication strategy does for a partition whose followers, if it has any, follow. */
public abstract class ReplicationStrategyContract {
    private static final TopicIdPartition ONE = new TopicIdPartition(new Uuid(1, 1), "orders", 0);
    private static final TopicIdPartition OTHER = new TopicIdPartition(new Uuid(1, 1), "orders", 1);

    private final List<Long> commits = new CopyOnWriteArrayList<>();
    private ReplicationStrategy strategy;

    /** A new factory of the strategy under test. */
    protected abstract ReplicationStrategyFactory factory();

    /** Lets the followers of the strategy catch up with all that was appended, where it has followers. */
    protected void replicate(ReplicationStrategy strategy) {}

    @BeforeEach
    void begin() {
        strategy = factory().open();
    }

    @AfterEach
    void end() {
        strategy.close();
    }

    private static LeaderState state(int replicas, int inSync, int minInSync) {
        List<Integer> ids = List.of(1, 2, 3);
        return new LeaderState(5, 7, ids.subList(0, replicas), ids.subList(0, inSync), minInSync);
    }

    private PartitionReplication lead(long logEnd, long highWatermark) {
        return strategy.lead(ONE, state(1, 1, 1), logEnd, highWatermark, commits::add);
    }

    private void awaitHighWatermark(PartitionReplication replication, long expected) {
        replicate(strategy);
        await().until(() -> replication.highWatermark() == expected);
    }

    @Test
    void shouldCommitWhatWasAppended() {
        PartitionReplication replication = lead(0, 0);
        assertThat(replication.highWatermark()).isZero();

        replication.appended(10);
        awaitHighWatermark(replication, 10);
        replication.appended(25);
        awaitHighWatermark(replication, 25);

        assertThat(commits).isNotEmpty().isSorted().doesNotHaveDuplicates().endsWith(25L);
    }

    @Test
    void shouldCommitWhatWasUncommittedWhenItBeganToLead() {
        PartitionReplication replication = lead(100, 60);
        assertThat(replication.highWatermark()).isBetween(60L, 100L);

        awaitHighWatermark(replication, 100);

        assertThat(commits).isSorted().allMatch(offset -> offset > 60 && offset <= 100);
    }

    @Test
    void shouldNotTellWhatDidNotRise() {
        PartitionReplication replication = lead(100, 100);

        replication.appended(100);
        replicate(strategy);

        assertThat(replication.highWatermark()).isEqualTo(100);
        assertThat(commits).isEmpty();
    }

    @Test
    void shouldNeverLowerTheHighWatermark() {
        PartitionReplication replication = lead(50, 50);
        replication.appended(70);
        awaitHighWatermark(replication, 70);

        replication.appended(65);
        replication.updated(new LeaderState(5, 8, List.of(1), List.of(1), 1));
        replicate(strategy);

        assertThat(replication.highWatermark()).isEqualTo(70);
        assertThat(commits).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void shouldShowTheHighWatermarkToItsListener() {
        PartitionReplication[] replication = new PartitionReplication[1];
        List<Long> seen = new CopyOnWriteArrayList<>();
        replication[0] = strategy.lead(ONE, state(1, 1, 1), 0, 0, offset -> {
            assertThat(replication[0].highWatermark()).isGreaterThanOrEqualTo(offset);
            seen.add(offset);
        });

        replication[0].appended(3);
        awaitHighWatermark(replication[0], 3);

        assertThat(seen).containsExactly(3L);
    }

    @Test
    void shouldRefuseAcksOfAllBelowTheLeastInSyncReplicas() {
        PartitionReplication replication = strategy.lead(ONE, state(3, 1, 2), 0, 0, commits::add);

        assertThat(replication.admit((short) -1)).isEqualTo(ErrorCode.NOT_ENOUGH_REPLICAS);
        assertThat(replication.admit((short) 1)).isEqualTo(ErrorCode.NONE);
        assertThat(replication.admit((short) 0)).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldAdmitByWhatTheMetadataSaysNow() {
        PartitionReplication replication = strategy.lead(ONE, state(3, 2, 2), 0, 0, commits::add);
        assertThat(replication.admit((short) -1)).isEqualTo(ErrorCode.NONE);

        replication.updated(state(3, 1, 2));
        assertThat(replication.admit((short) -1)).isEqualTo(ErrorCode.NOT_ENOUGH_REPLICAS);

        replication.updated(state(3, 3, 2));
        assertThat(replication.admit((short) -1)).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldTellNothingAfterThePartitionWasClosed() {
        PartitionReplication replication = lead(0, 0);

        replication.close();
        replication.appended(10);
        replicate(strategy);

        assertThat(commits).isEmpty();
        replication.close();
    }

    @Test
    void shouldTellNothingAfterItWasClosedItself() {
        PartitionReplication replication = lead(0, 0);
        PartitionReplication other = strategy.lead(OTHER, state(1, 1, 1), 0, 0, commits::add);

        strategy.close();
        replication.appended(10);
        other.appended(10);
        replicate(strategy);

        assertThat(commits).isEmpty();
    }

    @Test
    void shouldKeepPartitionsApart() {
        PartitionReplication replication = lead(0, 0);
        PartitionReplication other = strategy.lead(OTHER, state(1, 1, 1), 0, 0, offset -> {});
        replication.appended(10);
        awaitHighWatermark(replication, 10);

        assertThat(other.highWatermark()).isZero();
        replication.close();
        other.appended(4);
        awaitHighWatermark(other, 4);
        assertThat(commits).doesNotContain(4L);
    }

    @Test
    void shouldLeadAPartitionAgain() {
        lead(0, 0).close();
        PartitionReplication again = lead(10, 10);

        again.appended(12);
        awaitHighWatermark(again, 12);

        assertThat(commits).containsExactly(12L);
    }
}
