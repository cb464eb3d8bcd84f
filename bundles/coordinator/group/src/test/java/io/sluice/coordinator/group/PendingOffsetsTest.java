package io.sluice.coordinator.group;

import static io.sluice.coordinator.group.SimulatedGroups.GROUP;
import static io.sluice.coordinator.group.SimulatedGroups.INITIAL_DELAY_MS;
import static io.sluice.coordinator.group.SimulatedGroups.pendingRequest;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.ErrorCode;
import io.sluice.base.Uuid;
import io.sluice.protocol.message.OffsetDeleteRequest;
import io.sluice.protocol.message.OffsetDeleteRequest.OffsetDeleteRequestPartition;
import io.sluice.protocol.message.OffsetDeleteRequest.OffsetDeleteRequestTopic;
import io.sluice.protocol.message.OffsetDeleteResponse;
import io.sluice.protocol.message.OffsetFetchResponse.OffsetFetchResponsePartitions;
import io.sluice.protocol.message.TxnOffsetCommitRequest;
import io.sluice.protocol.message.TxnOffsetCommitResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Offsets that are committed in transactions. */
class PendingOffsetsTest {
    private static final long PRODUCER = 77L;

    private final SimulatedGroups groups = new SimulatedGroups(17L);

    private ErrorCode commit(long producerId, String topic, long offset) {
        return groups.commitPending(producerId, "", -1, topic, offset);
    }

