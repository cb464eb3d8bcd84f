package io.sluice.coordinator.group;

import static io.sluice.coordinator.group.SimulatedGroups.GROUP;
import static io.sluice.coordinator.group.SimulatedGroups.commitRequest;
import static io.sluice.coordinator.group.SimulatedGroups.errorOf;
import static io.sluice.coordinator.group.SimulatedGroups.joinRequest;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.ErrorCode;
import io.sluice.base.RandomSource;
import io.sluice.base.Uuid;
import io.sluice.coordinator.api.AssignableTopic;
import io.sluice.coordinator.api.ConsumerAssignor;
import io.sluice.coordinator.api.PartitionId;
import io.sluice.coordinator.api.Subscriber;
import io.sluice.coordinator.group.classic.EmbeddedProtocol;
import io.sluice.coordinator.group.consumer.HeartbeatOutcome;
import io.sluice.protocol.message.ConsumerGroupDescribeResponse;
import io.sluice.protocol.message.ConsumerProtocolAssignment;
import io.sluice.protocol.message.JoinGroupRequest;
import io.sluice.protocol.message.JoinGroupResponse;
import io.sluice.protocol.message.LeaveGroupRequest;
import io.sluice.protocol.message.OffsetCommitRequest;
import io.sluice.protocol.message.OffsetFetchRequest.OffsetFetchRequestGroup;
import io.sluice.protocol.message.SyncGroupRequest;
import io.sluice.protocol.message.SyncGroupRequest.SyncGroupRequestAssignment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Groups that change their protocol while they have members (KIP-848). */
class MigrationTest {
    private static final int PARTITIONS = 6;

    private final SimulatedGroups groups = new SimulatedGroups(23L);

    MigrationTest() {
        groups.config.put("group.consumer.assignment.interval.ms", "0");
        groups.metadata.topic("t", PARTITIONS);
    }

    private SimulatedClassicConsumer classic(boolean cooperative) {
        return new SimulatedClassicConsumer(groups, "t", null, cooperative);
    }

    private SimulatedConsumer consumer(String memberId, @Nullable String instanceId) {
        return new SimulatedConsumer(groups, memberId, instanceId, "t");
    }

    private static void settle(
            SimulatedGroups groups, List<SimulatedClassicConsumer> classics, List<SimulatedConsumer> consumers) {
        for (int i = 0; i < 40; i++) {
            classics.forEach(SimulatedClassicConsumer::step);
            consumers.forEach(SimulatedConsumer::step);
            groups.scheduler.advance(200);
        }
    }

    private void settle(List<SimulatedClassicConsumer> classics, List<SimulatedConsumer> consumers) {
        settle(groups, classics, consumers);
    }

    private static Set<Integer> covered(List<SimulatedClassicConsumer> classics, List<SimulatedConsumer> consumers) {
        Set<Integer> all = new TreeSet<>();
        List<Set<Integer>> shares = new ArrayList<>();
        classics.forEach(member -> shares.add(member.owned));
        for (SimulatedConsumer member : consumers) {
            Set<Integer> numbers = new TreeSet<>();
            for (PartitionId partition : member.owned) {
                numbers.add(partition.partition());
            }
            shares.add(numbers);
        }
        for (Set<Integer> share : shares) {
            for (int partition : share) {
                assertThat(all.add(partition))
                        .as("partition " + partition + " is one member's only: " + shares)
                        .isTrue();
            }
        }
        return all;
    }

    private String type() {
        return groups.ask(shard -> {
            if (shard.groups().contains(GROUP)) {
                return "classic";
            }
            return shard.consumerGroups().contains(GROUP) ? "consumer" : "none";
        });
    }

