package io.sluice.coordinator.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.base.ErrorCode;
import io.sluice.coordinator.group.consumer.ConsumerGroup;
import io.sluice.coordinator.group.consumer.HeartbeatOutcome;
import io.sluice.protocol.message.ConsumerGroupHeartbeatResponse;
import io.sluice.protocol.message.ListGroupsResponse.ListedGroup;
import io.sluice.protocol.message.OffsetCommitRequest;
import io.sluice.protocol.message.OffsetFetchRequest.OffsetFetchRequestGroup;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** Members of one consumer group (KIP-848), in simulated time. */
class ConsumerMembershipTest {
    private static final int SESSION_MS = 45_000;

    private final SimulatedGroups groups = new SimulatedGroups(7L);

    ConsumerMembershipTest() {
        groups.config.put("group.consumer.assignment.interval.ms", "0");
        groups.metadata.topic("t", 4);
    }

    private SimulatedConsumer consumer(String memberId) {
        return new SimulatedConsumer(groups, memberId, null, "t");
    }

    private SimulatedConsumer consumer(String memberId, @Nullable String instanceId) {
        return new SimulatedConsumer(groups, memberId, instanceId, "t");
    }

    private static ErrorCode error(ConsumerGroupHeartbeatResponse response) {
        return ErrorCode.of(response.errorCode());
    }

    private ErrorCode outcome(Pending<HeartbeatOutcome> pending) {
        groups.scheduler.runUntilIdle();
        return error(((HeartbeatOutcome.Answered) pending.outcome()).response());
    }

    private ConsumerGroup group() {
        return Objects.requireNonNull(groups.ask(shard -> shard.consumerGroups().find(SimulatedGroups.GROUP)));
    }

    private void settle(SimulatedConsumer... consumers) {
        for (int i = 0; i < 4; i++) {
            for (SimulatedConsumer consumer : consumers) {
                assertThat(error(consumer.beat())).isEqualTo(ErrorCode.NONE);
            }
        }
    }

    @Test
    void shouldGiveTheFirstMemberEverythingAtOnce() {
        SimulatedConsumer a = consumer("a");

        ConsumerGroupHeartbeatResponse response = a.beat();

        assertThat(response.memberId()).isEqualTo("a");
        assertThat(response.memberEpoch()).isEqualTo(1);
        assertThat(response.heartbeatIntervalMs()).isEqualTo(5_000);
        assertThat(a.owned).hasSize(4);
        assertThat(a.beat().assignment()).as("an assignment that is known").isNull();
    }

    @Test
    void shouldGivePartitionsOnOnlyAfterTheyWereGivenUp() {
        SimulatedConsumer a = consumer("a");
        SimulatedConsumer b = consumer("b");
        a.beat();

        b.beat();

        assertThat(b.owned).as("before a knows of it").isEmpty();
        a.beat();
        assertThat(a.owned).hasSize(2);
        b.beat();
        assertThat(b.owned).as("before a has said that it gave up").isEmpty();
        a.beat();
        b.beat();
        assertThat(b.owned).hasSize(2).doesNotContainAnyElementsOf(a.owned);
        assertThat(group().state().label()).isEqualTo("Stable");
    }

    @Test
    void shouldPutOutWhoIsSilent() {
        SimulatedConsumer a = consumer("a");
        SimulatedConsumer b = consumer("b");
        settle(a, b);
        groups.scheduler.advance(SESSION_MS - 1_000);
        a.beat();

        groups.scheduler.advance(1_001);

        assertThat(group().member("b")).isNull();
        settle(a);
        assertThat(a.owned).hasSize(4);
        assertThat(error(b.beat())).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
    }

