package io.sluice.coordinator.share.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.ErrorCode;
import io.sluice.base.Uuid;
import io.sluice.coordinator.api.ListedGroup;
import io.sluice.coordinator.share.state.Pending;
import io.sluice.coordinator.share.state.SharePartitionKey;
import io.sluice.protocol.message.ShareGroupDescribeResponse.DescribedGroup;
import io.sluice.protocol.message.ShareGroupHeartbeatRequest;
import io.sluice.protocol.message.ShareGroupHeartbeatResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ShareGroupStateTest {
    private static final String GROUP = "group";

    private final KindHarness harness = new KindHarness();
    private final Uuid topic = harness.metadata.topic("topic", 2).id();

    private Pending<ShareGroupHeartbeatResponse> send(ShareGroupHeartbeatRequest request) {
        Pending<ShareGroupHeartbeatResponse> pending = new Pending<>();
        harness.state
                .membership()
                .heartbeat(harness.turn(), request, new ClientContext("client", "/127.0.0.1"), pending);
        return pending;
    }

    private static ShareGroupHeartbeatRequest request(String memberId, int epoch) {
        return new ShareGroupHeartbeatRequest()
                .setGroupId(GROUP)
                .setMemberId(memberId)
                .setMemberEpoch(epoch);
    }

    private ShareGroupHeartbeatResponse join(String memberId) {
        Pending<ShareGroupHeartbeatResponse> pending =
                send(request(memberId, 0).setSubscribedTopicNames(List.of("topic")));
        harness.advance(1_000L);
        return pending.outcome();
    }

    private ErrorCode errorOf(ShareGroupHeartbeatRequest request) {
        return ErrorCode.of(send(request).outcome().errorCode());
    }

    private static List<Integer> partitions(ShareGroupHeartbeatResponse response) {
        List<Integer> all = new ArrayList<>();
        Objects.requireNonNull(response.assignment()).topicPartitions().forEach(one -> all.addAll(one.partitions()));
        return all;
    }

    @Test
    void shouldAnswerAJoinWhenTheStateOfItsPartitionsIsKept() {
        harness.holding = true;
        Pending<ShareGroupHeartbeatResponse> pending = send(request("m1", 0).setSubscribedTopicNames(List.of("topic")));
        assertThat(pending.isDone()).isFalse();
        harness.releaseHeld();
        ShareGroupHeartbeatResponse response = pending.outcome();
        assertThat(response.errorCode()).isZero();
        assertThat(response.memberEpoch()).isEqualTo(2);
        assertThat(partitions(response)).containsExactly(0, 1);
        assertThat(harness.initialized)
                .containsOnlyKeys(new SharePartitionKey(GROUP, topic, 0), new SharePartitionKey(GROUP, topic, 1));
    }

    @Test
    void shouldShareThePartitionsAmongMembersAndTellEachOfItsPart() {
        int epoch = join("m1").memberEpoch();
        assertThat(partitions(join("m2"))).hasSize(1);
        ShareGroupHeartbeatResponse told = send(request("m1", epoch)).outcome();
        assertThat(partitions(told)).hasSize(1);
        assertThat(told.memberEpoch()).isGreaterThan(epoch);
        ShareGroupHeartbeatResponse again =
                send(request("m1", told.memberEpoch())).outcome();
        assertThat(again.assignment()).isNull();
    }

    @Test
    void shouldTellAMemberAgainWhoseAnswerWasLost() {
        int epoch = join("m1").memberEpoch();
        join("m2");
        send(request("m1", epoch)).outcome();
        assertThat(partitions(send(request("m1", epoch)).outcome())).hasSize(1);
    }

    @Test
    void shouldRefuseWhatCannotBe() {
        assertThat(errorOf(request("", 0))).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(errorOf(request("m1", 0))).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(errorOf(request("m1", -2))).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(errorOf(request("m1", 3))).isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND);
        int epoch = join("m1").memberEpoch();
        assertThat(errorOf(request("m2", 3))).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(errorOf(request("m1", epoch + 1))).isEqualTo(ErrorCode.FENCED_MEMBER_EPOCH);
        harness.config.put("group.share.max.size", "1");
        assertThat(errorOf(request("m2", 0).setSubscribedTopicNames(List.of("topic"))))
                .isEqualTo(ErrorCode.GROUP_MAX_SIZE_REACHED);
    }

    @Test
    void shouldNotTakeTheIdOfAGroupOfAnotherKind() {
        harness.taken.add(GROUP);
        assertThat(errorOf(request("m1", 0).setSubscribedTopicNames(List.of("topic"))))
                .isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND);
    }

    @Test
    void shouldNotTakeTheIdOfAGroupOfAnotherKindThatHasNoMembers() {
        harness.taken.add(GROUP);
        harness.vacates = true;
        assertThat(errorOf(request("m1", 0).setSubscribedTopicNames(List.of("topic"))))
                .isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND);
    }

    @Test
    void shouldNotBeginAStateAgainThatIsBeingBegun() {
        harness.metadata.topic("other", 1);
        harness.holding = true;
        send(request("m1", 0).setSubscribedTopicNames(List.of("topic")));
        Pending<ShareGroupHeartbeatResponse> second =
                send(request("m2", 0).setSubscribedTopicNames(List.of("other", "topic")));
        harness.advance(3_000L);
        harness.releaseHeld();
        harness.advance(3_000L);
        assertThat(harness.begun).doesNotHaveDuplicates().hasSize(3);
        assertThat(partitions(second.outcome())).isNotEmpty();
    }

    @Test
    void shouldTakeATopicAwayThatAMemberDoesNotWantBeforeThereAreNewTargets() {
        int epoch = join("m1").memberEpoch();
        join("m2");
        harness.metadata.topic("other", 2);
        harness.config.put("share.assignment.interval.ms", "10000");
        ShareGroupHeartbeatResponse told = send(request("m1", epoch).setSubscribedTopicNames(List.of("other")))
                .outcome();
        assertThat(partitions(told)).isEmpty();
        harness.advance(10_000L);
        assertThat(partitions(send(request("m1", told.memberEpoch())).outcome()))
                .hasSize(2);
    }

    @Test
    void shouldRemoveAMemberThatLeavesAndOneThatIsSilent() {
        join("m1");
        join("m2");
        assertThat(send(request("m1", -1)).outcome().memberEpoch()).isEqualTo(-1);
        assertThat(harness.gone).containsExactly("m1");
        harness.advance(46_000L);
        assertThat(harness.gone).containsExactlyInAnyOrder("m1", "m2");
        assertThat(harness.idle).containsExactly(GROUP);
        assertThat(harness.state.list()).containsExactly(new ListedGroup(GROUP, "share", "Empty"));
    }

    @Test
    void shouldKnowEverythingAgainAfterAReload() {
        int epoch = join("m1").memberEpoch();
        harness.reload();
        assertThat(harness.state.contains(GROUP)).isTrue();
        assertThat(errorOf(request("m1", epoch))).isEqualTo(ErrorCode.NONE);
        DescribedGroup described = harness.state.descriptions().describe(GROUP, harness.image());
        assertThat(described.groupState()).isEqualTo("Stable");
        assertThat(described.assignorName()).isEqualTo("simple");
        assertThat(described
                        .members()
                        .get(0)
                        .assignment()
                        .topicPartitions()
                        .get(0)
                        .partitions())
                .containsExactly(0, 1);
    }

    @Test
    void shouldGoOnBeginningStatesAfterAReload() {
        harness.holding = true;
        Pending<ShareGroupHeartbeatResponse> pending = send(request("m1", 0).setSubscribedTopicNames(List.of("topic")));
        harness.reload();
        assertThat(pending.refusal()).isEqualTo(ErrorCode.NOT_COORDINATOR);
        harness.releaseHeld();
        assertThat(partitions(join("m1"))).containsExactly(0, 1);
    }

    @Test
    void shouldGiveOutTheNewPartitionsOfATopic() {
        join("m1");
        harness.metadata.topic("other", 1);
        Pending<ShareGroupHeartbeatResponse> pending =
                send(request("m1", 0).setSubscribedTopicNames(List.of("topic", "other")));
        harness.advance(2_000L);
        assertThat(partitions(pending.outcome())).hasSize(3);
    }

    @Test
    void shouldSetTheOffsetsOfAGroupWithoutMembersUnderANewEpoch() {
        join("m1");
        SharePartitionKey key = new SharePartitionKey(GROUP, topic, 0);
        int before = harness.stateEpochs.getOrDefault(key, -1);
        Pending<ShareOffsets.Altered> refused = new Pending<>();
        harness.state.offsets().alter(harness.turn(), GROUP, Map.of(key, 4L), refused);
        assertThat(refused.outcome().error()).isEqualTo(ErrorCode.NON_EMPTY_GROUP);
        send(request("m1", -1)).outcome();
        Pending<ShareOffsets.Altered> altered = new Pending<>();
        harness.state.offsets().alter(harness.turn(), GROUP, Map.of(key, 4L), altered);
        assertThat(altered.outcome().error()).isEqualTo(ErrorCode.NONE);
        assertThat(harness.initialized).containsEntry(key, 4L);
        assertThat(harness.stateEpochs.getOrDefault(key, -1)).isGreaterThan(before);
    }

    @Test
    void shouldForgetOffsetsAndGroups() {
        join("m1");
        Pending<ErrorCode> early = new Pending<>();
        harness.state.delete(harness.turn(), GROUP, early);
        assertThat(early.outcome()).isEqualTo(ErrorCode.NON_EMPTY_GROUP);
        send(request("m1", -1)).outcome();
        Pending<ShareOffsets.Deleted> deleted = new Pending<>();
        harness.state.offsets().delete(harness.turn(), GROUP, Set.of(topic, new Uuid(1L, 1L)), deleted);
        assertThat(deleted.outcome().outcomes())
                .containsEntry(topic, ErrorCode.NONE)
                .containsEntry(new Uuid(1L, 1L), ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(harness.initialized).isEmpty();
        Pending<ErrorCode> late = new Pending<>();
        harness.state.delete(harness.turn(), GROUP, late);
        assertThat(late.outcome()).isEqualTo(ErrorCode.NONE);
        assertThat(harness.state.contains(GROUP)).isFalse();
        harness.reload();
        assertThat(harness.state.contains(GROUP)).isFalse();
    }

    @Test
    void shouldFinishADeletionThatWasUnderWay() {
        join("m1");
        send(request("m1", -1)).outcome();
        harness.holding = true;
        Pending<ShareOffsets.Deleted> deleted = new Pending<>();
        harness.state.offsets().delete(harness.turn(), GROUP, Set.of(topic), deleted);
        harness.reload();
        harness.releaseHeld();
        assertThat(harness.initialized).isEmpty();
        assertThat(harness.state.descriptions().initialized(GROUP)).isEmpty();
    }
}