    private boolean isUnstable(String topic) {
        OffsetFetchResponsePartitions fetched = groups.fetched(topic, true);
        boolean unstable = fetched.errorCode() == ErrorCode.UNSTABLE_OFFSET_COMMIT.code();
        assertThat(unstable || fetched.errorCode() == 0).isTrue();
        assertThat(groups.fetched(topic, false).errorCode()).isZero();
        return unstable;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldCountWhenTheTransactionIsCommittedAndNotBefore(boolean restarts) {
        assertThat(commit(PRODUCER, "t", 5L)).isEqualTo(ErrorCode.NONE);
        if (restarts) {
            groups.restart();
        }
        assertThat(groups.committed("t")).isEqualTo(-1L);
        assertThat(isUnstable("t")).isTrue();

        assertThat(groups.end(PRODUCER, true)).isEqualTo(ErrorCode.NONE);

        assertThat(groups.committed("t")).isEqualTo(5L);
        assertThat(isUnstable("t")).isFalse();
        groups.restart();
        assertThat(groups.committed("t")).isEqualTo(5L);
        assertThat(isUnstable("t")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldNeverCountWhenTheTransactionIsAborted(boolean restarts) {
        groups.commit("", -1, "t", 3L);
        commit(PRODUCER, "t", 5L);
        if (restarts) {
            groups.restart();
        }
        assertThat(groups.committed("t")).isEqualTo(3L);
        assertThat(isUnstable("t")).isTrue();

        groups.end(PRODUCER, false);

        assertThat(groups.committed("t")).isEqualTo(3L);
        assertThat(isUnstable("t")).isFalse();
        groups.restart();
        assertThat(groups.committed("t")).isEqualTo(3L);
    }

    @Test
    void shouldEndOneProducersTransactionOnly() {
        commit(1L, "t", 5L);
        commit(2L, "u", 6L);

        groups.end(1L, true);

        assertThat(groups.committed("t")).isEqualTo(5L);
        assertThat(groups.committed("u")).isEqualTo(-1L);
        assertThat(isUnstable("u")).isTrue();
    }

    @Test
    void shouldLetWhatWasWrittenLaterStand() {
        commit(1L, "t", 5L);
        groups.commit("", -1, "t", 9L);
        groups.end(1L, true);
        assertThat(groups.committed("t")).isEqualTo(9L);

        commit(1L, "u", 5L);
        commit(2L, "u", 6L);
        groups.end(2L, true);
        assertThat(isUnstable("u")).isTrue();
        groups.end(1L, true);
        assertThat(groups.committed("u")).isEqualTo(6L);
        groups.restart();
        assertThat(groups.committed("t")).isEqualTo(9L);
        assertThat(groups.committed("u")).isEqualTo(6L);
    }

    @Test
    void shouldTakeTheEndOfATransactionThatHasNothingHere() {
        assertThat(groups.end(PRODUCER, true)).isEqualTo(ErrorCode.NONE);
        groups.restart();
        assertThat(groups.end(PRODUCER, false)).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldLetMembersOfThePresentGenerationCommit() {
        String member = groups.stableAlone();

        assertThat(groups.commitPending(PRODUCER, member, 1, "t", 1L)).isEqualTo(ErrorCode.NONE);
        assertThat(groups.commitPending(PRODUCER, member, 0, "t", 1L)).isEqualTo(ErrorCode.ILLEGAL_GENERATION);
        assertThat(groups.commitPending(PRODUCER, "somebody", 1, "t", 1L)).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(commit(PRODUCER, "t", 1L))
                .as("a producer that does not know of KIP-447")
                .isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldFenceAStaticMemberThatWasReplaced() {
        var first = groups.joinStatic("", "instance");
        groups.scheduler.advance(INITIAL_DELAY_MS);
        String former = first.outcome().memberId();
        groups.sync(former, 1, Map.of(former, "all")).outcome();
        groups.joinStatic("", "instance").outcome();

        TxnOffsetCommitRequest request = pendingRequest(PRODUCER, former, 1, "t", 1L);
        request.setGroupInstanceId("instance");
        Pending<TxnOffsetCommitResponse> pending = groups.beginCommit(request, 5);
        groups.scheduler.runUntilIdle();

        assertThat(pending.outcome().topics().get(0).partitions().get(0).errorCode())
                .isEqualTo(ErrorCode.FENCED_INSTANCE_ID.code());
    }

    @Test
    void shouldNotLetAMemberOfNoGroupCommit() {
        assertThat(groups.commitPending(PRODUCER, "m", 3, "t", 1L)).isEqualTo(ErrorCode.ILLEGAL_GENERATION);
        Pending<TxnOffsetCommitResponse> newer = groups.beginCommit(pendingRequest(PRODUCER, "m", 3, "t", 1L), 6);
        groups.scheduler.runUntilIdle();
        assertThat(newer.outcome().topics().get(0).partitions().get(0).errorCode())
                .isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND.code());
    }

    @Test
    void shouldRefuseMetadataThatIsTooLargeAndTakeTheRest() {
        groups.config.put("offset.metadata.max.bytes", "3");
        TxnOffsetCommitRequest request = pendingRequest(PRODUCER, "", -1, "t", 1L);
        request.topics().get(0).partitions().get(0).setCommittedMetadata("four");
        Pending<TxnOffsetCommitResponse> pending = groups.beginCommit(request, 5);
        groups.scheduler.runUntilIdle();

        assertThat(pending.outcome().topics().get(0).partitions().get(0).errorCode())
                .isEqualTo(ErrorCode.OFFSET_METADATA_TOO_LARGE.code());
        assertThat(isUnstable("t")).isFalse();
    }

    @Test
    void shouldTellTheProducerWhatTheLogHasAgainstIt() {
        groups.partitions.failNext(1, ErrorCode.INVALID_PRODUCER_EPOCH, false);

        assertThat(commit(PRODUCER, "t", 1L)).isEqualTo(ErrorCode.INVALID_PRODUCER_EPOCH);

        assertThat(isUnstable("t")).isFalse();
        groups.partitions.failNext(1, ErrorCode.TRANSACTION_COORDINATOR_FENCED, false);
        assertThat(groups.end(PRODUCER, true)).isEqualTo(ErrorCode.TRANSACTION_COORDINATOR_FENCED);
    }

    @Test
    void shouldKeepAGroupWithPendingOffsetsAndExpireNothingThatMayChange() {
        groups.config.put("offsets.retention.minutes", "60");
        groups.commit("", -1, "t", 1L);
        commit(PRODUCER, "t", 2L);
        commit(2L, "u", 2L);

        groups.scheduler.advance(3 * 3_600_000L);
        assertThat(groups.committed("t")).isEqualTo(1L);
        assertThat(groups.hasGroup()).isTrue();

        groups.end(PRODUCER, false);
        groups.scheduler.advance(3_600_000L);
        assertThat(groups.committed("t")).isEqualTo(-1L);
        assertThat(groups.hasGroup()).as("another transaction goes on").isTrue();
        groups.end(2L, false);
        groups.scheduler.advance(3_600_000L);
        assertThat(groups.hasGroup()).isFalse();
    }

    @Test
    void shouldDeletePendingOffsetsWithTheGroup() {
        commit(PRODUCER, "t", 2L);
        Pending<ErrorCode> deleted = new Pending<>();
        groups.submit(deleted, (shard, turn) -> shard.removals().deleteGroup(turn, GROUP, deleted));
        groups.scheduler.runUntilIdle();
        assertThat(deleted.outcome()).isEqualTo(ErrorCode.NONE);

        groups.end(PRODUCER, true);

        assertThat(groups.committed("t")).isEqualTo(-1L);
        groups.restart();
        assertThat(groups.committed("t")).isEqualTo(-1L);
        assertThat(groups.hasGroup()).isFalse();
    }

    @Test
    void shouldDeletePendingOffsetsByRequestAndWithTheirTopic() {
        commit(PRODUCER, "t", 2L);
        commit(PRODUCER, "u", 2L);
        Pending<OffsetDeleteResponse> deleted = new Pending<>();
        OffsetDeleteRequest request = new OffsetDeleteRequest()
                .setGroupId(GROUP)
                .setTopics(List.of(new OffsetDeleteRequestTopic()
                        .setName("t")
                        .setPartitions(List.of(new OffsetDeleteRequestPartition().setPartitionIndex(0)))));
        groups.submit(deleted, (shard, turn) -> shard.removals().deleteOffsets(turn, request, deleted));
        Pending<Boolean> gone = new Pending<>();
        groups.submit(gone, (shard, turn) -> {
            shard.topicsDeleted(turn, Map.of(new Uuid(1L, 1L), "u"));
            turn.answer(gone, true);
        });
        groups.scheduler.runUntilIdle();

        assertThat(deleted.outcome().errorCode()).isZero();
        assertThat(gone.outcome()).isTrue();
        assertThat(isUnstable("t")).isFalse();
        assertThat(isUnstable("u")).isFalse();
        groups.end(PRODUCER, true);
        assertThat(groups.committed("t")).isEqualTo(-1L);
        assertThat(groups.committed("u")).isEqualTo(-1L);
    }
}
