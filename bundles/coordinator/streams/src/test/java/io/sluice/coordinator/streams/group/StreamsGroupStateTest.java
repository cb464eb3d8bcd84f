package io.sluice.coordinator.streams.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.ErrorCode;
import io.sluice.base.TopicIdPartition;
import io.sluice.base.Uuid;
import io.sluice.coordinator.api.CommitClaim;
import io.sluice.coordinator.api.ListedGroup;
import io.sluice.coordinator.runtime.Reply;
import io.sluice.coordinator.streams.task.TaskId;
import io.sluice.coordinator.streams.task.Tasks;
import io.sluice.coordinator.streams.topology.GroupStatus;
import io.sluice.coordinator.streams.topology.InternalTopic;
import io.sluice.protocol.message.StreamsGroupDescribeResponse.DescribedGroup;
import io.sluice.protocol.message.StreamsGroupHeartbeatRequest;
import io.sluice.protocol.message.StreamsGroupHeartbeatResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StreamsGroupStateTest {
    private static final String GROUP = "app";

    private final KindHarness harness = new KindHarness();

    @BeforeEach
    void topics() {
        harness.topic("in", 4);
        harness.config.put("streams.initial.rebalance.delay.ms", "0");
    }

    private SimulatedThread thread(String memberId, String processId) {
        return new SimulatedThread(harness, GROUP, memberId, processId, TestTopologies.plain("in"));
    }

    private SimulatedThread thread(String memberId) {
        return thread(memberId, memberId);
    }

    private void settle(SimulatedThread... threads) {
        for (int i = 0; i < 6; i++) {
            for (SimulatedThread thread : threads) {
                thread.beat();
            }
            harness.advance(1_000L);
        }
    }

    private DescribedGroup described() {
        return harness.state.descriptions().describe(GROUP);
    }

    private static List<Byte> codes(SimulatedThread thread) {
        return thread.statuses.stream()
                .map(StreamsGroupHeartbeatResponse.Status::statusCode)
                .toList();
    }

    @Test
    void shouldGiveAllTasksToTheOnlyMember() {
        SimulatedThread thread = thread("m1");
        assertThat(thread.beat()).isEqualTo(ErrorCode.NONE);
        assertThat(thread.epoch).isEqualTo(2);
        assertThat(thread.owned.active()).hasSize(4);
        assertThat(thread.statuses).isEmpty();
        assertThat(described().groupState()).isEqualTo("Stable");
        assertThat(harness.state.list()).containsExactly(new ListedGroup(GROUP, "streams", "Stable"));
    }

    @Test
    void shouldWaitForMoreMembersBeforeTheFirstAssignment() {
        harness.config.put("streams.initial.rebalance.delay.ms", "3000");
        SimulatedThread one = thread("m1");
        SimulatedThread two = thread("m2");
        one.beat();
        assertThat(one.epoch).isEqualTo(1);
        assertThat(codes(one)).containsExactly(GroupStatus.ASSIGNMENT_DELAYED.code());
        harness.advance(1_000L);
        two.beat();
        assertThat(two.owned.isEmpty()).isTrue();
        assertThat(described().groupState()).isEqualTo("Assigning");
        harness.advance(2_000L);
        one.beat();
        two.beat();
        assertThat(one.owned.active()).hasSize(2);
        assertThat(two.owned.active()).hasSize(2);
        assertThat(one.statuses).isEmpty();
    }

    @Test
    void shouldMoveTasksOnlyAfterTheirFormerMemberHasGivenThemUp() {
        SimulatedThread one = thread("m1");
        SimulatedThread two = thread("m2");
        one.beat();
        harness.advance(2_000L);
        two.beat();
        assertThat(two.owned.isEmpty()).isTrue();
        StreamsGroupHeartbeatResponse told = one.send(one.request()).response();
        assertThat(told.memberEpoch()).isEqualTo(one.epoch);
        two.beat();
        assertThat(two.owned.isEmpty()).isTrue();
        one.take(told);
        assertThat(one.owned.active()).hasSize(2);
        one.beat();
        two.beat();
        assertThat(two.owned.active()).hasSize(2).doesNotContainAnyElementsOf(one.owned.active());
        assertThat(one.epoch).isEqualTo(two.epoch);
    }

    @Test
    void shouldGiveTheTasksOfAMemberThatGoesToTheOthers() {
        SimulatedThread one = thread("m1");
        SimulatedThread two = thread("m2");
        settle(one, two);
        assertThat(two.leave(-1)).isEqualTo(ErrorCode.NONE);
        settle(one);
        assertThat(one.owned.active()).hasSize(4);
        one.leave(-1);
        assertThat(described().groupState()).isEqualTo("Empty");
    }

    @Test
    void shouldRemoveAMemberThatIsSilent() {
        SimulatedThread one = thread("m1");
        SimulatedThread two = thread("m2");
        settle(one, two);
        for (int i = 0; i < 10; i++) {
            one.beat();
            harness.advance(5_000L);
        }
        one.beat();
        assertThat(one.owned.active()).hasSize(4);
        assertThat(two.beat()).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        settle(one, two);
        assertThat(two.owned.active()).hasSize(2);
    }

    @Test
    void shouldRemoveAMemberThatDoesNotGiveItsTasksUp() {
        SimulatedThread one = thread("m1");
        SimulatedThread two = thread("m2");
        one.beat();
        harness.advance(2_000L);
        two.beat();
        Tasks kept = one.owned;
        for (int i = 0; i < 8; i++) {
            one.send(one.request().setActiveTasks(null).setStandbyTasks(null).setWarmupTasks(null));
            two.beat();
            harness.advance(10_000L);
        }
        assertThat(kept.active()).hasSize(4);
        two.beat();
        assertThat(two.owned.active()).hasSize(4);
        assertThat(one.beat()).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
    }

    @Test
    void shouldFenceEpochsThatAreNotTheMembers() {
        SimulatedThread one = thread("m1");
        settle(one);
        assertThat(errorOf(one, one.request().setMemberEpoch(one.epoch + 1))).isEqualTo(ErrorCode.FENCED_MEMBER_EPOCH);
        SimulatedThread two = thread("m2");
        settle(one, two);
        int current = one.epoch;
        assertThat(current).isGreaterThan(2);
        assertThat(errorOf(one, one.request().setMemberEpoch(1))).isEqualTo(ErrorCode.FENCED_MEMBER_EPOCH);
        assertThat(errorOf(thread("m3"), one.request().setMemberId("m3"))).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        one.epoch = 0;
        assertThat(one.beat()).isEqualTo(ErrorCode.NONE);
        assertThat(one.owned.active()).hasSize(2);
    }

    private static ErrorCode errorOf(SimulatedThread thread, StreamsGroupHeartbeatRequest request) {
        return ErrorCode.of(thread.send(request).response().errorCode());
    }

    @Test
    void shouldRefuseWhatCannotBe() {
        SimulatedThread one = thread("m1");
        assertThat(errorOf(one, one.request().setMemberId(""))).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(errorOf(one, one.request().setGroupId(""))).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(errorOf(one, one.request().setRackId(""))).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(errorOf(one, one.request().setInstanceId(""))).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(errorOf(one, one.request().setTopology(null))).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(errorOf(one, one.request().setRebalanceTimeoutMs(-1))).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(errorOf(one, one.request().setActiveTasks(null))).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(errorOf(one, one.request().setTopology(null).setMemberEpoch(-3)))
                .isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(errorOf(one, one.request().setTopology(null).setMemberEpoch(-2)))
                .isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(errorOf(one, one.request().setTopology(null).setMemberEpoch(1)))
                .isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND);
        assertThat(errorOf(one, one.request().setTopology(null).setMemberEpoch(-1)))
                .isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND);
        StreamsGroupHeartbeatRequest.Topology numbered = TestTopologies.stateful("in", "c");
        numbered.subtopologies().get(0).stateChangelogTopics().get(0).setPartitions(3);
        assertThat(errorOf(one, one.request().setTopology(numbered))).isEqualTo(ErrorCode.STREAMS_INVALID_TOPOLOGY);
        StreamsGroupHeartbeatRequest.Topology matching = TestTopologies.plain("in");
        matching.subtopologies().get(0).setSourceTopicRegex(List.of("a.*"));
        assertThat(errorOf(one, one.request().setTopology(matching))).isEqualTo(ErrorCode.INVALID_REQUEST);
        harness.taken.add(GROUP);
        assertThat(one.beat()).isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND);
        assertThat(harness.log).isEmpty();
        harness.taken.clear();
        one.beat();
        one.owned = Tasks.of(Set.of(new TaskId("0", 4)), Set.of(), Set.of());
        assertThat(one.beat()).isEqualTo(ErrorCode.INVALID_REQUEST);
        one.owned = Tasks.of(Set.of(new TaskId("7", 0)), Set.of(), Set.of());
        assertThat(one.beat()).isEqualTo(ErrorCode.INVALID_REQUEST);
        harness.config.put("group.streams.max.size", "1");
        assertThat(thread("m2").beat()).isEqualTo(ErrorCode.GROUP_MAX_SIZE_REACHED);
    }

    @Test
    void shouldRefuseAnotherTopologyAndTellWhoeverHasAnOlderOne() {
        SimulatedThread one = new SimulatedThread(
                harness, GROUP, "m1", "p1", TestTopologies.plain("in").setEpoch(3));
        one.beat();
        SimulatedThread other = new SimulatedThread(
                harness, GROUP, "m2", "p2", TestTopologies.stateful("in", "c").setEpoch(4));
        assertThat(other.beat()).isEqualTo(ErrorCode.INVALID_REQUEST);
        SimulatedThread older = new SimulatedThread(harness, GROUP, "m3", "p3", TestTopologies.stateful("in", "c"));
        assertThat(older.beat()).isEqualTo(ErrorCode.NONE);
        assertThat(codes(older)).contains(GroupStatus.STALE_TOPOLOGY.code());
        assertThat(described().topology().epoch()).isEqualTo(3);
    }

    @Test
    void shouldGiveNothingOutBeforeItsTopicsAreThere() {
        SimulatedThread one = new SimulatedThread(harness, GROUP, "m1", "p1", TestTopologies.wordCount("words"));
        HeartbeatOutcome missing = one.send(one.request());
        one.take(missing.response());
        assertThat(codes(one)).containsExactly(GroupStatus.MISSING_SOURCE_TOPICS.code());
        assertThat(missing.missing()).isEmpty();
        assertThat(described().groupState()).isEqualTo("NotReady");
        harness.advance(2_000L);

        harness.topic("words", 3);
        HeartbeatOutcome internal = one.send(one.request());
        one.take(internal.response());
        assertThat(codes(one)).containsExactly(GroupStatus.MISSING_INTERNAL_TOPICS.code());
        assertThat(internal.missing())
                .containsExactlyInAnyOrder(
                        InternalTopic.of(TestTopologies.REPARTITION, 3, (short) 0, Map.of("cleanup.policy", "delete")),
                        InternalTopic.of(TestTopologies.CHANGELOG, 3, (short) 0, Map.of("cleanup.policy", "compact")));
        assertThat(one.owned.isEmpty()).isTrue();
        harness.advance(2_000L);

        harness.topic(TestTopologies.REPARTITION, 3);
        harness.advance(2_000L);
        harness.topic(TestTopologies.CHANGELOG, 2);
        one.beat();
        assertThat(codes(one)).containsExactly(GroupStatus.INCORRECTLY_PARTITIONED_TOPICS.code());
        harness.advance(2_000L);
        harness.metadata.delete(TestTopologies.CHANGELOG);
        harness.topic(TestTopologies.CHANGELOG, 3);
        harness.advance(2_000L);
        one.beat();
        assertThat(one.statuses).isEmpty();
        assertThat(one.owned.active()).hasSize(6);
        assertThat(described()
                        .topology()
                        .subtopologies()
                        .get(1)
                        .stateChangelogTopics()
                        .get(0)
                        .partitions())
                .isEqualTo(3);
    }

    @Test
    void shouldTakeTheTasksOfATopicThatGrowsIntoTheAssignment() {
        SimulatedThread one = thread("m1");
        one.beat();
        harness.advance(2_000L);
        harness.topic("in", 6);
        one.beat();
        assertThat(one.owned.active()).hasSize(6);
    }

    @Test
    void shouldKeepCopiesOfStateInOtherProcesses() {
        harness.topic("app-store-changelog", 4);
        harness.config.put("streams.num.standby.replicas", "1");
        StreamsGroupHeartbeatRequest.Topology topology = TestTopologies.stateful("in", "app-store-changelog");
        SimulatedThread[] threads = new SimulatedThread[4];
        for (int i = 0; i < threads.length; i++) {
            threads[i] = new SimulatedThread(harness, GROUP, "m" + i, "p" + i / 2, topology);
        }
        settle(threads);
        Map<TaskId, String> active = new TreeMap<>();
        int copies = 0;
        for (SimulatedThread thread : threads) {
            thread.owned.active().forEach(task -> active.put(task, thread.processId));
        }
        for (SimulatedThread thread : threads) {
            for (TaskId task : thread.owned.standby()) {
                assertThat(active.get(task)).isNotEqualTo(thread.processId);
                copies++;
            }
        }
        assertThat(active).hasSize(4);
        assertThat(copies).isEqualTo(4);
    }

    @Test
    void shouldGiveATaskToTheProcessThatHasACopyOfItsState() {
        harness.topic("three", 3);
        harness.topic("app-store-changelog", 3);
        harness.config.put("streams.num.standby.replicas", "1");
        StreamsGroupHeartbeatRequest.Topology topology = TestTopologies.stateful("three", "app-store-changelog");
        SimulatedThread one = new SimulatedThread(harness, GROUP, "m1", "p1", topology);
        SimulatedThread two = new SimulatedThread(harness, GROUP, "m2", "p2", topology);
        SimulatedThread three = new SimulatedThread(harness, GROUP, "m3", "p3", topology);
        settle(one, two, three);
        TaskId moving = one.owned.active().first();
        boolean copied = two.owned.standby().contains(moving);
        assertThat(three.owned.standby().contains(moving)).isNotEqualTo(copied);
        one.leave(-1);
        settle(two, three);
        assertThat(two.owned.active().contains(moving)).isEqualTo(copied);
        assertThat(three.owned.active().contains(moving)).isNotEqualTo(copied);
    }

    @Test
    void shouldKeepTheTasksOfAStaticMemberThatComesBack() {
        SimulatedThread one = thread("m1");
        one.instanceId = "i1";
        SimulatedThread two = thread("m2");
        settle(one, two);
        Tasks before = one.owned;
        assertThat(thread("m9").beat()).isEqualTo(ErrorCode.NONE);
        harness.reload();
        SimulatedThread rival = thread("m3", "m1");
        rival.instanceId = "i1";
        assertThat(rival.beat()).isEqualTo(ErrorCode.UNRELEASED_INSTANCE_ID);
        assertThat(one.leave(-2)).isEqualTo(ErrorCode.NONE);
        assertThat(rival.beat()).isEqualTo(ErrorCode.NONE);
        assertThat(before.active()).containsAll(rival.owned.active());
        assertThat(rival.owned.active()).isNotEmpty();
        assertThat(errorOf(one, one.request().setTopology(null).setMemberEpoch(2)))
                .isEqualTo(ErrorCode.FENCED_INSTANCE_ID);
        one.instanceId = "i2";
        assertThat(errorOf(one, one.request().setTopology(null).setMemberEpoch(2)))
                .isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
    }

    @Test
    void shouldNotGiveAnInstanceIdAnewToTheMemberThatHasIt() {
        SimulatedThread one = thread("m1");
        one.instanceId = "i1";
        settle(one);
        SimulatedThread again = thread("m1");
        again.instanceId = "i1";
        assertThat(again.beat()).isEqualTo(ErrorCode.UNRELEASED_INSTANCE_ID);
        settle(one);
        assertThat(one.leave(-2)).isEqualTo(ErrorCode.NONE);
        settle(again);
        assertThat(again.owned.active()).hasSize(4);
        assertThat(described().members()).hasSize(1);
        assertThat(described().groupEpoch()).isEqualTo(2);
        harness.reload();
        settle(again);
        assertThat(again.owned.active()).hasSize(4);
    }

    @Test
    void shouldTellAllMembersThatOneWantsTheApplicationToEnd() {
        SimulatedThread one = thread("m1");
        SimulatedThread two = thread("m2");
        settle(one, two);
        one.send(one.request().setShutdownApplication(true));
        two.beat();
        assertThat(codes(two)).containsExactly(GroupStatus.SHUTDOWN_APPLICATION.code());
    }

    @Test
    void shouldTellWhichTagsAreMissing() {
        harness.config.put("streams.rack.aware.assignment.tags", "zone, rack");
        SimulatedThread one = thread("m1");
        one.beat();
        assertThat(codes(one)).containsExactly(GroupStatus.MISSING_CLIENT_TAGS.code());
        assertThat(one.statuses.get(0).statusDetail()).contains("[zone, rack]");
    }

    @Test
    void shouldAssignAnewWhenItsConfigurationChanges() {
        harness.topic("app-store-changelog", 4);
        StreamsGroupHeartbeatRequest.Topology topology = TestTopologies.stateful("in", "app-store-changelog");
        SimulatedThread one = new SimulatedThread(harness, GROUP, "m1", "p1", topology);
        SimulatedThread two = new SimulatedThread(harness, GROUP, "m2", "p2", topology);
        settle(one, two);
        assertThat(one.owned.standby()).isEmpty();
        harness.config.put("streams.num.standby.replicas", "1");
        settle(one, two);
        assertThat(one.owned.standby()).hasSize(2);
        assertThat(two.owned.standby()).hasSize(2);
    }

    @Test
    void shouldLetMembersCommitAtTheirEpochAndForTasksThatTheyHadBefore() {
        SimulatedThread one = thread("m1");
        one.beat();
        assertThat(mayCommit("m1", one.epoch, 0)).isEqualTo(ErrorCode.NONE);
        assertThat(mayCommit("m1", one.epoch + 1, 0)).isEqualTo(ErrorCode.STALE_MEMBER_EPOCH);
        assertThat(mayCommit("m2", one.epoch, 0)).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(mayCommit("", -1, 0)).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        int former = one.epoch;
        SimulatedThread two = thread("m2");
        settle(one, two);
        assertThat(one.epoch).isGreaterThan(former);
        int kept = one.owned.active().first().partition();
        int lost = two.owned.active().first().partition();
        assertThat(mayCommit("m1", former, kept)).isEqualTo(ErrorCode.NONE);
        assertThat(mayCommit("m1", former, lost)).isEqualTo(ErrorCode.STALE_MEMBER_EPOCH);
        assertThat(harness.state.mayFetchOffsets(GROUP, "m1", one.epoch)).isEqualTo(ErrorCode.NONE);
        assertThat(harness.state.mayFetchOffsets(GROUP, "m1", former)).isEqualTo(ErrorCode.STALE_MEMBER_EPOCH);
        assertThat(harness.state.mayFetchOffsets(GROUP, null, -1)).isEqualTo(ErrorCode.NONE);
        assertThat(harness.state.mayFetchOffsets(GROUP, "m7", 1)).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(harness.state.isSubscribedTo(GROUP, "in")).isTrue();
        assertThat(harness.state.isSubscribedTo(GROUP, "out")).isFalse();
        one.leave(-1);
        two.leave(-1);
        assertThat(mayCommit("", -1, 0)).isEqualTo(ErrorCode.NONE);
        assertThat(harness.state.isSubscribedTo(GROUP, "in")).isFalse();
    }

    private ErrorCode mayCommit(String memberId, int epoch, int partition) {
        return harness.state.mayCommit(new CommitClaim(
                GROUP,
                memberId,
                null,
                epoch,
                false,
                (short) 9,
                List.of(new TopicIdPartition(Uuid.ZERO, "in", partition))));
    }

    @Test
    void shouldBeGoneWithoutATraceWhenDeleted() {
        SimulatedThread one = thread("m1");
        one.beat();
        assertThat(delete()).isEqualTo(ErrorCode.NON_EMPTY_GROUP);
        assertThat(harness.state.vacate(harness.turn(), GROUP)).isFalse();
        one.leave(-1);
        assertThat(delete()).isEqualTo(ErrorCode.NONE);
        assertThat(harness.forgotten).contains(GROUP);
        assertThat(harness.state.contains(GROUP)).isFalse();
        assertThat(harness.replayed().contains(GROUP)).isFalse();
        assertThat(described().errorCode()).isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND.code());
        assertThat(delete()).isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND);
    }

    /** A member could fill the memory with offsets of tasks that it invents. */
    @Test
    void shouldKeepTheOffsetsOfTasksThatThereAre() {
        SimulatedThread one = thread("m1");
        one.beat();
        one.send(one.request()
                .setTaskOffsets(List.of(
                        offset("0", 3, 7L), offset("0", 4, 8L), offset("0", -1, 9L), offset("invented", 0, 10L)))
                .setTaskEndOffsets(List.of(offset("0", 0, 11L), offset("invented", 0, 12L))));
        assertThat(described().members().get(0).taskOffsets()).singleElement().satisfies(told -> {
            assertThat(told.partition()).isEqualTo(3);
            assertThat(told.offset()).isEqualTo(7L);
        });
        assertThat(described().members().get(0).taskEndOffsets()).hasSize(1);
    }

    @Test
    void shouldKeepFewOffsetsWhileItIsNotKnownWhichTasksThereAre() {
        SimulatedThread one = new SimulatedThread(harness, GROUP, "m1", "m1", TestTopologies.plain("missing"));
        one.beat();
        List<StreamsGroupHeartbeatRequest.TaskOffset> many = new ArrayList<>();
        for (int i = 0; i < TaskOffsets.UNCOUNTED_MAX + 10; i++) {
            many.add(offset("0", i, i));
        }
        one.send(one.request().setTaskOffsets(many));
        assertThat(described().members().get(0).taskOffsets()).hasSize(TaskOffsets.UNCOUNTED_MAX);
    }

    private static StreamsGroupHeartbeatRequest.TaskOffset offset(String subtopology, int partition, long offset) {
        return new StreamsGroupHeartbeatRequest.TaskOffset()
                .setSubtopologyId(subtopology)
                .setPartition(partition)
                .setOffset(offset);
    }

    @Test
    void shouldSayThatAnAssignmentIsTooLargeForTheLog() {
        SimulatedThread one = thread("m1");
        one.beat();
        harness.advance(2_000L);
        SimulatedThread two = thread("m2");
        harness.batchRecordsMax = 2; // two targets and their epoch are three
        two.beat();
        assertThat(codes(two)).containsExactly(GroupStatus.ASSIGNMENT_DELAYED.code());
        assertThat(two.statuses.get(0).statusDetail()).contains("larger than a batch");
        harness.batchRecordsMax = 100;
        settle(one, two);
        assertThat(two.owned.active()).hasSize(2);
    }

    @Test
    void shouldRefuseATopologyWithTooManyTopics() {
        StreamsGroupHeartbeatRequest.Topology topology = TestTopologies.plain("in");
        topology.subtopologies()
                .get(0)
                .setRepartitionSinkTopics(Collections.nCopies(TopologyChecks.TOPICS_MAX, "sink"));
        SimulatedThread one = new SimulatedThread(harness, GROUP, "m1", "m1", topology);
        assertThat(one.beat()).isEqualTo(ErrorCode.STREAMS_INVALID_TOPOLOGY);
        assertThat(harness.log).isEmpty();
    }

    private ErrorCode delete() {
        ErrorCode[] told = new ErrorCode[1];
        harness.state.delete(harness.turn(), GROUP, new Reply<>() {
            @Override
            public void answer(ErrorCode outcome) {
                told[0] = outcome;
            }

            @Override
            public void refuse(ErrorCode error) {
                told[0] = error;
            }
        });
        return told[0];
    }

    @Test
    void shouldGoOnWithoutARebalanceAfterItWasLoadedAgain() {
        SimulatedThread one = thread("m1");
        SimulatedThread two = thread("m2");
        settle(one, two);
        int epoch = one.epoch;
        Tasks owned = one.owned;
        harness.reload();
        settle(one, two);
        assertThat(one.epoch).isEqualTo(epoch);
        assertThat(one.owned).isEqualTo(owned);
        assertThat(described().groupState()).isEqualTo("Stable");
    }
}
