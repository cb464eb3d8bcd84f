package io.sluice.coordinator.group.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.ErrorCode;
import io.sluice.base.RandomSource;
import io.sluice.base.Uuid;
import io.sluice.cluster.api.TopicImage;
import io.sluice.coordinator.group.ShardedGroupCoordinator;
import io.sluice.coordinator.kit.SimulatedPartitions;
import io.sluice.coordinator.kit.SimulatedScheduler;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.Message;
import io.sluice.protocol.message.DeleteGroupsRequest;
import io.sluice.protocol.message.DeleteGroupsResponse;
import io.sluice.protocol.message.DescribeGroupsRequest;
import io.sluice.protocol.message.DescribeGroupsResponse;
import io.sluice.protocol.message.HeartbeatRequest;
import io.sluice.protocol.message.HeartbeatResponse;
import io.sluice.protocol.message.JoinGroupRequest;
import io.sluice.protocol.message.JoinGroupRequest.JoinGroupRequestProtocol;
import io.sluice.protocol.message.JoinGroupResponse;
import io.sluice.protocol.message.LeaveGroupRequest;
import io.sluice.protocol.message.LeaveGroupRequest.MemberIdentity;
import io.sluice.protocol.message.LeaveGroupResponse;
import io.sluice.protocol.message.ListGroupsRequest;
import io.sluice.protocol.message.ListGroupsResponse;
import io.sluice.protocol.message.OffsetCommitRequest;
import io.sluice.protocol.message.OffsetCommitRequest.OffsetCommitRequestPartition;
import io.sluice.protocol.message.OffsetCommitRequest.OffsetCommitRequestTopic;
import io.sluice.protocol.message.OffsetCommitResponse;
import io.sluice.protocol.message.OffsetDeleteRequest;
import io.sluice.protocol.message.OffsetDeleteRequest.OffsetDeleteRequestPartition;
import io.sluice.protocol.message.OffsetDeleteRequest.OffsetDeleteRequestTopic;
import io.sluice.protocol.message.OffsetDeleteResponse;
import io.sluice.protocol.message.OffsetFetchRequest;
import io.sluice.protocol.message.OffsetFetchRequest.OffsetFetchRequestGroup;
import io.sluice.protocol.message.OffsetFetchRequest.OffsetFetchRequestTopic;
import io.sluice.protocol.message.OffsetFetchRequest.OffsetFetchRequestTopics;
import io.sluice.protocol.message.OffsetFetchResponse;
import io.sluice.protocol.message.SyncGroupRequest;
import io.sluice.protocol.message.SyncGroupRequest.SyncGroupRequestAssignment;
import io.sluice.protocol.message.SyncGroupResponse;
import io.sluice.protocol.record.RecordBatchBuilder;
import io.sluice.request.api.ApiHandler;
import io.sluice.request.kit.MemoryMetadata;
import io.sluice.request.kit.RecordingRequest;
import io.sluice.security.api.Operation;
import io.sluice.security.api.Resource;
import io.sluice.security.api.ResourceType;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiPredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HandlersTest {
    private static final BiPredicate<Operation, Resource> NOTHING = (operation, resource) -> false;
    private static final BiPredicate<Operation, Resource> NO_TOPIC =
            (operation, resource) -> resource.type() != ResourceType.TOPIC;

    private final SimulatedScheduler scheduler = new SimulatedScheduler(RandomSource.seeded(5L));
    private final SimulatedPartitions partitions = new SimulatedPartitions("__consumer_offsets", 3, scheduler);
    private final MemoryMetadata metadata = new MemoryMetadata();
    private final SimulatedBroker broker = new SimulatedBroker(scheduler);
    private final ShardedGroupCoordinator coordinator = new ShardedGroupCoordinator(broker, partitions, metadata);
    private final Map<ApiKey, ApiHandler> handlers = new EnumMap<>(ApiKey.class);
    private final TopicImage topic;

    HandlersTest() {
        for (ApiHandler handler : List.of(
                new JoinGroupHandler(coordinator),
                new SyncGroupHandler(coordinator),
                new HeartbeatHandler(coordinator),
                new LeaveGroupHandler(coordinator),
                new OffsetCommitHandler(coordinator),
                new OffsetFetchHandler(coordinator),
                new OffsetDeleteHandler(coordinator),
                new DescribeGroupsHandler(coordinator),
                new ListGroupsHandler(coordinator),
                new DeleteGroupsHandler(coordinator))) {
            handlers.put(handler.api(), handler);
        }
        metadata.topic("__consumer_offsets", 3);
        topic = metadata.topic("t", 2);
        coordinator.start();
        for (int partition = 0; partition < 3; partition++) {
            partitions.elect(partition, 1);
        }
        scheduler.runUntilIdle();
    }

    private RecordingRequest begin(RecordingRequest request) {
        Objects.requireNonNull(handlers.get(request.api())).handle(request);
        scheduler.runUntilIdle();
        return request;
    }

    private <M extends Message> M ask(int version, Message body, Class<M> type) {
        return ask(version, body, type, (operation, resource) -> true);
    }

    private <M extends Message> M ask(
            int version, Message body, Class<M> type, BiPredicate<Operation, Resource> rights) {
        RecordingRequest request = begin(RecordingRequest.of(version, body).allowing(rights));
        RecordingRequest.Parked parked = request.parked();
        if (parked != null) {
            assertThat(parked.fired()).isTrue();
            Objects.requireNonNull(handlers.get(request.api())).resume(request, parked.continuation(), false);
        }
        return request.response(type);
    }

    private static JoinGroupRequest join(String group) {
        return new JoinGroupRequest()
                .setGroupId(group)
                .setSessionTimeoutMs(10_000)
                .setRebalanceTimeoutMs(10_000)
                .setProtocolType("consumer")
                .setProtocols(
                        List.of(new JoinGroupRequestProtocol().setName("range").setMetadata(new byte[] {0, 0})));
    }

    /** Brings one member into a stable group and tells its id. */
    private String member(String group) {
        RecordingRequest joining = begin(RecordingRequest.of(3, join(group)));
        scheduler.advance(3_000);
        JoinGroupResponse joined = joining.response(JoinGroupResponse.class);
        SyncGroupRequest sync = new SyncGroupRequest()
                .setGroupId(group)
                .setGenerationId(joined.generationId())
                .setMemberId(joined.memberId())
                .setAssignments(List.of(new SyncGroupRequestAssignment()
                        .setMemberId(joined.memberId())
                        .setAssignment(new byte[] {7})));
        assertThat(ask(2, sync, SyncGroupResponse.class).assignment()).isEqualTo(new byte[] {7});
        return joined.memberId();
    }

    private static ErrorCode code(short code) {
        return ErrorCode.of(code);
    }

    // ---- membership

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9})
    void shouldJoinInEveryVersion(int version) {
        RecordingRequest first = begin(RecordingRequest.of(version, join("g")));
        scheduler.advance(3_000);
        JoinGroupResponse response = first.response(JoinGroupResponse.class);
        if (version >= 4) {
            assertThat(code(response.errorCode())).isEqualTo(ErrorCode.MEMBER_ID_REQUIRED);
            RecordingRequest again =
                    begin(RecordingRequest.of(version, join("g").setMemberId(response.memberId())));
            scheduler.advance(3_000);
            response = again.response(JoinGroupResponse.class);
        }
        assertThat(code(response.errorCode())).isEqualTo(ErrorCode.NONE);
        assertThat(response.protocolName()).isEqualTo("range");
        assertThat(response.members()).hasSize(1);
    }

    @Test
    void shouldCheckWhatAJoinSays() {
        assertThat(code(ask(9, join(""), JoinGroupResponse.class).errorCode())).isEqualTo(ErrorCode.INVALID_GROUP_ID);
        assertThat(code(ask(9, join("g").setSessionTimeoutMs(1), JoinGroupResponse.class)
                        .errorCode()))
                .isEqualTo(ErrorCode.INVALID_SESSION_TIMEOUT);
        assertThat(code(ask(9, join("g").setSessionTimeoutMs(Integer.MAX_VALUE), JoinGroupResponse.class)
                        .errorCode()))
                .isEqualTo(ErrorCode.INVALID_SESSION_TIMEOUT);
    }

    @Test
    void shouldNameNoProtocolInARefusalWhereTheVersionAllows() {
        for (JoinGroupRequest refused :
                List.of(join("g").setMemberId("nobody"), join("g").setSessionTimeoutMs(1))) {
            assertThat(ask(7, refused, JoinGroupResponse.class).protocolName()).isNull();
            assertThat(ask(6, refused, JoinGroupResponse.class).protocolName()).isEmpty();
        }
    }

    @Test
    void shouldDemandTheProtocolInNewerSyncs() {
        SyncGroupRequest sync = new SyncGroupRequest().setGroupId("g").setMemberId("m");

        assertThat(code(ask(5, sync, SyncGroupResponse.class).errorCode()))
                .isEqualTo(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
        assertThat(code(ask(4, sync, SyncGroupResponse.class).errorCode())).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5})
    void shouldLeaveInEveryVersion(int version) {
        String member = member("g");
        LeaveGroupRequest leave = version < 3
                ? new LeaveGroupRequest().setGroupId("g").setMemberId(member)
                : new LeaveGroupRequest().setGroupId("g").setMembers(List.of(new MemberIdentity().setMemberId(member)));

        assertThat(code(ask(version, leave, LeaveGroupResponse.class).errorCode()))
                .isEqualTo(ErrorCode.NONE);
        LeaveGroupResponse again = ask(version, leave, LeaveGroupResponse.class);
        short error = version < 3 ? again.errorCode() : again.members().get(0).errorCode();
        assertThat(code(error)).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
    }

    @Test
    void shouldRefuseWhoMayNotReadTheGroup() {
        String group = "g";
        assertThat(code(ask(9, join(group), JoinGroupResponse.class, NOTHING).errorCode()))
                .isEqualTo(ErrorCode.GROUP_AUTHORIZATION_FAILED);
        SyncGroupRequest sync =
                new SyncGroupRequest().setGroupId(group).setProtocolType("c").setProtocolName("r");
        assertThat(code(ask(5, sync, SyncGroupResponse.class, NOTHING).errorCode()))
                .isEqualTo(ErrorCode.GROUP_AUTHORIZATION_FAILED);
        assertThat(code(ask(4, new HeartbeatRequest().setGroupId(group), HeartbeatResponse.class, NOTHING)
                        .errorCode()))
                .isEqualTo(ErrorCode.GROUP_AUTHORIZATION_FAILED);
        assertThat(code(ask(5, new LeaveGroupRequest().setGroupId(group), LeaveGroupResponse.class, NOTHING)
                        .errorCode()))
                .isEqualTo(ErrorCode.GROUP_AUTHORIZATION_FAILED);
        assertThat(commitError(ask(9, commit(group, "t", 0), OffsetCommitResponse.class, NOTHING)))
                .isEqualTo(ErrorCode.GROUP_AUTHORIZATION_FAILED);
        assertThat(code(ask(0, delete(group, "t", 0), OffsetDeleteResponse.class, NOTHING)
                        .errorCode()))
                .isEqualTo(ErrorCode.GROUP_AUTHORIZATION_FAILED);
        assertThat(code(ask(
                                2,
                                new DeleteGroupsRequest().setGroupsNames(List.of(group)),
                                DeleteGroupsResponse.class,
                                NOTHING)
                        .results()
                        .get(0)
                        .errorCode()))
                .isEqualTo(ErrorCode.GROUP_AUTHORIZATION_FAILED);
        assertThat(code(ask(
                                5,
                                new DescribeGroupsRequest().setGroups(List.of(group)),
                                DescribeGroupsResponse.class,
                                NOTHING)
                        .groups()
                        .get(0)
                        .errorCode()))
                .isEqualTo(ErrorCode.GROUP_AUTHORIZATION_FAILED);
        assertThat(code(ask(8, fetch(8, group, "t"), OffsetFetchResponse.class, NOTHING)
                        .groups()
                        .get(0)
                        .errorCode()))
                .isEqualTo(ErrorCode.GROUP_AUTHORIZATION_FAILED);
    }

    /** The logs end with a record that is not committed, and so no load comes to its end. */
    private void loadForEver() {
        for (int partition = 0; partition < 3; partition++) {
            partitions.resign(partition);
            partitions
                    .log(partition)
                    .append(new RecordBatchBuilder()
                            .append(ByteBuffer.allocate(0), null, 1L)
                            .build());
            partitions.elect(partition, 2);
        }
    }

    @Test
    void shouldNotTroubleMembersWhileTheGroupIsLoaded() {
        loadForEver();
        RecordingRequest heartbeat = RecordingRequest.of(4, new HeartbeatRequest().setGroupId("g"));
        Objects.requireNonNull(handlers.get(ApiKey.HEARTBEAT)).handle(heartbeat);
        RecordingRequest joining = RecordingRequest.of(9, join("g"));
        Objects.requireNonNull(handlers.get(ApiKey.JOIN_GROUP)).handle(joining);
        assertThat(joining.isAnswered()).isFalse();
        scheduler.advance(1_000);

        assertThat(code(heartbeat.response(HeartbeatResponse.class).errorCode()))
                .isEqualTo(ErrorCode.NONE);
        assertThat(code(joining.response(JoinGroupResponse.class).errorCode()))
                .isEqualTo(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS);
    }

    @Test
    void shouldSendAwayWhoAsksTheWrongBroker() {
        partitions.resign(ShardedGroupCoordinator.partitionOf("g", 3));
        scheduler.runUntilIdle();

        assertThat(code(ask(9, join("g"), JoinGroupResponse.class).errorCode())).isEqualTo(ErrorCode.NOT_COORDINATOR);
    }

    // ---- offsets

    private OffsetCommitRequest commit(String group, String name, int partition) {
        return new OffsetCommitRequest()
                .setGroupId(group)
                .setTopics(List.of(new OffsetCommitRequestTopic()
                        .setName(name)
                        .setPartitions(List.of(new OffsetCommitRequestPartition()
                                .setPartitionIndex(partition)
                                .setCommittedOffset(5L)
                                .setCommittedMetadata("m")))));
    }

    private static ErrorCode commitError(OffsetCommitResponse response) {
        return code(response.topics().get(0).partitions().get(0).errorCode());
    }

    private OffsetFetchRequest fetch(int version, String group, String name) {
        if (version < 8) {
            return new OffsetFetchRequest()
                    .setGroupId(group)
                    .setTopics(
                            List.of(new OffsetFetchRequestTopic().setName(name).setPartitionIndexes(List.of(0, 1))));
        }
        return new OffsetFetchRequest()
                .setGroups(List.of(new OffsetFetchRequestGroup()
                        .setGroupId(group)
                        .setTopics(List.of(new OffsetFetchRequestTopics()
                                .setName(name)
                                .setTopicId(topic.id())
                                .setPartitionIndexes(List.of(0, 1))))));
    }

    @ParameterizedTest
    @CsvSource({"2,1", "3,2", "4,3", "5,4", "6,5", "7,6", "8,7", "9,8", "9,9", "10,10"})
    void shouldCommitAndFetchInEveryVersion(int commitVersion, int fetchVersion) {
        OffsetCommitRequest commit = commit("g", "t", 0);
        commit.topics().get(0).setTopicId(topic.id());
        assertThat(commitError(ask(commitVersion, commit, OffsetCommitResponse.class)))
                .isEqualTo(ErrorCode.NONE);

        OffsetFetchResponse found = ask(fetchVersion, fetch(fetchVersion, "g", "t"), OffsetFetchResponse.class);

        if (fetchVersion < 8) {
            var partitionsFound = found.topics().get(0).partitions();
            assertThat(partitionsFound.get(0).committedOffset()).isEqualTo(5L);
            assertThat(partitionsFound.get(0).metadata()).isEqualTo("m");
            assertThat(partitionsFound.get(1).committedOffset()).isEqualTo(-1L);
        } else {
            var partitionsFound = found.groups().get(0).topics().get(0).partitions();
            assertThat(partitionsFound.get(0).committedOffset()).isEqualTo(5L);
            assertThat(partitionsFound.get(1).committedOffset()).isEqualTo(-1L);
        }
    }

    @Test
    void shouldSortOutTopicsThatAreNotThereOrMayNotBeSeen() {
        assertThat(commitError(ask(9, commit("g", "absent", 0), OffsetCommitResponse.class)))
                .isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(commitError(ask(9, commit("g", "t", 2), OffsetCommitResponse.class)))
                .isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(commitError(ask(9, commit("g", "t", 0), OffsetCommitResponse.class, NO_TOPIC)))
                .isEqualTo(ErrorCode.TOPIC_AUTHORIZATION_FAILED);
        OffsetCommitRequest byId = commit("g", "", 0);
        byId.topics().get(0).setTopicId(new Uuid(9L, 9L));
        assertThat(commitError(ask(10, byId, OffsetCommitResponse.class))).isEqualTo(ErrorCode.UNKNOWN_TOPIC_ID);
        OffsetFetchRequest fetch = fetch(10, "g", "");
        fetch.groups().get(0).topics().get(0).setTopicId(new Uuid(9L, 9L));
        assertThat(code(ask(10, fetch, OffsetFetchResponse.class)
                        .groups()
                        .get(0)
                        .topics()
                        .get(0)
                        .partitions()
                        .get(0)
                        .errorCode()))
                .isEqualTo(ErrorCode.UNKNOWN_TOPIC_ID);
        assertThat(code(ask(9, fetch(9, "g", "t"), OffsetFetchResponse.class, NO_TOPIC)
                        .groups()
                        .get(0)
                        .topics()
                        .get(0)
                        .partitions()
                        .get(0)
                        .errorCode()))
                .isEqualTo(ErrorCode.TOPIC_AUTHORIZATION_FAILED);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 7, 8, 9, 10})
    void shouldTellAllTopicsThatMayBeSeen(int version) {
        ask(9, commit("g", "t", 0), OffsetCommitResponse.class);
        OffsetFetchRequest all = version < 8
                ? new OffsetFetchRequest().setGroupId("g").setTopics(null)
                : new OffsetFetchRequest()
                        .setGroups(List.of(
                                new OffsetFetchRequestGroup().setGroupId("g").setTopics(null)));

        OffsetFetchResponse seen = ask(version, all, OffsetFetchResponse.class);
        OffsetFetchResponse unseen = ask(version, all, OffsetFetchResponse.class, NO_TOPIC);

        if (version < 8) {
            assertThat(seen.topics()).hasSize(1);
            assertThat(unseen.topics()).isEmpty();
        } else {
            assertThat(seen.groups().get(0).topics()).hasSize(1);
            assertThat(unseen.groups().get(0).topics()).isEmpty();
        }
    }

    @Test
    void shouldFetchForSeveralGroups() {
        ask(9, commit("a", "t", 0), OffsetCommitResponse.class);
        OffsetFetchRequest both = fetch(9, "a", "t");
        both.setGroups(List.of(both.groups().get(0), fetch(9, "b", "t").groups().get(0)));

        OffsetFetchResponse found = ask(9, both, OffsetFetchResponse.class);

        assertThat(found.groups())
                .extracting(group -> group.groupId()
                        + group.topics().get(0).partitions().get(0).committedOffset())
                .containsExactly("a5", "b-1");
    }

    private OffsetDeleteRequest delete(String group, String name, int partition) {
        return new OffsetDeleteRequest()
                .setGroupId(group)
                .setTopics(List.of(new OffsetDeleteRequestTopic()
                        .setName(name)
                        .setPartitions(List.of(new OffsetDeleteRequestPartition().setPartitionIndex(partition)))));
    }

    @Test
    void shouldDeleteOffsets() {
        ask(9, commit("g", "t", 0), OffsetCommitResponse.class);

        OffsetDeleteResponse deleted = ask(0, delete("g", "t", 0), OffsetDeleteResponse.class);
        OffsetDeleteResponse unknown = ask(0, delete("g", "t", 9), OffsetDeleteResponse.class);
        OffsetDeleteResponse hidden = ask(0, delete("g", "t", 0), OffsetDeleteResponse.class, NO_TOPIC);

        assertThat(code(deleted.topics().get(0).partitions().get(0).errorCode()))
                .isEqualTo(ErrorCode.NONE);
        assertThat(code(unknown.topics().get(0).partitions().get(0).errorCode()))
                .isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(code(hidden.topics().get(0).partitions().get(0).errorCode()))
                .isEqualTo(ErrorCode.TOPIC_AUTHORIZATION_FAILED);
    }

    @Test
    void shouldAnswerForATopicOnceWhenSomeOfItsPartitionsAreUnknown() {
        ask(9, commit("g", "t", 0), OffsetCommitResponse.class);
        OffsetDeleteRequest mixed = delete("g", "t", 0);
        mixed.topics()
                .get(0)
                .setPartitions(List.of(
                        new OffsetDeleteRequestPartition().setPartitionIndex(0),
                        new OffsetDeleteRequestPartition().setPartitionIndex(9)));

        OffsetDeleteResponse deleted = ask(0, mixed, OffsetDeleteResponse.class);

        assertThat(deleted.topics()).hasSize(1);
        assertThat(deleted.topics().get(0).partitions())
                .extracting(partition -> partition.partitionIndex() + " " + code(partition.errorCode()))
                .containsExactlyInAnyOrder("0 NONE", "9 UNKNOWN_TOPIC_OR_PARTITION");
    }

    @Test
    void shouldDeleteNoOffsetsOfAGroupWithoutAName() {
        assertThat(code(ask(0, delete("", "t", 0), OffsetDeleteResponse.class).errorCode()))
                .isEqualTo(ErrorCode.INVALID_GROUP_ID);
    }

    // ---- administration

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6})
    void shouldDescribeInEveryVersion(int version) {
        String member = member("g");
        DescribeGroupsRequest request = new DescribeGroupsRequest()
                .setGroups(List.of("g", "absent"))
                .setIncludeAuthorizedOperations(version >= 3);

        DescribeGroupsResponse described = ask(version, request, DescribeGroupsResponse.class);

        var group = described.groups().get(0);
        assertThat(group.groupState()).isEqualTo("Stable");
        assertThat(group.protocolType()).isEqualTo("consumer");
        assertThat(group.protocolData()).isEqualTo("range");
        assertThat(group.members().get(0).memberId()).isEqualTo(member);
        assertThat(group.members().get(0).memberAssignment()).isEqualTo(new byte[] {7});
        if (version >= 3) {
            assertThat(group.authorizedOperations()).isEqualTo(1 << 3 | 1 << 6 | 1 << 8 | 1 << 10 | 1 << 11);
        }
        var absent = described.groups().get(1);
        assertThat(absent.groupState()).isEqualTo("Dead");
        assertThat(code(absent.errorCode())).isEqualTo(version < 6 ? ErrorCode.NONE : ErrorCode.GROUP_ID_NOT_FOUND);
    }

    @Test
    void shouldTellTheFormerAssignmentsWhileAGroupRebalances() {
        member("g");
        begin(RecordingRequest.of(3, join("g")));

        DescribeGroupsResponse described =
                ask(5, new DescribeGroupsRequest().setGroups(List.of("g")), DescribeGroupsResponse.class);

        var group = described.groups().get(0);
        assertThat(group.groupState()).isEqualTo("PreparingRebalance");
        assertThat(group.members())
                .extracting(member -> member.memberMetadata().length + " " + member.memberAssignment().length)
                .containsExactlyInAnyOrder("0 1", "0 0");
    }

    @Test
    void shouldListTheGroupsThatPassTheFilters() {
        member("a");
        ask(9, commit("b", "t", 0), OffsetCommitResponse.class);

        assertThat(listed(new ListGroupsRequest())).containsExactlyInAnyOrder("a Stable classic", "b Empty classic");
        assertThat(listed(new ListGroupsRequest().setStatesFilter(List.of("stable"))))
                .containsExactly("a Stable classic");
        assertThat(listed(new ListGroupsRequest().setTypesFilter(List.of("Classic"))))
                .hasSize(2);
        assertThat(listed(new ListGroupsRequest().setTypesFilter(List.of("share"))))
                .isEmpty();
        ListGroupsResponse narrow =
                ask(5, new ListGroupsRequest(), ListGroupsResponse.class, (operation, resource) -> resource.name()
                        .equals("b"));
        assertThat(narrow.groups()).extracting(group -> group.groupId()).containsExactly("b");
    }

    private List<String> listed(ListGroupsRequest request) {
        return ask(5, request, ListGroupsResponse.class).groups().stream()
                .map(group -> group.groupId() + " " + group.groupState() + " " + group.groupType())
                .toList();
    }

    @Test
    void shouldSayThatItIsLoadingRatherThanListHalf() {
        loadForEver();
        RecordingRequest list = RecordingRequest.of(5, new ListGroupsRequest());
        Objects.requireNonNull(handlers.get(ApiKey.LIST_GROUPS)).handle(list);
        scheduler.advance(1_000);
        Objects.requireNonNull(handlers.get(ApiKey.LIST_GROUPS))
                .resume(list, Objects.requireNonNull(list.parked()).continuation(), false);

        assertThat(code(list.response(ListGroupsResponse.class).errorCode()))
                .isEqualTo(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS);
    }

    @Test
    void shouldDeleteEachGroupOnce() {
        member("busy");
        ask(9, commit("g", "t", 0), OffsetCommitResponse.class);
        DeleteGroupsRequest request = new DeleteGroupsRequest().setGroupsNames(List.of("g", "busy", "absent", "g"));

        DeleteGroupsResponse deleted = ask(2, request, DeleteGroupsResponse.class);

        assertThat(deleted.results())
                .extracting(result -> result.groupId() + " " + code(result.errorCode()))
                .containsExactly("g NONE", "busy NON_EMPTY_GROUP", "absent GROUP_ID_NOT_FOUND");
    }

    @Test
    void shouldPlaceGroupsAsKafkaDoes() {
        assertThat(ShardedGroupCoordinator.partitionOf("group", 50)).isEqualTo(Math.abs("group".hashCode()) % 50);
        assertThat(ShardedGroupCoordinator.partitionOf("polygenelubricants", 50))
                .as("a hash of the smallest int")
                .isZero();
    }
}