    private ConsumerGroupDescribeResponse.DescribedGroup described() {
        return groups.ask(shard -> shard.descriptions().describe(GROUP));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldTakeClassicMembersAlongAndBack(boolean cooperative) {
        List<SimulatedClassicConsumer> classics = List.of(classic(cooperative), classic(cooperative));
        settle(classics, List.of());
        assertThat(type()).isEqualTo("classic");
        assertThat(covered(classics, List.of())).hasSize(PARTITIONS);

        List<SimulatedConsumer> consumers = List.of(consumer("new", null));
        settle(classics, consumers);

        assertThat(type()).isEqualTo("consumer");
        assertThat(covered(classics, consumers)).hasSize(PARTITIONS);
        assertThat(consumers.get(0).owned).hasSize(2);
        assertThat(classics).allMatch(member -> member.owned.size() == 2);
        assertThat(described().members())
                .extracting(ConsumerGroupDescribeResponse.Member::memberType)
                .containsExactlyInAnyOrder((byte) 0, (byte) 0, (byte) 1);
        assertThat(described().groupState()).isEqualTo("Stable");
        groups.restart();
        settle(classics, consumers);
        assertThat(type()).isEqualTo("consumer");
        assertThat(covered(classics, consumers)).hasSize(PARTITIONS);

        consumers.get(0).leave(-1);
        groups.scheduler.runUntilIdle();
        assertThat(type()).isEqualTo("classic");
        settle(classics, List.of());

        assertThat(covered(classics, List.of())).hasSize(PARTITIONS);
        assertThat(classics).allMatch(member -> member.owned.size() == 3);
        groups.restart();
        assertThat(type()).isEqualTo("classic");
        settle(classics, List.of());
        assertThat(covered(classics, List.of())).hasSize(PARTITIONS);
    }

    @Test
    void shouldGoBackWhenTheLastConsumerIsSilent() {
        List<SimulatedClassicConsumer> classics = List.of(classic(true));
        List<SimulatedConsumer> consumers = List.of(consumer("new", null));
        settle(classics, consumers);
        assertThat(type()).isEqualTo("consumer");

        for (int i = 0; i < 60; i++) {
            settle(classics, List.of());
        }

        assertThat(type()).isEqualTo("classic");
        assertThat(covered(classics, List.of())).hasSize(PARTITIONS);
    }

    @Test
    void shouldDoWhatThePolicyAllows() {
        groups.config.put("group.consumer.migration.policy", "disabled");
        List<SimulatedClassicConsumer> classics = List.of(classic(true));
        settle(classics, List.of());
        SimulatedConsumer refused = consumer("new", null);
        refused.beat();
        assertThat(refused.lastError).isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND);
        assertThat(type()).isEqualTo("classic");

        groups.config.put("group.consumer.migration.policy", "Upgrade");
        List<SimulatedConsumer> consumers = List.of(refused);
        settle(classics, consumers);
        assertThat(type()).isEqualTo("consumer");
        consumers.get(0).leave(-1);
        settle(classics, List.of());
        assertThat(type()).as("a downgrade is not allowed").isEqualTo("consumer");
        assertThat(covered(classics, List.of())).hasSize(PARTITIONS);
    }