    @Test
    void shouldPutOutWhoDoesNotGiveUpInTime() {
        SimulatedConsumer a = consumer("a");
        settle(a);
        SimulatedConsumer b = consumer("b");
        b.beat();
        a.beat();
        assertThat(a.owned).hasSize(2);

        groups.scheduler.advance(SimulatedGroups.REBALANCE_MS - 1);
        assertThat(group().member("a")).isNotNull();
        groups.scheduler.advance(1);

        assertThat(group().member("a")).isNull();
        settle(b);
        assertThat(b.owned).hasSize(4);
    }

    @Test
    void shouldLetMembersLeave() {
        SimulatedConsumer a = consumer("a");
        SimulatedConsumer b = consumer("b");
        settle(a, b);

        assertThat(outcome(b.leave(-1))).isEqualTo(ErrorCode.NONE);

        settle(a);
        assertThat(a.owned).hasSize(4);
        assertThat(outcome(b.leave(-1))).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
    }

    @Test
    void shouldKeepThePlaceOfAStaticMemberThatIsAway() {
        SimulatedConsumer a = consumer("a", "ia");
        SimulatedConsumer b = consumer("b", "ib");
        settle(a, b);
        Set<?> before = Set.copyOf(b.owned);
        assertThat(error(consumer("other", "ib").beat())).isEqualTo(ErrorCode.UNRELEASED_INSTANCE_ID);

        assertThat(outcome(b.leave(-2))).isEqualTo(ErrorCode.NONE);
        settle(a);
        assertThat(a.owned).hasSize(2);
        SimulatedConsumer back = consumer("b2", "ib");
        back.beat();

        assertThat(back.owned).isEqualTo(before);
        assertThat(error(b.beat())).isEqualTo(ErrorCode.FENCED_INSTANCE_ID);
        assertThat(error(b.beat())).as("joining again").isEqualTo(ErrorCode.UNRELEASED_INSTANCE_ID);
        assertThat(group().size()).isEqualTo(2);
    }

    @Test
    void shouldNotGiveAnInstanceIdAnewToTheMemberThatHasIt() {
        SimulatedConsumer a = consumer("a", "ia");
        settle(a);

        assertThat(error(consumer("a", "ia").beat())).isEqualTo(ErrorCode.UNRELEASED_INSTANCE_ID);

        settle(a);
        assertThat(outcome(a.leave(-2))).isEqualTo(ErrorCode.NONE);
        SimulatedConsumer back = consumer("a", "ia");
        settle(back);
        assertThat(back.owned).hasSize(4);
        assertThat(group().size()).isEqualTo(1);
        assertThat(group().epoch()).as("nothing has changed for the group").isEqualTo(1);
        groups.restart();
        settle(back);
        assertThat(back.owned).hasSize(4);
    }

    @Test
    void shouldLetADynamicMemberBecomeStatic() {
        SimulatedConsumer a = consumer("a");
        settle(a);

        SimulatedConsumer named = consumer("a", "ia");
        settle(named);

        assertThat(group().size()).isEqualTo(1);
        assertThat(error(consumer("b", "ia").beat())).isEqualTo(ErrorCode.UNRELEASED_INSTANCE_ID);
    }

    @Test
    void shouldFenceEpochsThatAreNotTheMembersOwn() {
        SimulatedConsumer a = consumer("a");
        settle(a);
        a.epoch = 9;
        assertThat(error(a.beat())).isEqualTo(ErrorCode.FENCED_MEMBER_EPOCH);
        assertThat(error(a.beat())).as("joining again").isEqualTo(ErrorCode.NONE);
        assertThat(a.owned).hasSize(4);

        SimulatedConsumer stranger = consumer("stranger");
        stranger.epoch = 3;
        assertThat(error(stranger.beat())).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
    }

