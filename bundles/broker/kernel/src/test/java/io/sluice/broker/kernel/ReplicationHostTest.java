package io.sluice.broker.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.TopicIdPartition;
import io.sluice.base.TopicPartition;
import io.sluice.base.Uuid;
import io.sluice.replication.api.LeaderState;
import io.sluice.replication.kit.DelayedReplication;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every partition that is led has its replication while there is a strategy. */
class ReplicationHostTest {
    private final DelayedReplication first = new DelayedReplication();
    private final DelayedReplication second = new DelayedReplication();
    private KernelFixture kernel;
    private Partition led;
    private Partition followed;

    @BeforeEach
    void begin(@TempDir Path data) {
        kernel = new KernelFixture(data);
        kernel.offerEngine();
        led = kernel.lead("led");
        followed = kernel.add(new TopicIdPartition(new Uuid(9L, 9L), new TopicPartition("followed", 0)), false);
    }

    private List<TopicIdPartition> openIn(DelayedReplication strategy) {
        return strategy.open(led.id(), followed.id());
    }

    @Test
    void shouldGiveAReplicationToWhatIsLedAndToNothingElse() {
        kernel.offerReplication(first);

        assertThat(openIn(first)).containsExactly(led.id());
    }

    @Test
    void shouldGiveAReplicationToWhatIsLedFromNowOn() {
        kernel.offerReplication(first);

        followed.updateLeadership(KernelFixture.state(4), true);
        led.updateLeadership(KernelFixture.state(4), false);
        kernel.clock.run();

        assertThat(openIn(first)).containsExactly(followed.id());
        assertThat(first.state(followed.id()).leaderEpoch()).isEqualTo(4);
    }

    @Test
    void shouldTakeAllAwayBeforeTheStrategyCloses() {
        kernel.offerReplication(first);
        kernel.withdrawReplication();

        assertThat(openIn(first)).isEmpty();
    }

    @Test
    void shouldGiveTheNextStrategyTheHighWatermarkAndTheEndOfTheLog() {
        kernel.offerReplication(first);
        kernel.append(led, 1, "a", "b");
        first.commit(led.id(), 1L);
        kernel.withdrawReplication();

        kernel.offerReplication(second);

        assertThat(openIn(second)).containsExactly(led.id());
        assertThat(second.logEndOffset(led.id())).isEqualTo(2L);
        assertThat(led.highWatermark()).isEqualTo(1L);
    }

    @Test
    void shouldTellTheStrategyOfAChangeUnderTheSameEpochWithoutAnewReplication() {
        kernel.offerReplication(first);
        LeaderState changed = new LeaderState(3, 1, List.of(1, 2), List.of(1, 2), 2);

        led.updateLeadership(changed, true);

        assertThat(first.state(led.id())).isEqualTo(changed);
        assertThat(openIn(first)).containsExactly(led.id());
    }

    @Test
    void shouldWaitForTheLogToo() {
        kernel.withdrawEngine();
        kernel.offerReplication(first);
        Partition later = kernel.add(new TopicIdPartition(new Uuid(10L, 1L), new TopicPartition("later", 0)), true);
        assertThat(first.open(later.id())).isEmpty();

        kernel.offerEngine();

        assertThat(first.open(later.id())).containsExactly(later.id());
    }
}
