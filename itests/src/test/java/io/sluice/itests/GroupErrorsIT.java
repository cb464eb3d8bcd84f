package io.sluice.itests;

import static org.apache.kafka.common.protocol.ApiKeys.DELETE_GROUPS;
import static org.apache.kafka.common.protocol.ApiKeys.DESCRIBE_GROUPS;
import static org.apache.kafka.common.protocol.ApiKeys.FIND_COORDINATOR;
import static org.apache.kafka.common.protocol.ApiKeys.HEARTBEAT;
import static org.apache.kafka.common.protocol.ApiKeys.JOIN_GROUP;
import static org.apache.kafka.common.protocol.ApiKeys.LEAVE_GROUP;
import static org.apache.kafka.common.protocol.ApiKeys.OFFSET_COMMIT;
import static org.apache.kafka.common.protocol.ApiKeys.OFFSET_DELETE;
import static org.apache.kafka.common.protocol.ApiKeys.OFFSET_FETCH;
import static org.apache.kafka.common.protocol.ApiKeys.SYNC_GROUP;

import io.sluice.itests.GroupRequests.Member;
import io.sluice.itests.TransactionRequests.Producer;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocolCollection;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestPartition;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.protocol.Errors;
import org.awaitility.Awaitility;

/** What is refused of classic groups and of the offsets of groups of every kind. */
class GroupErrorsIT extends ErrorSuite {
    private static final String TOPIC = "t";
    private static final Member NOBODY = new Member("nobody", 1);
    private static final Member OUTSIDER = new Member("", -1);

    @Override
    String[] settings() {
        return new String[] {
            "offsets.topic.num.partitions=1",
            "transaction.state.log.num.partitions=1",
            "group.initial.rebalance.delay.ms=0",
            "group.max.size=2"
        };
    }

    @Override
    void prepare(String bootstrap) throws Exception {
        Clients.createTopic(bootstrap, TOPIC, 2, Map.of());
        Coordinators.await(bootstrap);
    }

    static List<Provocation> provocations() {
        return new Provocations()
                .with(FIND_COORDINATOR, GroupErrorsIT::lookups)
                .with(JOIN_GROUP, GroupErrorsIT::joins)
                .with(JOIN_GROUP, GroupErrorsIT::mixedProtocols)
                .with(SYNC_GROUP, GroupErrorsIT::syncs)
                .with(HEARTBEAT, GroupErrorsIT::heartbeats)
                .with(LEAVE_GROUP, GroupErrorsIT::leaves)
                .with(OFFSET_COMMIT, GroupErrorsIT::commits)
                .with(OFFSET_FETCH, GroupErrorsIT::fetches)
                .with(OFFSET_DELETE, GroupErrorsIT::offsetDeletions)
                .with(DELETE_GROUPS, GroupErrorsIT::deletions)
                .with(DESCRIBE_GROUPS, GroupErrorsIT::descriptions)
                .all();
    }

    private static void lookups(Provocations.Of find) {
        find.answers(
                Errors.INVALID_REQUEST,
                "to a kind of coordinator that there is not",
                client -> ErrorCodes.of(
                        client,
                        new FindCoordinatorRequestData().setKeyType((byte) 9).setCoordinatorKeys(List.of("any")),
                        4));
        find.answers(
                Errors.INVALID_REQUEST,
                "to who asks for a share partition before version 6",
                client -> ErrorCodes.of(
                        client,
                        new FindCoordinatorRequestData().setKeyType((byte) 2).setCoordinatorKeys(List.of("any")),
                        5));
    }

    private static void joins(Provocations.Of join) {
        join.answers(
                Errors.INVALID_GROUP_ID,
                "to an empty group id",
                client -> ErrorCodes.of(client, GroupRequests.join("", ""), 9));
        for (int timeoutMs : new int[] {5_999, 1_800_001}) {
            join.answers(
                    Errors.INVALID_SESSION_TIMEOUT,
                    "to a session timeout of " + timeoutMs + " ms",
                    client -> ErrorCodes.of(
                            client, GroupRequests.join("timeout", "").setSessionTimeoutMs(timeoutMs), 9));
        }
        join.answers(
                Errors.MEMBER_ID_REQUIRED,
                "to a member without an id",
                client -> ErrorCodes.of(client, GroupRequests.join("join-no-id", ""), 9));
        join.answers(
                Errors.UNKNOWN_MEMBER_ID,
                "to an id that the coordinator did not give",
                client -> ErrorCodes.of(client, GroupRequests.join("join-own-id", "own"), 9));
        join.answers(Errors.GROUP_MAX_SIZE_REACHED, "to a third member of two", client -> {
            String group = "join-too-many";
            Member first = GroupRequests.joined(client, group, null);
            try (RawClient other = client.another()) {
                other.send(GroupRequests.join(group, memberId(client, group)), (short) 9);
                untilRebalance(client, group, first);
                short again = ErrorCodes.of(client, GroupRequests.join(group, first.id()), 9);
                return again == 0 ? ErrorCodes.of(client, GroupRequests.join(group, ""), 9) : again;
            }
        });
        join.answers(Errors.FENCED_INSTANCE_ID, "to another's instance id", client -> {
            GroupRequests.joined(client, "join-instance", "i");
            return ErrorCodes.of(
                    client, GroupRequests.join("join-instance", "another").setGroupInstanceId("i"), 9);
        });
    }