    @Test
    void shouldRefuseMoreMembersThanAllowed() {
        groups.config.put("group.consumer.max.size", "1");
        SimulatedConsumer a = consumer("a");
        settle(a);

        assertThat(error(consumer("b").beat())).isEqualTo(ErrorCode.GROUP_MAX_SIZE_REACHED);
        SimulatedConsumer stranger = consumer("stranger");
        stranger.epoch = 3;
        assertThat(error(stranger.beat())).isEqualTo(ErrorCode.GROUP_MAX_SIZE_REACHED);
        assertThat(error(a.beat())).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldRefuseWhatMakesNoSense() {
        SimulatedConsumer badAssignor = consumer("a");
        badAssignor.assignor = "chance";
        assertThat(error(badAssignor.beat())).isEqualTo(ErrorCode.UNSUPPORTED_ASSIGNOR);

        assertThat(error(consumer("").beat())).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(error(consumer("a", "").beat())).isEqualTo(ErrorCode.INVALID_REQUEST);
        SimulatedConsumer badEpoch = consumer("a");
        badEpoch.epoch = -3;
        assertThat(error(badEpoch.beat())).isEqualTo(ErrorCode.INVALID_REQUEST);
        SimulatedConsumer absent = consumer("a");
        absent.epoch = 4;
        assertThat(error(absent.beat())).isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND);
    }

    @Test
    void shouldUseTheAssignorThatMembersAskFor() {
        groups.metadata.topic("u", 4);
        SimulatedConsumer a = new SimulatedConsumer(groups, "a", null, "t", "u");
        SimulatedConsumer b = new SimulatedConsumer(groups, "b", null, "t", "u");
        a.assignor = "range";
        b.assignor = "range";
        settle(a, b);

        assertThat(a.owned).extracting(partition -> partition.partition()).containsOnly(0, 1);
        assertThat(b.owned).extracting(partition -> partition.partition()).containsOnly(2, 3);
    }

    @Test
    void shouldFollowTopicsThatChange() {
        SimulatedConsumer a = consumer("a");
        settle(a);

        groups.metadata.topic("t", 6);
        groups.submit(new Pending<Void>(), (shard, turn) -> shard.consumers().topicsChanged());
        settle(a);

        assertThat(a.owned).hasSize(6);
    }

    @Test
    void shouldFollowTopicsThatMatchARegularExpression() {
        SimulatedConsumer a = new SimulatedConsumer(groups, "a", null);
        a.regex = "x-.*";
        groups.metadata.topic("x-1", 2);
        a.beat();
        assertThat(a.owned).hasSize(2);

        groups.metadata.topic("x-2", 3);
        groups.submit(new Pending<Void>(), (shard, turn) -> shard.consumers().topicsChanged());
        groups.scheduler.advance(10_000);
        settle(a);

        assertThat(a.owned).hasSize(5);
        groups.restart();
        settle(a);
        assertThat(a.owned).hasSize(5);
    }

    @Test
    void shouldLookAgainForTopicsThatCameWhileARegularExpressionWasLookedUp() {
        SimulatedConsumer a = new SimulatedConsumer(groups, "a", null);
        a.regex = "t.*";
        a.whenResolved = () -> {
            groups.metadata.topic("t2", 2);
            groups.submit(
                    new Pending<Void>(), (shard, turn) -> shard.consumers().topicsChanged());
            a.whenResolved = () -> {};
        };
        a.beat();
        assertThat(a.owned).hasSize(4);

        groups.scheduler.advance(11_000);
        a.beat();

        assertThat(a.owned).hasSize(6);
    }

    @Test
    void shouldLookUpTheTopicsOfAGroupOnceAtATime() {
        SimulatedConsumer a = matching("a", "t.*");
        SimulatedConsumer b = matching("b", "t.*");
        a.whenResolved = () -> {
            assertThat(error(b.beat())).isEqualTo(ErrorCode.NONE);
            assertThat(b.owned).as("what is not known yet").isEmpty();
        };
        b.whenResolved = () -> Assertions.fail("a is at it");

        a.beat();

        settle(a, b);
        assertThat(a.owned).hasSize(2);
        assertThat(b.owned).hasSize(2);
    }

