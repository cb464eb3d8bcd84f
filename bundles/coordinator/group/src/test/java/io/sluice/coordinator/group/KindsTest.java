package io.sluice.coordinator.group;

import static io.sluice.coordinator.group.SimulatedGroups.GROUP;
import static io.sluice.coordinator.group.SimulatedGroups.commitRequest;
import static io.sluice.coordinator.group.SimulatedGroups.errorOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.ErrorCode;
import io.sluice.base.Uuid;
import io.sluice.coordinator.api.KindRecord;
import io.sluice.protocol.group.ShareGroupMemberMetadataKey;
import io.sluice.protocol.message.ListGroupsResponse.ListedGroup;
import io.sluice.protocol.message.OffsetDeleteRequest;
import io.sluice.protocol.message.OffsetDeleteRequest.OffsetDeleteRequestPartition;
import io.sluice.protocol.message.OffsetDeleteRequest.OffsetDeleteRequestTopic;
import io.sluice.protocol.message.OffsetDeleteResponse;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A kind of groups that another bundle brings, in the partition of the group coordinator. */
class KindsTest {
    private final SimulatedGroups groups = new SimulatedGroups(3L);
    private final TallyKind kind = new TallyKind();

    @BeforeEach
    void install() {
        groups.install(kind);
    }

    private Pending<Integer> begin(String groupId) {
        Pending<Integer> pending = new Pending<>();
        groups.submit(kind, 0, pending, (state, turn) -> state.tally(turn, groupId, pending));
        return pending;
    }

    private int tally(String groupId) {
        Pending<Integer> pending = begin(groupId);
        groups.scheduler.runUntilIdle();
        return pending.outcome();
    }

    private List<ListedGroup> listed(String... types) {
        return groups.ask(shard -> shard.listing().list(Set.of(), Set.of(types)));
    }

    private ErrorCode delete(String groupId) {
        Pending<ErrorCode> pending = new Pending<>();
        groups.submit(pending, (shard, turn) -> shard.removals().deleteGroup(turn, groupId, pending));
        groups.scheduler.runUntilIdle();
        return pending.outcome();
    }

    @Test
    void shouldWriteAnswerAndReplayForTheKind() {
        assertThat(tally(GROUP)).isEqualTo(1);
        assertThat(tally(GROUP)).isEqualTo(2);
        groups.restart();
        assertThat(tally(GROUP)).isEqualTo(3);
        assertThat(kind.live).hasSize(1);
        assertThat(kind.live.get(0).loaded).isTrue();
    }

    @Test
    void shouldListGroupsOfTheKindByItsName() {
        tally("a");
        tally("b");
        tally("b");
        groups.stableAlone();

        assertThat(listed("tally"))
                .extracting(group -> group.groupId() + " " + group.groupState() + " " + group.groupType())
                .containsExactlyInAnyOrder("a Stable tally", "b Empty tally");
        assertThat(listed()).hasSize(3);
        assertThat(listed("classic")).hasSize(1);
        assertThat(groups.<String>ask(
                        shard -> shard.listing().describe("a", (short) 6).errorMessage()))
                .isEqualTo("Group a is not a classic group.");
    }

    @Test
    void shouldReserveTheIdsOfTheKind() {
        tally(GROUP);

        assertThat(ErrorCode.of(groups.join("").outcome().errorCode()))
                .isEqualTo(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
    }

    @Test
    void shouldLetAnEmptyGroupGiveItsIdFree() {
        tally(GROUP);
        tally(GROUP);

        assertThat(ErrorCode.of(groups.join("").outcome().errorCode())).isEqualTo(ErrorCode.MEMBER_ID_REQUIRED);
        assertThat(tally(GROUP)).isEqualTo(1);
    }

    /** As in Kafka: the id of an application that is not running now is not for whoever has mistaken it for his own. */
    @Test
    void shouldNotLetConsumersTakeTheIdOfAnEmptyGroup() {
        tally(GROUP);
        tally(GROUP);
        groups.metadata.topic("t", 1);
        SimulatedConsumer consumer = new SimulatedConsumer(groups, "a", null, "t");

        assertThat(ErrorCode.of(consumer.beat().errorCode())).isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND);
        assertThat(tally(GROUP)).isEqualTo(3);
    }

