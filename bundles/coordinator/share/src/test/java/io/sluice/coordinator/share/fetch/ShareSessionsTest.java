package io.sluice.coordinator.share.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.ErrorCode;
import io.sluice.base.RandomSource;
import io.sluice.broker.api.FetchOutcome;
import io.sluice.broker.api.FetchPosition;
import io.sluice.coordinator.kit.SimulatedScheduler;
import io.sluice.coordinator.runtime.Reply;
import io.sluice.coordinator.share.partition.NoSharePartitions;
import io.sluice.coordinator.share.partition.SharePartition;
import io.sluice.coordinator.share.partition.SharePartitions;
import io.sluice.coordinator.share.state.ReadOutcome;
import io.sluice.coordinator.share.state.SharePartitionKey;
import io.sluice.coordinator.share.state.StateChange;
import io.sluice.coordinator.share.state.StateOutcome;
import io.sluice.protocol.ByteBufferRecords;
import io.sluice.protocol.record.RecordBatchBuilder;
import io.sluice.request.kit.MemoryMetadata;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ShareSessionsTest {
    private static final ShareSession.Key ONE = new ShareSession.Key("group", "one");
    private static final ShareSession.Key OTHER = new ShareSession.Key("group", "other");

    private final SimulatedScheduler scheduler = new SimulatedScheduler(RandomSource.seeded(1L));
    private final ShareSessions sessions = new ShareSessions(NoSharePartitions.led(scheduler), scheduler, () -> 2);

    @Test
    void shouldTakeTheEpochsInTurn() {
        sessions.begin(ONE, 1L);

        assertThat(sessions.next(ONE, 1, 1L).error()).isEqualTo(ErrorCode.NONE);
        assertThat(sessions.next(ONE, 1, 1L).error()).isEqualTo(ErrorCode.INVALID_SHARE_SESSION_EPOCH);
        assertThat(sessions.next(ONE, 2, 1L).error()).isEqualTo(ErrorCode.NONE);
        assertThat(sessions.next(OTHER, 1, 1L).error()).isEqualTo(ErrorCode.SHARE_SESSION_NOT_FOUND);
    }

    @Test
    void shouldLetAMemberThatBeginsAnewGoOnWhereOthersHaveNoRoom() {
        sessions.begin(ONE, 1L);
        sessions.begin(OTHER, 1L);

        assertThat(sessions.begin(ONE, 2L).error()).isEqualTo(ErrorCode.NONE);

        assertThat(sessions.count()).isEqualTo(2);
        assertThat(sessions.next(ONE, 1, 2L).error()).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldLetAMemberKeepWhatItHasAcquiredWhenItBeginsAnew() throws IOException {
        MemoryMetadata metadata = new MemoryMetadata();
        SharePartitionKey key =
                new SharePartitionKey("group", metadata.topic("topic", 1).id(), 0);
        SharePartitions led = NoSharePartitions.led(scheduler, new NoSharePartitions.NoState() {
            @Override
            public void read(SharePartitionKey of, int leaderEpoch, Reply<ReadOutcome> reply) {
                reply.answer(new ReadOutcome(ErrorCode.NONE, null, 1, 0L, List.of()));
            }

            @Override
            public void write(SharePartitionKey of, StateChange change, Reply<StateOutcome> reply) {
                reply.answer(StateOutcome.OK);
            }
        });
        SharePartition partition = Objects.requireNonNull(led.get(key, metadata.image()));
        scheduler.runUntilIdle();
        ShareSessions of = new ShareSessions(led, scheduler, () -> 2);
        Objects.requireNonNull(of.begin(ONE, 1L).session()).add(key);
        partition.endFetch(ONE.memberId(), position(partition), read(10), 500, 500, false);

        Objects.requireNonNull(of.begin(ONE, 1L).session()).add(key);
        scheduler.advance(1_000L);

        assertThat(position(partition).offset()).isEqualTo(10L);
        partition.leaveFetch();
        of.end(ONE);
        scheduler.advance(1_000L);
        assertThat(position(partition).offset())
                .as("with its session all of it is released")
                .isZero();
    }

    private static FetchPosition position(SharePartition partition) {
        return Objects.requireNonNull(partition.beginFetch().position());
    }

    private static FetchOutcome read(int records) {
        RecordBatchBuilder batch = new RecordBatchBuilder();
        for (int i = 0; i < records; i++) {
            batch.append(null, ByteBuffer.wrap(new byte[] {1}), 0L);
        }
        return new FetchOutcome(ErrorCode.NONE, 100L, 100L, 0L, -1, -1L, new ByteBufferRecords(batch.build()));
    }

    @Test
    void shouldRefuseMoreThanAreAllowedUntilOneIsOldEnough() {
        sessions.begin(ONE, 1L);
        sessions.begin(OTHER, 1L);
        ShareSession.Key third = new ShareSession.Key("group", "third");

        assertThat(sessions.begin(third, 1L).error()).isEqualTo(ErrorCode.SHARE_SESSION_LIMIT_REACHED);
        scheduler.advance(120_000L);
        sessions.next(OTHER, 1, 1L);
        assertThat(sessions.begin(third, 1L).error()).isEqualTo(ErrorCode.NONE);
        assertThat(sessions.next(ONE, 1, 1L).error()).isEqualTo(ErrorCode.SHARE_SESSION_NOT_FOUND);
    }

    @Test
    void shouldEndASessionWithTheConnectionThatItsMemberUsedLast() {
        sessions.begin(ONE, 1L);
        sessions.begin(OTHER, 1L);
        sessions.next(OTHER, 1, 2L);

        sessions.connectionLost(1L);

        assertThat(sessions.find(ONE)).isNull();
        assertThat(sessions.find(OTHER)).isNotNull();
        sessions.connectionLost(2L);
        assertThat(sessions.count()).isZero();
    }
}
