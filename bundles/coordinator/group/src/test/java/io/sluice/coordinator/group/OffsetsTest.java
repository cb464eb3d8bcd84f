package io.sluice.coordinator.group;

import static io.sluice.coordinator.group.SimulatedGroups.GROUP;
import static io.sluice.coordinator.group.SimulatedGroups.INITIAL_DELAY_MS;
import static io.sluice.coordinator.group.SimulatedGroups.SESSION_MS;
import static io.sluice.coordinator.group.SimulatedGroups.commitRequest;
import static io.sluice.coordinator.group.SimulatedGroups.errorOf;
import static io.sluice.coordinator.group.SimulatedGroups.joinRequest;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.ErrorCode;
import io.sluice.base.Uuid;
import io.sluice.protocol.MessageBytes;
import io.sluice.protocol.message.ConsumerProtocolSubscription;
import io.sluice.protocol.message.JoinGroupRequest;
import io.sluice.protocol.message.JoinGroupResponse;
import io.sluice.protocol.message.OffsetCommitRequest;
import io.sluice.protocol.message.OffsetDeleteRequest;
import io.sluice.protocol.message.OffsetDeleteRequest.OffsetDeleteRequestPartition;
import io.sluice.protocol.message.OffsetDeleteRequest.OffsetDeleteRequestTopic;
import io.sluice.protocol.message.OffsetDeleteResponse;
import io.sluice.protocol.message.OffsetFetchRequest.OffsetFetchRequestGroup;
import io.sluice.protocol.record.RecordBatchBuilder;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OffsetsTest {
    private static final long MINUTE_MS = 60_000L;
    private static final long RETENTION_MS = 10 * MINUTE_MS;

    private final SimulatedGroups groups = new SimulatedGroups(3L);

    OffsetsTest() {
        groups.config.put("offsets.retention.minutes", "10");
        groups.config.put("offsets.retention.check.interval.ms", "60000");
        groups.restart();
    }

    private void advance(long ms) {
        groups.scheduler.advance(ms);
    }

    /** A member that says what it subscribes to, alone in a stable group. */
    private String subscriber(String... topics) {
        ByteBuffer bytes = MessageBytes.encodeWithVersion(
                new ConsumerProtocolSubscription().setTopics(List.of(topics)), (short) 1);
        byte[] metadata = new byte[bytes.remaining()];
        bytes.get(metadata);
        JoinGroupRequest request = joinRequest("", null);
        request.protocols().get(0).setMetadata(metadata);
        Pending<JoinGroupResponse> join = groups.join(request, 3);
        advance(INITIAL_DELAY_MS);
        String member = join.outcome().memberId();
        groups.sync(member, 1, Map.of(member, "all")).outcome();
        return member;
    }

    private void keepAlive(String member, long ms) {
        for (long passed = 0; passed < ms; passed += SESSION_MS / 2) {
            assertThat(groups.heartbeat(member, 1)).isEqualTo(ErrorCode.NONE);
            advance(SESSION_MS / 2);
        }
    }

    @Test
    void shouldTakeCommitsOfMembersOfThePresentGeneration() {
        String member = groups.stableAlone();

        assertThat(groups.commit(member, 1, "t", 5L)).isEqualTo(ErrorCode.NONE);
        assertThat(groups.commit(member, 0, "t", 6L)).isEqualTo(ErrorCode.ILLEGAL_GENERATION);
        assertThat(groups.commit("nobody", 1, "t", 6L)).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(groups.commit("", -1, "t", 6L)).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);

        assertThat(groups.committed("t")).isEqualTo(5L);
        groups.restart();
        assertThat(groups.committed("t")).isEqualTo(5L);
    }

    @Test
    void shouldTakeCommitsWhileARebalanceIsPreparedButNotWhileItCompletes() {
        String member = groups.stableAlone();
        groups.joinAnew();
        assertThat(groups.commit(member, 1, "t", 5L)).isEqualTo(ErrorCode.NONE);

        groups.join(member).outcome();
        assertThat(groups.commit(member, 2, "t", 6L)).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
    }

    @Test
    void shouldCountACommitAsASignOfLife() {
        String member = groups.stableAlone();
        for (int i = 0; i < 4; i++) {
            advance(SESSION_MS - 1);
            assertThat(groups.commit(member, 1, "t", i)).isEqualTo(ErrorCode.NONE);
        }
        assertThat(groups.state()).isEqualTo("Stable");
    }

    @Test
    void shouldFenceACommitUnderAnotherInstance() {
        Pending<JoinGroupResponse> join = groups.joinStatic("", "i1");
        advance(INITIAL_DELAY_MS);
        String member = join.outcome().memberId();
        groups.sync(member, 1, Map.of(member, "all"));

        OffsetCommitRequest request = commitRequest("other", 1, "t", 1L).setGroupInstanceId("i1");
        assertThat(errorOf(groups.commit(request, 8).outcome())).isEqualTo(ErrorCode.FENCED_INSTANCE_ID);
    }

    @Test
    void shouldTakeCommitsWithoutMembershipIntoAGroupWithoutMembers() {
        assertThat(groups.commit("", -1, "t", 5L)).isEqualTo(ErrorCode.NONE);

        assertThat(groups.state()).isEqualTo("Empty");
        groups.restart();
        assertThat(groups.committed("t")).isEqualTo(5L);
        assertThat(groups.state()).isEqualTo("Empty");
    }

    @Test
    void shouldRefuseAGenerationOfAGroupThatDoesNotExist() {
        OffsetCommitRequest request = commitRequest("m", 1, "t", 5L);

        assertThat(errorOf(groups.commit(request, 8).outcome())).isEqualTo(ErrorCode.ILLEGAL_GENERATION);
        assertThat(errorOf(groups.commit(request, 9).outcome())).isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND);
    }

    @Test
    void shouldLimitTheMetadata() {
        groups.config.put("offset.metadata.max.bytes", "4");
        OffsetCommitRequest request = commitRequest("", -1, "t", 5L);
        request.topics().get(0).partitions().get(0).setCommittedMetadata("12345");

        assertThat(errorOf(groups.commit(request, 8).outcome())).isEqualTo(ErrorCode.OFFSET_METADATA_TOO_LARGE);
        assertThat(groups.committed("t")).isEqualTo(-1L);
    }

    @Test
    void shouldRefuseACommitThatFitsInNoBatch() {
        SimulatedGroups small = new SimulatedGroups(3L, 1_000);
        OffsetCommitRequest request = commitRequest("", -1, "t", 5L);
        request.topics().get(0).partitions().get(0).setCommittedMetadata("x".repeat(2_000));

        assertThat(errorOf(small.commit(request, 8).outcome())).isEqualTo(ErrorCode.INVALID_COMMIT_OFFSET_SIZE);
        assertThat(small.committed("t")).isEqualTo(-1L);
    }

    @Test
    void shouldTellAllOffsetsOfAGroup() {
        groups.commit("", -1, "a", 1L);
        groups.commit("", -1, "b", 2L);

        var all = groups.<io.sluice.protocol.message.OffsetFetchResponse.OffsetFetchResponseGroup>ask(
                shard -> shard.fetches()
                        .fetch(new OffsetFetchRequestGroup().setGroupId(GROUP).setTopics(null), false));

        assertThat(all.topics())
                .extracting(topic -> topic.name() + topic.partitions().get(0).committedOffset())
                .containsExactlyInAnyOrder("a1", "b2");
    }

    @Test
    void shouldExpireOffsetsSomeTimeAfterTheLastMemberLeft() {
        String member = groups.stableAlone();
        groups.commit(member, 1, "t", 5L);
        keepAlive(member, 2 * RETENTION_MS);
        groups.leave(member);
        advance(RETENTION_MS - MINUTE_MS);
        assertThat(groups.committed("t")).isEqualTo(5L);

        advance(2 * MINUTE_MS);
        assertThat(groups.committed("t")).isEqualTo(-1L);
        assertThat(groups.hasGroup()).isFalse();
        groups.restart();
        assertThat(groups.hasGroup()).isFalse();
        assertThat(groups.committed("t")).isEqualTo(-1L);
    }

    @Test
    void shouldExpireOffsetsOfASimpleConsumerByTheirAge() {
        groups.commit("", -1, "old", 1L);
        advance(RETENTION_MS / 2);
        groups.commit("", -1, "new", 2L);
        advance(RETENTION_MS / 2 + MINUTE_MS);

        assertThat(groups.committed("old")).isEqualTo(-1L);
        assertThat(groups.committed("new")).isEqualTo(2L);
        assertThat(groups.hasGroup()).isTrue();
    }

    @Test
    void shouldObeyTheRetentionThatAnOldClientAskedFor() {
        OffsetCommitRequest request = commitRequest("", -1, "t", 1L).setRetentionTimeMs(3 * MINUTE_MS);
        groups.commit(request, 4);
        groups.restart();
        advance(2 * MINUTE_MS);
        assertThat(groups.committed("t")).isEqualTo(1L);

        advance(3 * MINUTE_MS);
        assertThat(groups.committed("t")).isEqualTo(-1L);
    }

    @Test
    void shouldExpireOffsetsOfTopicsThatAConsumerGroupLeft() {
        String member = subscriber("kept");
        groups.commit(member, 1, "kept", 1L);
        groups.commit(member, 1, "left", 2L);

        keepAlive(member, RETENTION_MS + 2 * MINUTE_MS);

        assertThat(groups.committed("kept")).isEqualTo(1L);
        assertThat(groups.committed("left")).isEqualTo(-1L);
        assertThat(groups.state()).isEqualTo("Stable");
    }

    @Test
    void shouldForgetOffsetsOfADeletedTopic() {
        Uuid old = new Uuid(1L, 1L);
        OffsetCommitRequest request = commitRequest("", -1, "t", 1L);
        request.topics().get(0).setTopicId(old);
        groups.commit(request, 9);
        groups.commit("", -1, "other", 2L);

        groups.submit(
                new Pending<>(), (shard, turn) -> shard.removals().topicsDeleted(turn, Map.of(new Uuid(2L, 2L), "t")));
        assertThat(groups.committed("t")).isEqualTo(1L);
        groups.submit(new Pending<>(), (shard, turn) -> shard.removals().topicsDeleted(turn, Map.of(old, "t")));

        assertThat(groups.committed("t")).isEqualTo(-1L);
        assertThat(groups.committed("other")).isEqualTo(2L);
        groups.restart();
        assertThat(groups.committed("t")).isEqualTo(-1L);
    }

    private OffsetDeleteResponse deleteOffset(String topic) {
        Pending<OffsetDeleteResponse> pending = new Pending<>();
        OffsetDeleteRequest request = new OffsetDeleteRequest()
                .setGroupId(GROUP)
                .setTopics(List.of(new OffsetDeleteRequestTopic()
                        .setName(topic)
                        .setPartitions(List.of(new OffsetDeleteRequestPartition().setPartitionIndex(0)))));
        groups.submit(pending, (shard, turn) -> shard.removals().deleteOffsets(turn, request, pending));
        groups.scheduler.runUntilIdle();
        return pending.outcome();
    }

    private static ErrorCode partitionError(OffsetDeleteResponse response) {
        return ErrorCode.of(response.topics().get(0).partitions().get(0).errorCode());
    }

    @Test
    void shouldDeleteOffsetsOfTopicsThatNobodySubscribesTo() {
        String member = subscriber("kept");
        groups.commit(member, 1, "kept", 1L);
        groups.commit(member, 1, "left", 2L);

        assertThat(partitionError(deleteOffset("kept"))).isEqualTo(ErrorCode.GROUP_SUBSCRIBED_TO_TOPIC);
        assertThat(partitionError(deleteOffset("left"))).isEqualTo(ErrorCode.NONE);

        assertThat(groups.committed("kept")).isEqualTo(1L);
        assertThat(groups.committed("left")).isEqualTo(-1L);
    }

    @Test
    void shouldRefuseToDeleteOffsetsOfAnUnknownOrABusyGroup() {
        assertThat(ErrorCode.of(deleteOffset("t").errorCode())).isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND);

        groups.join(joinRequest("", null).setProtocolType("connect"), 3);
        advance(INITIAL_DELAY_MS);

        assertThat(ErrorCode.of(deleteOffset("t").errorCode())).isEqualTo(ErrorCode.NON_EMPTY_GROUP);
    }

    private ErrorCode deleteGroup() {
        Pending<ErrorCode> pending = new Pending<>();
        groups.submit(pending, (shard, turn) -> shard.removals().deleteGroup(turn, GROUP, pending));
        groups.scheduler.runUntilIdle();
        return pending.outcome();
    }

    @Test
    void shouldDeleteAGroupWithoutMembersAndItsOffsets() {
        assertThat(deleteGroup()).isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND);
        String member = groups.stableAlone();
        groups.commit(member, 1, "t", 1L);
        assertThat(deleteGroup()).isEqualTo(ErrorCode.NON_EMPTY_GROUP);
        groups.leave(member);

        assertThat(deleteGroup()).isEqualTo(ErrorCode.NONE);

        assertThat(groups.hasGroup()).isFalse();
        groups.restart();
        assertThat(groups.hasGroup()).isFalse();
        assertThat(groups.committed("t")).isEqualTo(-1L);
    }

    @Test
    void shouldLeaveTheIdsOfOtherGroupTypesAlone() {
        byte[] id = SimulatedGroups.bytes(GROUP);
        ByteBuffer key = ByteBuffer.allocate(4 + id.length)
                .putShort((short) 10)
                .putShort((short) id.length)
                .put(id)
                .flip();
        ByteBuffer value = ByteBuffer.allocate(2).putShort((short) 0).flip();
        foreign(key, value);
        groups.restart();

        assertThat(ErrorCode.of(groups.join("").outcome().errorCode()))
                .isEqualTo(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
        assertThat(errorOf(groups.commit(commitRequest("", -1, "t", 1L), 9).outcome()))
                .isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND);

        foreign(key, null);
        groups.restart();
        assertThat(ErrorCode.of(groups.join("").outcome().errorCode())).isEqualTo(ErrorCode.MEMBER_ID_REQUIRED);
    }

    private void foreign(ByteBuffer key, @org.jspecify.annotations.Nullable ByteBuffer value) {
        ByteBuffer batch =
                new RecordBatchBuilder().append(key.duplicate(), value, 1L).build();
        groups.partitions.log(0).commitTo(groups.partitions.log(0).append(batch) + 1);
    }
}
