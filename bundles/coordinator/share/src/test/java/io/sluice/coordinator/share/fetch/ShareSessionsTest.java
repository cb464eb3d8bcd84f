package io.sluice.coordinator.share.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.ErrorCode;
import io.sluice.base.RandomSource;
import io.sluice.coordinator.kit.SimulatedScheduler;
import io.sluice.coordinator.share.partition.NoSharePartitions;
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