    @Test
    void shouldLookUpTheTopicsOfAMemberThatHadToGoOnWithoutThem() {
        SimulatedConsumer a = matching("a", "t.*");
        groups.metadata.topic("u", 1);
        SimulatedConsumer b = matching("b", "u.*");
        a.whenResolved = b::beat;
        a.beat();
        assertThat(b.owned).isEmpty();

        settle(a, b);

        assertThat(a.owned).hasSize(4);
        assertThat(b.owned).hasSize(1);
    }

    @Test
    void shouldLookTopicsUpAnewWhenAHeartbeatDidNotComeBackWithThem() {
        SimulatedConsumer a = matching("a", "t.*");
        SimulatedConsumer b = matching("b", "t.*");
        a.whenResolved = () -> {
            throw new IllegalStateException("its connection is gone");
        };
        assertThatThrownBy(a::beat).hasMessage("its connection is gone");
        b.beat();
        assertThat(b.owned).isEmpty();

        groups.scheduler.advance(30_000);
        b.beat();

        assertThat(b.owned).hasSize(4);
    }

    private SimulatedConsumer matching(String memberId, String regex) {
        SimulatedConsumer consumer = new SimulatedConsumer(groups, memberId, null);
        consumer.regex = regex;
        return consumer;
    }

    @Test
    void shouldLoseNoMemberWhenTheCoordinatorIsReplaced() {
        SimulatedConsumer a = consumer("a", "ia");
        SimulatedConsumer b = consumer("b");
        settle(a, b);
        int epoch = group().epoch();

        groups.restart();

        assertThat(error(a.beat())).isEqualTo(ErrorCode.NONE);
        assertThat(error(b.beat())).isEqualTo(ErrorCode.NONE);
        assertThat(group().epoch()).isEqualTo(epoch);
        assertThat(group().size()).isEqualTo(2);
        groups.scheduler.advance(SESSION_MS + 1);
        assertThat(group().isEmpty()).as("sessions after the restart are over").isTrue();
    }

    private ErrorCode commit(String memberId, int epoch, int version) {
        OffsetCommitRequest request = SimulatedGroups.commitRequest(memberId, epoch, "t", 5L);
        request.topics()
                .get(0)
                .setTopicId(Objects.requireNonNull(groups.metadata.image().topic("t"))
                        .id());
        return SimulatedGroups.errorOf(groups.commit(request, version).outcome());
    }