    @Test
    void shouldNotTakeAGroupAlongThatHasTooManyMembersOrIsNoConsumers() {
        groups.config.put("group.consumer.max.size", "1");
        List<SimulatedClassicConsumer> classics = List.of(classic(true), classic(true));
        settle(classics, List.of());
        SimulatedConsumer late = consumer("new", null);
        late.beat();
        assertThat(late.lastError).isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND);
        assertThat(type()).isEqualTo("classic");
    }

    @Test
    void shouldLeaveAGroupAsItWasWhenTheMemberIsRefused() {
        List<SimulatedClassicConsumer> classics = List.of(classic(true), classic(true));
        settle(classics, List.of());
        int generation = classics.get(0).generation;
        SimulatedConsumer late = consumer("new", null);

        groups.config.put("group.consumer.max.size", "2");
        late.beat();
        assertThat(late.lastError).isEqualTo(ErrorCode.GROUP_MAX_SIZE_REACHED);
        groups.config.remove("group.consumer.max.size");
        late.assignor = "unheard-of";
        late.beat();
        assertThat(late.lastError).isEqualTo(ErrorCode.UNSUPPORTED_ASSIGNOR);
        late.assignor = "broken";
        groups.config.put("group.consumer.assignors", "uniform,broken");
        groups.assignors.add(new BrokenAssignor());
        late.beat();
        assertThat(late.lastError).isEqualTo(ErrorCode.UNKNOWN_SERVER_ERROR);

        assertThat(type()).isEqualTo("classic");
        settle(classics, List.of());
        assertThat(classics).allMatch(member -> member.generation == generation && member.owned.size() == 3);
        groups.restart();
        assertThat(type()).isEqualTo("classic");
        late.assignor = null;
        settle(classics, List.of(late));
        assertThat(type()).isEqualTo("consumer");
        assertThat(covered(classics, List.of(late))).hasSize(PARTITIONS);
    }

    @Test
    void shouldLeaveAnEmptyGroupAsItWasWhenTheMemberIsRefused() {
        groups.leave(groups.stableAlone());
        groups.config.put("group.consumer.assignors", "uniform,broken");
        groups.assignors.add(new BrokenAssignor());
        SimulatedConsumer late = consumer("new", null);
        late.assignor = "broken";

        late.beat();

        assertThat(late.lastError).isEqualTo(ErrorCode.UNKNOWN_SERVER_ERROR);
        assertThat(type()).isEqualTo("classic");
    }

    @Test
    void shouldTakeAGroupAlongOnlyWhenTheTopicsOfARegularExpressionAreKnown() {
        List<SimulatedClassicConsumer> classics = List.of(classic(true));
        settle(classics, List.of());
        SimulatedConsumer late = new SimulatedConsumer(groups, "new", null);
        late.regex = "t.*";
        List<String> types = new ArrayList<>();
        late.whenResolved = () -> types.add(type());

        late.beat();

        assertThat(types).containsExactly("classic");
        assertThat(type()).isEqualTo("consumer");
        settle(classics, List.of(late));
        assertThat(covered(classics, List.of(late))).hasSize(PARTITIONS);
    }

    private static final class BrokenAssignor implements ConsumerAssignor {
        @Override
        public String name() {
            return "broken";
        }

        @Override
        public Map<String, Set<PartitionId>> assign(List<Subscriber> members, Map<Uuid, AssignableTopic> topics) {
            throw new IllegalStateException("as the test wants it");
        }
    }

    @Test
    void shouldNotTakeAGroupAlongWhoseMembersCannotBeUnderstood() {
        groups.stableAlone();
        SimulatedConsumer late = consumer("new", null);
        late.beat();
        assertThat(late.lastError).isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND);
        assertThat(groups.state()).isEqualTo("Stable");
    }

    @Test
    void shouldNotTakeAGroupAlongWhoseAssignorHasDataOfItsOwn() {
        SimulatedClassicConsumer member = classic(true);
        settle(List.of(member), List.of());
        ConsumerProtocolAssignment assignment =
                new ConsumerProtocolAssignment().setUserData(ByteBuffer.wrap(new byte[] {1}));
        JoinGroupResponse joined = rejoin(member).outcome();
        groups.sync(new SyncGroupRequest()
                .setGroupId(GROUP)
                .setMemberId(member.memberId)
                .setGenerationId(joined.generationId())
                .setAssignments(List.of(new SyncGroupRequestAssignment()
                        .setMemberId(member.memberId)
                        .setAssignment(EmbeddedProtocol.write(assignment, new byte[] {0, 1})))));
        SimulatedConsumer late = consumer("new", null);

        late.beat();

        assertThat(late.lastError).isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND);
        assertThat(type()).isEqualTo("classic");
    }

    private Pending<JoinGroupResponse> rejoin(SimulatedClassicConsumer member) {
        JoinGroupRequest request = joinRequest(member.memberId, null);
        request.protocols().get(0).setMetadata(member.subscription());
        return groups.join(request, 9);
    }

    @Test
    void shouldNotLetClassicMembersJoinWhereMigrationIsDisabled() {
        groups.config.put("group.consumer.migration.policy", "disabled");
        List<SimulatedConsumer> consumers = List.of(consumer("new", null));
        settle(List.of(), consumers);
        SimulatedClassicConsumer refused = classic(false);

        settle(List.of(refused), consumers);

        assertThat(refused.lastError).isEqualTo(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
        assertThat(consumers.get(0).owned).hasSize(PARTITIONS);
    }

    @Test
    void shouldTellClassicMembersOfWrongGenerationsInTheirTerms() {
        List<SimulatedClassicConsumer> classics = List.of(classic(true));
        settle(classics, List.of());
        settle(classics, List.of(consumer("new", null)));
        SimulatedClassicConsumer member = classics.get(0);
        int kept = member.owned.iterator().next();
        OffsetCommitRequest late = commitRequest(member.memberId, member.generation - 1, "t", 1L);
        late.topics()
                .get(0)
                .setTopicId(Objects.requireNonNull(groups.metadata.image().topic("t"))
                        .id())
                .partitions()
                .get(0)
                .setPartitionIndex(kept);
        OffsetFetchRequestGroup fetch = new OffsetFetchRequestGroup()
                .setGroupId(GROUP)
                .setMemberId(member.memberId)
                .setMemberEpoch(member.generation + 1)
                .setTopics(List.of());

        assertThat(errorOf(groups.commit(late, 9).outcome()))
                .as("a partition that it has had since before")
                .isEqualTo(ErrorCode.NONE);
        assertThat(ErrorCode.of(
                        groups.ask(shard -> shard.fetches().fetch(fetch, false).errorCode())))
                .isEqualTo(ErrorCode.ILLEGAL_GENERATION);
    }

    @Test
    void shouldLetClassicMembersJoinAConsumerGroup() {
        List<SimulatedConsumer> consumers = List.of(consumer("new", null));
        settle(List.of(), consumers);

        assertThat(ErrorCode.of(groups.join(joinRequest("", null).setProtocolType("connect"), 9)
                        .outcome()
                        .errorCode()))
                .isEqualTo(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
        List<SimulatedClassicConsumer> classics = List.of(classic(false));
        classics.get(0).step();
        classics.get(0).step();
        assertThat(classics.get(0).lastError).isEqualTo(ErrorCode.MEMBER_ID_REQUIRED);
        settle(classics, consumers);

        assertThat(covered(classics, consumers)).hasSize(PARTITIONS);
        assertThat(classics.get(0).owned).hasSize(3);
        groups.config.put("group.consumer.max.size", "2");
        SimulatedClassicConsumer third = classic(false);
        third.step();
        third.step();
        assertThat(third.lastError).isEqualTo(ErrorCode.GROUP_MAX_SIZE_REACHED);
    }

    @Test
    void shouldLetClassicMembersCommitAsTheyDo() {
        List<SimulatedClassicConsumer> classics = List.of(classic(true));
        List<SimulatedConsumer> consumers = List.of(consumer("new", null));
        settle(classics, consumers);
        SimulatedClassicConsumer member = classics.get(0);

        assertThat(groups.commit(member.memberId, member.generation, "t", 1L)).isEqualTo(ErrorCode.NONE);
        assertThat(groups.commit(member.memberId, member.generation - 1, "t", 1L))
                .isEqualTo(ErrorCode.ILLEGAL_GENERATION);
        assertThat(errorOf(groups.commit(commitRequest(member.memberId, member.generation - 1, "t", 1L), 9)
                        .outcome()))
                .isEqualTo(ErrorCode.ILLEGAL_GENERATION);
        assertThat(groups.commit("new", consumers.get(0).epoch, "t", 1L)).isEqualTo(ErrorCode.UNSUPPORTED_VERSION);
        assertThat(groups.heartbeat("new", consumers.get(0).epoch)).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(groups.heartbeat(member.memberId, member.generation)).isEqualTo(ErrorCode.NONE);
        assertThat(groups.heartbeat(member.memberId, member.generation + 1)).isEqualTo(ErrorCode.ILLEGAL_GENERATION);
    }

    @Test
    void shouldPutOutAClassicMemberThatDoesNotJoinAgainInTime() {
        List<SimulatedClassicConsumer> classics = List.of(classic(true));
        List<SimulatedConsumer> consumers = List.of(consumer("a", null));
        settle(classics, consumers);
        SimulatedClassicConsumer member = classics.get(0);
        SimulatedConsumer late = consumer("b", null);
        late.beat();

        for (int i = 0; i < 10; i++) {
            groups.heartbeat(member.memberId, member.generation);
            consumers.get(0).step();
            late.step();
            groups.scheduler.advance(SimulatedGroups.SESSION_MS / 2);
        }

        assertThat(groups.heartbeat(member.memberId, member.generation)).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
    }

    @Test
    void shouldLetClassicMembersLeaveAConsumerGroup() {
        List<SimulatedClassicConsumer> classics =
                List.of(classic(true), new SimulatedClassicConsumer(groups, "t", "instance", true));
        List<SimulatedConsumer> consumers = List.of(consumer("new", null));
        settle(classics, consumers);

        assertThat(groups.leave(classics.get(0).memberId)).isEqualTo(ErrorCode.NONE);
        assertThat(groups.leave("new")).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(ErrorCode.of(groups.leave(new LeaveGroupRequest.MemberIdentity().setGroupInstanceId("instance"))
                        .members()
                        .get(0)
                        .errorCode()))
                .isEqualTo(ErrorCode.NONE);

        settle(List.of(), consumers);
        assertThat(consumers.get(0).owned).hasSize(PARTITIONS);
    }

    @Test
    void shouldReplaceAStaticMemberByOneOfTheOtherProtocol() {
        SimulatedClassicConsumer before = new SimulatedClassicConsumer(groups, "t", "instance", true);
        SimulatedClassicConsumer beside = classic(true);
        settle(List.of(before, beside), List.of());

        SimulatedConsumer upgraded = consumer("new", "instance");
        settle(List.of(beside), List.of(upgraded));
        assertThat(type()).isEqualTo("consumer");
        assertThat(upgraded.lastError).isEqualTo(ErrorCode.NONE);
        assertThat(covered(List.of(beside), List.of(upgraded))).hasSize(PARTITIONS);
        assertThat(groups.heartbeat(before.memberId, "instance", before.generation))
                .isEqualTo(ErrorCode.FENCED_INSTANCE_ID);

        assertThat(((HeartbeatOutcome.Answered) outcome(upgraded.leave(-2)))
                        .response()
                        .errorCode())
                .isZero();
        SimulatedClassicConsumer after = new SimulatedClassicConsumer(groups, "t", "instance", true);
        settle(List.of(beside, after), List.of());
        assertThat(type()).isEqualTo("classic");
        assertThat(covered(List.of(beside, after), List.of())).hasSize(PARTITIONS);
    }

    private HeartbeatOutcome outcome(Pending<HeartbeatOutcome> pending) {
        groups.scheduler.runUntilIdle();
        return Objects.requireNonNull(pending.outcome());
    }

    @Test
    void shouldEndUpWithEveryPartitionAtOneMemberWhateverHappened() {
        long first = Long.getLong("simulation.seed", 1L);
        for (long seed = first; seed < first + 40; seed++) {
            try {
                simulate(seed);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    private static void simulate(long seed) {
        SimulatedGroups groups = new SimulatedGroups(seed);
        groups.config.put("group.consumer.assignment.interval.ms", "0");
        groups.metadata.topic("t", PARTITIONS);
        RandomSource random = groups.random();
        List<SimulatedClassicConsumer> classics = new ArrayList<>();
        List<SimulatedConsumer> consumers = new ArrayList<>();
        int names = 0;
        for (int step = 0; step < 300; step++) {
            int dice = random.nextInt(100);
            if (dice < 4 && classics.size() < 3) {
                classics.add(new SimulatedClassicConsumer(groups, "t", null, random.nextInt(2) == 0));
            } else if (dice < 8 && consumers.size() < 3) {
                consumers.add(new SimulatedConsumer(groups, "consumer" + names++, null, "t"));
            } else if (dice < 10 && !classics.isEmpty()) {
                SimulatedClassicConsumer gone = classics.remove(random.nextInt(classics.size()));
                groups.beginLeave(new LeaveGroupRequest.MemberIdentity().setMemberId(gone.memberId));
            } else if (dice < 12 && !consumers.isEmpty()) {
                consumers.remove(random.nextInt(consumers.size())).leave(-1);
            } else if (dice < 14) {
                groups.restart();
            } else if (dice < 55 && !classics.isEmpty()) {
                classics.get(random.nextInt(classics.size())).step();
            } else if (dice < 95 && !consumers.isEmpty()) {
                consumers.get(random.nextInt(consumers.size())).step();
            } else {
                groups.scheduler.advance(random.nextInt(200));
            }
            groups.scheduler.runUntilIdle();
        }
        for (int i = 0; i < 12; i++) {
            settle(groups, classics, consumers);
        }
        Set<Integer> covered = covered(classics, consumers);
        assertThat(covered).hasSize(classics.isEmpty() && consumers.isEmpty() ? 0 : PARTITIONS);
        assertThat(groups.<Boolean>ask(shard ->
                        shard.groups().contains(GROUP) && shard.consumerGroups().contains(GROUP)))
                .isFalse();
    }
}
