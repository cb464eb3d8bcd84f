package io.sluice.broker.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.base.ErrorCode;
import io.sluice.replication.api.LeaderState;
import io.sluice.replication.api.PartitionReplication;
import io.sluice.replication.kit.DelayedReplication;
import io.sluice.storage.api.PartitionLog;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may be at a log that is being taken away. */
final class PartitionStateTest {
    private static final PartitionReplication COMMITS_NOTHING = new PartitionReplication() {
        @Override
        public ErrorCode admit(short acks) {
            return ErrorCode.NONE;
        }

        @Override
        public void appended(long logEndOffset) {}

        @Override
        public long highWatermark() {
            return 0L;
        }

        @Override
        public void updated(LeaderState state) {}

        @Override
        public void close() {}
    };

    private PartitionState state;
    private PartitionLog log;

    @BeforeEach
    void open(@TempDir Path data) {
        KernelFixture kernel = KernelFixture.whole(data, new DelayedReplication());
        Partition partition = kernel.lead("t");
        log = Objects.requireNonNull(partition.detachLog());
        state = new PartitionState(
                partition.id(),
                partition.config(),
                new LeaderState(1, 0, List.of(KernelFixture.NODE), List.of(KernelFixture.NODE), 1),
                true,
                kernel.clock);
        state.opened(log);
        state.replicatedBy(COMMITS_NOTHING);
    }

    private boolean begin() {
        synchronized (state) {
            return state.tryWriting();
        }
    }

    @Test
    void shouldLetAWriterWriteToALogThatIsBeingTakenAway() {
        assertThat(begin()).isTrue();
        CompletableFuture<@Nullable PartitionLog> taken = CompletableFuture.supplyAsync(state::detachLog);
        Awaitility.await().until(() -> state.log() == null);

        assertThat(state.writersLog()).isSameAs(log);
        assertThat(taken).isNotDone();
        state.endWriting();
        assertThat(taken.join()).isSameAs(log);
        assertThat(begin()).isFalse();
    }

    @Test
    void shouldLetAWriterFinishWithAReplicationThatIsBeingTakenAway() {
        assertThat(begin()).isTrue();
        CompletableFuture<@Nullable PartitionReplication> taken =
                CompletableFuture.supplyAsync(state::detachReplication);
        Awaitility.await().until(() -> state.replication() == null);

        assertThat(state.writersReplication()).isSameAs(COMMITS_NOTHING);
        assertThat(taken).isNotDone();
        state.endWriting();
        assertThat(taken.join()).isSameAs(COMMITS_NOTHING);
    }

    @Test
    void shouldKeepNothingOfAWriterThatHasEnded() {
        assertThat(begin()).isTrue();
        state.endWriting();
        assertThatThrownBy(state::writersLog).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(state::writersReplication).isInstanceOf(NullPointerException.class);
    }
}