    private static void mixedProtocols(Provocations.Of join) {
        join.answers(Errors.INCONSISTENT_GROUP_PROTOCOL, "to another type of protocol", client -> {
            GroupRequests.joined(client, "join-type", "i");
            return ErrorCodes.of(
                    client,
                    GroupRequests.join("join-type", "").setGroupInstanceId("j").setProtocolType("connect"),
                    9);
        });
        join.answers(Errors.INCONSISTENT_GROUP_PROTOCOL, "to protocols of which the group has none", client -> {
            GroupRequests.joined(client, "join-protocol", "i");
            return ErrorCodes.of(
                    client, GroupRequests.join("join-protocol", "", "other").setGroupInstanceId("j"), 9);
        });
        join.answers(
                Errors.INCONSISTENT_GROUP_PROTOCOL,
                "to a member without protocols",
                client -> ErrorCodes.of(
                        client,
                        GroupRequests.join("join-none", "").setProtocols(new JoinGroupRequestProtocolCollection()),
                        9));
        join.answers(
                Errors.INCONSISTENT_GROUP_PROTOCOL,
                "to a member without a type of protocol",
                client -> ErrorCodes.of(
                        client, GroupRequests.join("join-no-type", "").setProtocolType(""), 9));
        join.answers(Errors.INCONSISTENT_GROUP_PROTOCOL, "to a worker of Connect in a consumer group", client -> {
            GroupRequests.consumer(client, "join-mixed", TOPIC);
            JoinGroupRequestData request = GroupRequests.join("join-mixed", "")
                    .setProtocolType("connect")
                    .setGroupInstanceId("i");
            return ErrorCodes.of(client, request, 9);
        });
    }

    /** What the coordinator gives to a member that joins without one. */
    private static String memberId(RawClient client, String group) throws Exception {
        return ((JoinGroupResponseData) client.ask(GroupRequests.join(group, ""), (short) 9)).memberId();
    }