    @Test
    void shouldTakeCommitsOfMembersAtTheirEpoch() {
        SimulatedConsumer a = consumer("a");
        settle(a);

        assertThat(commit("a", 1, 9)).isEqualTo(ErrorCode.NONE);
        assertThat(groups.committed("t")).isEqualTo(5L);
        assertThat(commit("a", 2, 9)).isEqualTo(ErrorCode.STALE_MEMBER_EPOCH);
        assertThat(commit("a", 0, 9)).isEqualTo(ErrorCode.STALE_MEMBER_EPOCH);
        assertThat(commit("a", 1, 8)).isEqualTo(ErrorCode.UNSUPPORTED_VERSION);
        assertThat(commit("b", 1, 9)).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(commit("", -1, 9)).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        outcome(a.leave(-1));
        assertThat(commit("", -1, 9)).as("into a group without members").isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldTakeLateCommitsForPartitionsThatTheMemberStillHas() {
        SimulatedConsumer a = consumer("a");
        SimulatedConsumer b = consumer("b");
        settle(a, b);
        assertThat(a.epoch).isEqualTo(2);

        boolean stillHas = a.owned.stream().anyMatch(partition -> partition.partition() == 0);
        assertThat(commit("a", 1, 9)).isEqualTo(stillHas ? ErrorCode.NONE : ErrorCode.STALE_MEMBER_EPOCH);
        assertThat(commit("b", 1, 9)).isEqualTo(ErrorCode.STALE_MEMBER_EPOCH);
    }

    @Test
    void shouldTakeTopicsAwayThatAMemberDoesNotWantBeforeThereIsANewTarget() {
        SimulatedConsumer a = consumer("a");
        SimulatedConsumer b = consumer("b");
        settle(a, b);
        groups.metadata.topic("u", 2);
        settle(a, b);
        assertThat(a.owned).hasSize(2);
        groups.config.put("group.consumer.assignment.interval.ms", "10000");
        a.subscribe("u");

        ConsumerGroupHeartbeatResponse told = a.beat();

        assertThat(Objects.requireNonNull(told.assignment()).topicPartitions()).isEmpty();
        assertThat(a.owned).isEmpty();
        a.beat();
        assertThat(a.owned).as("no new target yet").isEmpty();
        groups.scheduler.advance(10_000);
        settle(a, b);
        assertThat(a.owned).hasSize(2);
        assertThat(b.owned).hasSize(4);
    }

    @Test
    void shouldTellOffsetsToMembersAtTheirEpochAndToAdministrators() {
        SimulatedConsumer a = consumer("a");
        settle(a);

        assertThat(fetch(null, -1)).isEqualTo(ErrorCode.NONE);
        assertThat(fetch("a", 1)).isEqualTo(ErrorCode.NONE);
        assertThat(fetch("a", 7)).isEqualTo(ErrorCode.STALE_MEMBER_EPOCH);
        assertThat(fetch("b", 1)).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
    }

    private ErrorCode fetch(@Nullable String memberId, int epoch) {
        OffsetFetchRequestGroup request = new OffsetFetchRequestGroup()
                .setGroupId(SimulatedGroups.GROUP)
                .setMemberId(memberId)
                .setMemberEpoch(epoch)
                .setTopics(List.of());
        return ErrorCode.of(
                groups.ask(shard -> shard.fetches().fetch(request, false).errorCode()));
    }

    @Test
    void shouldKeepTheProtocolsApartWhileThereAreMembers() {
        SimulatedConsumer a = consumer("a");
        settle(a);
        assertThat(ErrorCode.of(groups.join("").outcome().errorCode()))
                .isEqualTo(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
        ErrorCode described = groups.ask(shard -> ErrorCode.of(
                shard.listing().describe(SimulatedGroups.GROUP, (short) 6).errorCode()));
        assertThat(described).isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND);
        outcome(a.leave(-1));

        String classic = groups.stableAlone();

        assertThat(groups.hasGroup()).isTrue();
        assertThat(error(consumer("b").beat())).isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND);
        groups.leave(classic);
        settle(consumer("b"));
        assertThat(groups.hasGroup()).isFalse();
        groups.restart();
        assertThat(groups.hasGroup()).isFalse();
        assertThat(group().size()).isEqualTo(1);
    }

    @Test
    void shouldListAndDeleteGroups() {
        SimulatedConsumer a = consumer("a");
        settle(a);
        List<ListedGroup> listed = groups.ask(shard -> shard.listing().list(Set.of("stable"), Set.of("consumer")));
        assertThat(listed).hasSize(1);
        assertThat(listed.get(0).groupType()).isEqualTo("consumer");
        assertThat(delete()).isEqualTo(ErrorCode.NON_EMPTY_GROUP);
        commit("a", 1, 9);
        outcome(a.leave(-1));

        assertThat(delete()).isEqualTo(ErrorCode.NONE);

        assertThat(groups.committed("t")).isEqualTo(-1L);
        groups.restart();
        boolean there = groups.ask(shard -> shard.consumerGroups().contains(SimulatedGroups.GROUP));
        assertThat(there).isFalse();
        assertThat(delete()).isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND);
    }

    private ErrorCode delete() {
        Pending<ErrorCode> pending = new Pending<>();
        groups.submit(pending, (shard, turn) -> shard.removals().deleteGroup(turn, SimulatedGroups.GROUP, pending));
        groups.scheduler.runUntilIdle();
        return pending.outcome();
    }
}