    @Test
    void shouldNotTakeTheIdOfAnEmptyGroupOfConsumers() {
        groups.metadata.topic("t", 1);
        SimulatedConsumer consumer = new SimulatedConsumer(groups, "a", null, "t");
        consumer.beat();
        assertThat(tally(GROUP)).isEqualTo(-1);

        consumer.leave(-1);
        assertThat(tally(GROUP)).isEqualTo(-1);
        consumer.epoch = 0;
        assertThat(ErrorCode.of(consumer.beat().errorCode())).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldNotTakeTheIdOfAGroupWithMembers() {
        String member = groups.stableAlone();
        assertThat(tally(GROUP)).isEqualTo(-1);

        groups.leave(member);
        assertThat(tally(GROUP)).isEqualTo(1);
        assertThat(groups.hasGroup()).isFalse();
        groups.restart();
        assertThat(groups.hasGroup()).isFalse();
        assertThat(tally(GROUP)).isEqualTo(2);
    }

    @Test
    void shouldKeepTheRecordsAndTheIdsOfAKindThatIsAway() {
        tally(GROUP);
        tally(GROUP);

        groups.uninstall(kind);

        assertThat(kind.live).isEmpty();
        assertThat(listed()).isEmpty();
        assertThat(ErrorCode.of(groups.join("").outcome().errorCode()))
                .isEqualTo(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
        assertThat(errorOf(groups.commit(commitRequest("", -1, "t", 1L), 9).outcome()))
                .isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND);
        Pending<Integer> refused = begin(GROUP);
        groups.scheduler.runUntilIdle();
        assertThat(refused.refusal()).isEqualTo(ErrorCode.NOT_COORDINATOR);
        groups.restart();
        assertThat(ErrorCode.of(groups.join("").outcome().errorCode()))
                .isEqualTo(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);

        groups.install(kind);
        assertThat(tally(GROUP)).isEqualTo(3);
    }

    @Test
    void shouldUseOneOfTwoKindsOfTheSameTypeAndTheOtherAfterIt() {
        TallyKind second = new TallyKind();
        groups.install(second);
        assertThat(second.live).isEmpty();
        assertThat(tally(GROUP)).isEqualTo(1);

        groups.uninstall(kind);

        assertThat(kind.live).isEmpty();
        assertThat(second.live).hasSize(1);
        assertThat(second.live.get(0).counts).containsEntry(GROUP, 1);
    }

    @Test
    void shouldRefuseWhoeverWaitsInAStateThatIsGivenUp() {
        Pending<Integer> late = new Pending<>();
        groups.submit(kind, 0, late, (state, turn) -> state.tallyLater(GROUP, 10_000L, late));
        groups.scheduler.runUntilIdle();

        groups.uninstall(kind);

        assertThat(late.refusal()).isEqualTo(ErrorCode.NOT_COORDINATOR);
    }

    @Test
    void shouldFireTheTimersOfTheKindInTurns() {
        Pending<Integer> late = new Pending<>();
        groups.submit(kind, 0, late, (state, turn) -> state.tallyLater(GROUP, 10_000L, late));
        groups.scheduler.advance(9_999);
        assertThat(late.isDone()).isFalse();

        groups.scheduler.advance(1);

        assertThat(late.outcome()).isEqualTo(1);
        groups.restart();
        assertThat(tally(GROUP)).isEqualTo(2);
    }

    @Test
    void shouldAskTheKindWhoMayCommit() {
        tally(GROUP);

        assertThat(groups.commit("m", 1, "t", 5L)).isEqualTo(ErrorCode.NONE);
        assertThat(groups.commit("m", 7, "t", 6L)).isEqualTo(ErrorCode.ILLEGAL_GENERATION);
        assertThat(errorOf(groups.commit(commitRequest("m", 7, "t", 6L), 9).outcome()))
                .isEqualTo(ErrorCode.STALE_MEMBER_EPOCH);
        assertThat(groups.commitPending(1L, "m", 1, "u", 6L)).isEqualTo(ErrorCode.NONE);
        assertThat(groups.end(1L, true)).isEqualTo(ErrorCode.NONE);
        assertThat(groups.committed("t")).isEqualTo(5L);
        assertThat(groups.committed("u")).isEqualTo(6L);
        assertThat(groups.hasGroup()).isFalse();
    }

    @Test
    void shouldDeleteAGroupOfTheKindWithItsOffsets() {
        tally(GROUP);
        groups.commit("m", 1, "t", 5L);
        assertThat(delete(GROUP)).isEqualTo(ErrorCode.NON_EMPTY_GROUP);
        tally(GROUP);

        assertThat(delete(GROUP)).isEqualTo(ErrorCode.NONE);

        assertThat(delete(GROUP)).isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND);
        assertThat(groups.committed("t")).isEqualTo(-1L);
        groups.restart();
        assertThat(listed()).isEmpty();
        assertThat(groups.hasGroup()).isFalse();
    }