    /** Waits until a member is told that its group rebalances. */
    private static Errors untilRebalance(RawClient client, String group, Member member) {
        AtomicReference<Errors> told = new AtomicReference<>(Errors.NONE);
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> {
                    told.set(Errors.forCode(ErrorCodes.of(client, GroupRequests.heartbeat(group, member), 4)));
                    return told.get() != Errors.NONE;
                });
        return told.get();
    }

    private static void syncs(Provocations.Of sync) {
        sync.answers(
                Errors.INVALID_GROUP_ID,
                "to an empty group id",
                client -> ErrorCodes.of(client, GroupRequests.sync("", NOBODY), 5));
        sync.answers(
                Errors.UNKNOWN_MEMBER_ID,
                "to a group that does not exist",
                client -> ErrorCodes.of(client, GroupRequests.sync("sync-missing", NOBODY), 5));
        sync.answers(Errors.UNKNOWN_MEMBER_ID, "to who is not a member", client -> {
            Member member = GroupRequests.joined(client, "sync-stranger", null);
            return ErrorCodes.of(
                    client, GroupRequests.sync("sync-stranger", new Member("stranger", member.generation())), 5);
        });
        sync.answers(Errors.ILLEGAL_GENERATION, "to another generation", client -> {
            Member member = GroupRequests.joined(client, "sync-generation", null);
            return ErrorCodes.of(
                    client, GroupRequests.sync("sync-generation", new Member(member.id(), member.generation() + 1)), 5);
        });
        sync.answers(Errors.INCONSISTENT_GROUP_PROTOCOL, "to another protocol", client -> {
            Member member = GroupRequests.joined(client, "sync-protocol", null);
            return ErrorCodes.of(
                    client, GroupRequests.sync("sync-protocol", member).setProtocolName("other"), 5);
        });
        sync.answers(Errors.INCONSISTENT_GROUP_PROTOCOL, "to another type of protocol", client -> {
            Member member = GroupRequests.joined(client, "sync-type", null);
            return ErrorCodes.of(client, GroupRequests.sync("sync-type", member).setProtocolType("connect"), 5);
        });
        sync.answers(Errors.FENCED_INSTANCE_ID, "to another's instance id", client -> {
            Member member = GroupRequests.joined(client, "sync-instance", "i");
            return ErrorCodes.of(
                    client,
                    GroupRequests.sync("sync-instance", new Member("another", member.generation()))
                            .setGroupInstanceId("i"),
                    5);
        });
        sync.answers(Errors.REBALANCE_IN_PROGRESS, "while another joins", client -> {
            Member member = GroupRequests.joined(client, "sync-rebalance", null);
            try (RawClient other = client.another()) {
                other.send(GroupRequests.join("sync-rebalance", memberId(client, "sync-rebalance")), (short) 9);
                untilRebalance(client, "sync-rebalance", member);
                return ErrorCodes.of(client, GroupRequests.sync("sync-rebalance", member), 5);
            }
        });
    }

    private static void heartbeats(Provocations.Of heartbeat) {
        heartbeat.answers(
                Errors.INVALID_GROUP_ID,
                "to an empty group id",
                client -> ErrorCodes.of(client, GroupRequests.heartbeat("", NOBODY), 4));
        heartbeat.answers(
                Errors.UNKNOWN_MEMBER_ID,
                "to a group that does not exist",
                client -> ErrorCodes.of(client, GroupRequests.heartbeat("beat-missing", NOBODY), 4));
        heartbeat.answers(Errors.UNKNOWN_MEMBER_ID, "to who is not a member", client -> {
            GroupRequests.joined(client, "beat-stranger", null);
            return ErrorCodes.of(client, GroupRequests.heartbeat("beat-stranger", NOBODY), 4);
        });
        heartbeat.answers(Errors.ILLEGAL_GENERATION, "to another generation", client -> {
            Member member = GroupRequests.joined(client, "beat-generation", null);
            return ErrorCodes.of(
                    client,
                    GroupRequests.heartbeat("beat-generation", new Member(member.id(), member.generation() + 1)),
                    4);
        });
        heartbeat.answers(Errors.FENCED_INSTANCE_ID, "to another's instance id", client -> {
            Member member = GroupRequests.joined(client, "beat-instance", "i");
            return ErrorCodes.of(
                    client,
                    GroupRequests.heartbeat("beat-instance", new Member("another", member.generation()))
                            .setGroupInstanceId("i"),
                    4);
        });
        heartbeat.answers(Errors.REBALANCE_IN_PROGRESS, "while another joins", client -> {
            Member member = GroupRequests.joined(client, "beat-rebalance", null);
            try (RawClient other = client.another()) {
                other.send(GroupRequests.join("beat-rebalance", memberId(client, "beat-rebalance")), (short) 9);
                return untilRebalance(client, "beat-rebalance", member).code();
            }
        });
    }

    private static void leaves(Provocations.Of leave) {
        leave.answers(
                Errors.INVALID_GROUP_ID,
                "to an empty group id",
                client ->
                        ErrorCodes.of(client, GroupRequests.leave("", new MemberIdentity().setMemberId("nobody")), 5));
        leave.answers(
                Errors.UNKNOWN_MEMBER_ID,
                "to a group that does not exist",
                client -> ErrorCodes.of(
                        client, GroupRequests.leave("leave-missing", new MemberIdentity().setMemberId("nobody")), 5));
        leave.answers(Errors.UNKNOWN_MEMBER_ID, "to an instance id that nobody has", client -> {
            GroupRequests.joined(client, "leave-stranger", "i");
            return ErrorCodes.of(
                    client,
                    GroupRequests.leave(
                            "leave-stranger",
                            new MemberIdentity().setMemberId("").setGroupInstanceId("j")),
                    5);
        });
        leave.answers(Errors.FENCED_INSTANCE_ID, "to another's instance id", client -> {
            GroupRequests.joined(client, "leave-instance", "i");
            return ErrorCodes.of(
                    client,
                    GroupRequests.leave(
                            "leave-instance",
                            new MemberIdentity().setMemberId("another").setGroupInstanceId("i")),
                    5);
        });
    }

    private static void commits(Provocations.Of commit) {
        commit.answers(
                Errors.GROUP_ID_NOT_FOUND,
                "to a member of a group that does not exist",
                client -> ErrorCodes.of(client, GroupRequests.commit("commit-missing", NOBODY, TOPIC), 9));
        commit.answers(
                Errors.ILLEGAL_GENERATION,
                "to a member of a group that does not exist, before version 9",
                client -> ErrorCodes.of(client, GroupRequests.commit("commit-missing", NOBODY, TOPIC), 8));
        commit.answers(Errors.ILLEGAL_GENERATION, "to another generation", client -> {
            Member member = GroupRequests.joined(client, "offset-generation", null);
            return ErrorCodes.of(
                    client,
                    GroupRequests.commit("offset-generation", new Member(member.id(), member.generation() + 1), TOPIC),
                    9);
        });
        commit.answers(Errors.UNKNOWN_MEMBER_ID, "to who is not a member", client -> {
            GroupRequests.joined(client, "offset-stranger", null);
            return ErrorCodes.of(client, GroupRequests.commit("offset-stranger", NOBODY, TOPIC), 9);
        });
        commit.answers(Errors.UNKNOWN_MEMBER_ID, "to an outsider while the group has members", client -> {
            GroupRequests.joined(client, "offset-outsider", null);
            return ErrorCodes.of(client, GroupRequests.commit("offset-outsider", OUTSIDER, TOPIC), 9);
        });
        commit.answers(Errors.FENCED_INSTANCE_ID, "to another's instance id", client -> {
            Member member = GroupRequests.joined(client, "offset-instance", "i");
            OffsetCommitRequestData request =
                    GroupRequests.commit("offset-instance", new Member("another", member.generation()), TOPIC);
            return ErrorCodes.of(client, request.setGroupInstanceId("i"), 9);
        });
        commit.answers(Errors.REBALANCE_IN_PROGRESS, "before the assignment is made", client -> {
            Member member = GroupRequests.leader(client, GroupRequests.join("offset-rebalance", ""));
            return ErrorCodes.of(client, GroupRequests.commit("offset-rebalance", member, TOPIC), 9);
        });
        for (int version = 8; version <= 9; version++) {
            int asked = version;
            commit.answers(
                    version == 9 ? Errors.STALE_MEMBER_EPOCH : Errors.UNSUPPORTED_VERSION,
                    "to an epoch that a member of a consumer group has not, in version " + version,
                    client -> {
                        Member member = GroupRequests.consumer(client, "offset-epoch-" + asked, TOPIC);
                        Member stale = new Member(member.id(), member.generation() + 1);
                        return ErrorCodes.of(
                                client, GroupRequests.commit("offset-epoch-" + asked, stale, TOPIC), asked);
                    });
        }
        commit.answers(
                Errors.UNKNOWN_TOPIC_OR_PARTITION,
                "to a topic that does not exist",
                client -> ErrorCodes.of(client, GroupRequests.commit("offset-no-topic", OUTSIDER, "missing"), 9));
        commit.answers(Errors.UNKNOWN_TOPIC_ID, "to the id of no topic", client -> {
            OffsetCommitRequestData request = GroupRequests.commit("offset-no-id", OUTSIDER, "");
            request.topics().get(0).setTopicId(Uuid.randomUuid());
            return ErrorCodes.of(client, request, 10);
        });
        commit.answers(Errors.OFFSET_METADATA_TOO_LARGE, "to metadata of more than 4096 bytes", client -> {
            OffsetCommitRequestData request = GroupRequests.commit("offset-metadata", OUTSIDER, TOPIC);
            request.topics().get(0).setPartitions(List.of(GroupRequests.offset("x".repeat(4097))));
            return ErrorCodes.of(client, request, 9);
        });
        commit.answers(Errors.INVALID_COMMIT_OFFSET_SIZE, "to more than a batch can hold", client -> {
                    OffsetCommitRequestData request = GroupRequests.commit("offset-size", OUTSIDER, TOPIC);
                    request.topics()
                            .get(0)
                            .setPartitions(Collections.nCopies(300, GroupRequests.offset("x".repeat(4096))));
                    return ErrorCodes.of(client, request, 9);
                })
                .unlikeKafka(Errors.UNKNOWN_SERVER_ERROR, "Kafka's message schema lists this one");
    }

    private static void fetches(Provocations.Of fetch) {
        fetch.answers(Errors.UNKNOWN_MEMBER_ID, "to who is not a member of a consumer group", client -> {
            GroupRequests.consumer(client, "fetch-stranger", TOPIC);
            return ErrorCodes.of(client, GroupRequests.fetch("fetch-stranger", NOBODY, TOPIC), 9);
        });
        fetch.answers(Errors.STALE_MEMBER_EPOCH, "to an epoch that the member has not", client -> {
            Member member = GroupRequests.consumer(client, "fetch-epoch", TOPIC);
            return ErrorCodes.of(
                    client,
                    GroupRequests.fetch("fetch-epoch", new Member(member.id(), member.generation() + 1), TOPIC),
                    9);
        });
        fetch.answers(Errors.UNKNOWN_TOPIC_ID, "to the id of no topic", client -> {
            OffsetFetchRequestData request = GroupRequests.fetch("fetch-no-id", OUTSIDER, "");
            request.groups().get(0).topics().get(0).setTopicId(Uuid.randomUuid());
            return ErrorCodes.of(client, request, 10);
        });
        fetch.answers(Errors.UNSTABLE_OFFSET_COMMIT, "while a transaction has an offset of the partition", client -> {
            Producer producer = TransactionRequests.producer(client, "fetch-unstable", 1);
            short prepared = ErrorCodes.of(client, TransactionRequests.addOffsets(producer, "fetch-unstable"), 3);
            if (prepared == 0) {
                prepared = ErrorCodes.of(client, TransactionRequests.commit(producer, "fetch-unstable", TOPIC), 3);
            }
            OffsetFetchRequestData request = GroupRequests.fetch("fetch-unstable", OUTSIDER, TOPIC);
            return prepared == 0 ? ErrorCodes.of(client, request.setRequireStable(true), 9) : prepared;
        });
    }

    private static OffsetDeleteRequestData delete(String group, String topic, int partition) {
        OffsetDeleteRequestData request = new OffsetDeleteRequestData().setGroupId(group);
        request.topics()
                .add(new OffsetDeleteRequestTopic()
                        .setName(topic)
                        .setPartitions(List.of(new OffsetDeleteRequestPartition().setPartitionIndex(partition))));
        return request;
    }

    private static void offsetDeletions(Provocations.Of delete) {
        delete.answers(
                Errors.INVALID_GROUP_ID,
                "to an empty group id",
                client -> ErrorCodes.of(client, delete("", TOPIC, 0), 0));
        delete.answers(
                Errors.GROUP_ID_NOT_FOUND,
                "to a group that does not exist",
                client -> ErrorCodes.of(client, delete("forget-missing", TOPIC, 0), 0));
        delete.answers(Errors.GROUP_SUBSCRIBED_TO_TOPIC, "while a consumer is subscribed to the topic", client -> {
            GroupRequests.joined(client, "forget-subscribed", null);
            return ErrorCodes.of(client, delete("forget-subscribed", TOPIC, 0), 0);
        });
        delete.answers(Errors.NON_EMPTY_GROUP, "while others than consumers are members", client -> {
            GroupRequests.stable(
                    client, GroupRequests.join("forget-members", "").setProtocolType("connect"));
            return ErrorCodes.of(client, delete("forget-members", TOPIC, 0), 0);
        });
        delete.answers(Errors.UNKNOWN_TOPIC_OR_PARTITION, "to a partition that does not exist", client -> {
            short committed = ErrorCodes.of(client, GroupRequests.commit("forget-partition", OUTSIDER, TOPIC), 9);
            return committed == 0 ? ErrorCodes.of(client, delete("forget-partition", TOPIC, 9), 0) : committed;
        });
    }

    private static void deletions(Provocations.Of delete) {
        delete.answers(
                Errors.GROUP_ID_NOT_FOUND,
                "to a group that does not exist",
                client -> ErrorCodes.of(
                        client, new DeleteGroupsRequestData().setGroupsNames(List.of("delete-missing")), 2));
        delete.answers(Errors.NON_EMPTY_GROUP, "to a classic group with members", client -> {
            GroupRequests.joined(client, "delete-members", null);
            return ErrorCodes.of(client, new DeleteGroupsRequestData().setGroupsNames(List.of("delete-members")), 2);
        });
        delete.answers(Errors.NON_EMPTY_GROUP, "to a consumer group with members", client -> {
            GroupRequests.consumer(client, "delete-consumers", TOPIC);
            return ErrorCodes.of(client, new DeleteGroupsRequestData().setGroupsNames(List.of("delete-consumers")), 2);
        });
    }

    private static void descriptions(Provocations.Of describe) {
        describe.answers(
                Errors.GROUP_ID_NOT_FOUND,
                "to a group that does not exist, since version 6",
                client -> ErrorCodes.of(
                        client, new DescribeGroupsRequestData().setGroups(List.of("describe-missing")), 6));
    }
}