    @Test
    void shouldDeleteOffsetsOfTopicsThatNobodySubscribesTo() {
        tally(GROUP);
        groups.commit("m", 1, "subscribed", 5L);
        groups.commit("m", 1, "t", 5L);

        Pending<OffsetDeleteResponse> pending = new Pending<>();
        OffsetDeleteRequest request =
                new OffsetDeleteRequest().setGroupId(GROUP).setTopics(List.of(deletion("subscribed"), deletion("t")));
        groups.submit(pending, (shard, turn) -> shard.removals().deleteOffsets(turn, request, pending));
        groups.scheduler.runUntilIdle();

        assertThat(pending.outcome().topics())
                .extracting(topic -> ErrorCode.of(topic.partitions().get(0).errorCode()))
                .containsExactly(ErrorCode.GROUP_SUBSCRIBED_TO_TOPIC, ErrorCode.NONE);
        assertThat(groups.committed("subscribed")).isEqualTo(5L);
        assertThat(groups.committed("t")).isEqualTo(-1L);
    }

    private static OffsetDeleteRequestTopic deletion(String topic) {
        return new OffsetDeleteRequestTopic()
                .setName(topic)
                .setPartitions(List.of(new OffsetDeleteRequestPartition().setPartitionIndex(0)));
    }

    @Test
    void shouldExpireOffsetsAndThenTheGroup() {
        groups.config.put("offsets.retention.minutes", "60");
        tally(GROUP);
        groups.commit("m", 1, "subscribed", 5L);
        groups.commit("m", 1, "t", 5L);
        tally(GROUP);

        groups.scheduler.advance(2 * 3_600_000L);
        assertThat(groups.committed("t")).isEqualTo(-1L);
        assertThat(groups.committed("subscribed")).isEqualTo(5L);
        assertThat(listed()).hasSize(1);

        tally("no offsets");
        tally("no offsets");
        groups.scheduler.advance(3_600_000L);
        assertThat(listed()).hasSize(1);
    }

    @Test
    void shouldTellTheKindOfTopics() {
        Uuid id = new Uuid(1L, 2L);
        Pending<Boolean> pending = new Pending<>();
        groups.submit(pending, (shard, turn) -> {
            shard.topicsChanged(turn);
            shard.topicsDeleted(turn, Map.of(id, "t"));
            turn.answer(pending, true);
        });
        groups.scheduler.runUntilIdle();

        assertThat(pending.outcome()).isTrue();
        assertThat(kind.live.get(0).topicsChanged).isEqualTo(1);
        assertThat(kind.live.get(0).deletedTopics).containsEntry(id, "t");
    }

    @Test
    void shouldLoadAgainWhenAKindWritesWhatIsNotItsOwn() {
        tally(GROUP);
        Pending<Integer> pending = new Pending<>();
        groups.submit(
                kind,
                0,
                pending,
                (state, turn) -> turn.write(List.of(KindRecord.tombstone(
                        new ShareGroupMemberMetadataKey().setGroupId(GROUP).setMemberId("m")))));
        groups.scheduler.advance(100);

        assertThat(pending.refusal()).isEqualTo(ErrorCode.UNKNOWN_SERVER_ERROR);
        assertThat(kind.live).hasSize(1);
        assertThat(tally(GROUP)).isEqualTo(2);
    }

    @Test
    void shouldGiveTheKindTheConfigurationOfItsGroups() {
        groups.config.put("group.share.session.timeout.ms", "12345");
        String ofBroker = groups.ask(shard -> kind.live.get(0).context.groupConfig(GROUP, "share.session.timeout.ms"));
        assertThat(ofBroker).isEqualTo("12345");

        groups.metadata.config(
                new io.sluice.cluster.api.ConfigResource(io.sluice.cluster.api.ConfigResource.Type.GROUP, GROUP),
                Map.of("share.session.timeout.ms", "50000"));
        assertThat(groups.<String>ask(shard -> kind.live.get(0).context.groupConfig(GROUP, "share.session.timeout.ms")))
                .isEqualTo("50000");
        assertThat(groups.<String>ask(shard -> kind.live.get(0).context.groupConfig(GROUP, "share.isolation.level")))
                .isEqualTo("read_uncommitted");
    }

    @Test
    void shouldRefuseAnEventOfAStateThatWasReplaced() {
        TallyKind.Tallies former = kind.live.get(0);
        groups.restart();
        Pending<Integer> pending = new Pending<>();
        former.context.submit(pending, (state, turn) -> state.tally(turn, GROUP, pending));
        groups.scheduler.runUntilIdle();

        assertThat(pending.refusal()).isEqualTo(ErrorCode.NOT_COORDINATOR);
    }
}
