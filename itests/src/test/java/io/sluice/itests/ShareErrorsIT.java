package io.sluice.itests;

import static org.apache.kafka.common.protocol.ApiKeys.ALTER_SHARE_GROUP_OFFSETS;
import static org.apache.kafka.common.protocol.ApiKeys.DELETE_SHARE_GROUP_OFFSETS;
import static org.apache.kafka.common.protocol.ApiKeys.DELETE_SHARE_GROUP_STATE;
import static org.apache.kafka.common.protocol.ApiKeys.DESCRIBE_SHARE_GROUP_OFFSETS;
import static org.apache.kafka.common.protocol.ApiKeys.INITIALIZE_SHARE_GROUP_STATE;
import static org.apache.kafka.common.protocol.ApiKeys.READ_SHARE_GROUP_STATE;
import static org.apache.kafka.common.protocol.ApiKeys.READ_SHARE_GROUP_STATE_SUMMARY;
import static org.apache.kafka.common.protocol.ApiKeys.SHARE_ACKNOWLEDGE;
import static org.apache.kafka.common.protocol.ApiKeys.SHARE_FETCH;
import static org.apache.kafka.common.protocol.ApiKeys.SHARE_GROUP_DESCRIBE;
import static org.apache.kafka.common.protocol.ApiKeys.SHARE_GROUP_HEARTBEAT;
import static org.apache.kafka.common.protocol.ApiKeys.WRITE_SHARE_GROUP_STATE;

import io.sluice.itests.GroupRequests.Member;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.ShareFetchRequestData;
import org.apache.kafka.common.message.ShareFetchResponseData;
import org.apache.kafka.common.message.ShareGroupDescribeRequestData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.awaitility.Awaitility;

/** What is refused of share groups, of their sessions and acknowledgements, and by those who keep their state. */
class ShareErrorsIT extends ErrorSuite {
    private static final String TOPIC = "t";
    private static final String UNREAD = "unread";
    private static final String OWNED = "owned";
    private static final int SESSIONS = 20;
    private static final byte UNKNOWN_TYPE = 9;

    @Override
    String[] settings() {
        return new String[] {
            "offsets.topic.num.partitions=1",
            "transaction.state.log.num.partitions=1",
            "share.coordinator.state.topic.num.partitions=1",
            "group.share.max.size=2",
            "group.share.max.share.sessions=" + SESSIONS
        };
    }

    /** The group {@link #OWNED} reads from the start, so that there is something to acquire. */
    @Override
    void prepare(String bootstrap) throws Exception {
        Clients.createTopic(bootstrap, TOPIC, 1, Map.of());
        Clients.createTopic(bootstrap, UNREAD, 1, Map.of());
        Coordinators.await(bootstrap);
        try (Admin admin = Clients.admin(bootstrap);
                KafkaProducer<byte[], byte[]> producer = Clients.producer(bootstrap)) {
            Map<ConfigResource, Collection<AlterConfigOp>> change = Map.of(
                    new ConfigResource(ConfigResource.Type.GROUP, OWNED),
                    List.of(new AlterConfigOp(
                            new ConfigEntry("share.auto.offset.reset", "earliest"), AlterConfigOp.OpType.SET)));
            admin.incrementalAlterConfigs(change).all().get();
            producer.send(new ProducerRecord<>(TOPIC, new byte[] {1})).get();
        }
        Coordinators.awaitShareState(bootstrap, TOPIC);
    }

    static List<Provocation> provocations() {
        return new Provocations()
                .with(SHARE_GROUP_HEARTBEAT, ShareErrorsIT::heartbeats)
                .with(SHARE_GROUP_DESCRIBE, ShareErrorsIT::descriptions)
                .with(SHARE_FETCH, ShareErrorsIT::fetches)
                .with(SHARE_ACKNOWLEDGE, ShareErrorsIT::acknowledgements)
                .with(ALTER_SHARE_GROUP_OFFSETS, ShareErrorsIT::alterations)
                .with(DELETE_SHARE_GROUP_OFFSETS, ShareErrorsIT::deletions)
                .with(DESCRIBE_SHARE_GROUP_OFFSETS, ShareErrorsIT::offsets)
                .with(INITIALIZE_SHARE_GROUP_STATE, ShareErrorsIT::initialisations)
                .with(READ_SHARE_GROUP_STATE, ShareErrorsIT::reads)
                .with(READ_SHARE_GROUP_STATE_SUMMARY, ShareErrorsIT::summaries)
                .with(WRITE_SHARE_GROUP_STATE, ShareErrorsIT::writes)
                .with(DELETE_SHARE_GROUP_STATE, ShareErrorsIT::stateDeletions)
                .all();
    }

    private static short beat(RawClient client, ApiMessage request) throws Exception {
        return ErrorCodes.of(client, request, 1);
    }

    private static void heartbeats(Provocations.Of beat) {
        beat.answers(
                Errors.INVALID_REQUEST,
                "to an empty member id",
                client -> beat(client, ShareRequests.join("beat-no-id", TOPIC).setMemberId("")));
        beat.answers(
                Errors.INVALID_REQUEST, "to an empty group id", client -> beat(client, ShareRequests.join("", TOPIC)));
        beat.answers(
                Errors.INVALID_REQUEST,
                "to an empty rack id",
                client -> beat(client, ShareRequests.join("beat-rack", TOPIC).setRackId("")));
        beat.answers(
                Errors.INVALID_REQUEST,
                "to a member that joins without a subscription",
                client -> beat(client, ShareRequests.join("beat-nothing").setSubscribedTopicNames(null)));
        beat.answers(
                Errors.INVALID_REQUEST,
                "to an epoch below that of leaving",
                client -> beat(client, ShareRequests.heartbeat("beat-epoch", new Member("m", -2))));
        beat.answers(
                Errors.GROUP_ID_NOT_FOUND,
                "to a group that does not exist",
                client -> beat(client, ShareRequests.heartbeat("beat-missing", new Member("m", 1))));
        beat.answers(Errors.GROUP_ID_NOT_FOUND, "to the id of a consumer group", client -> {
            GroupRequests.consumer(client, "beat-consumers", TOPIC);
            return beat(client, ShareRequests.join("beat-consumers", TOPIC));
        });
        beat.answers(Errors.UNKNOWN_MEMBER_ID, "to who is not a member", client -> {
            ShareRequests.member(client, "beat-stranger", TOPIC);
            return beat(client, ShareRequests.heartbeat("beat-stranger", new Member("stranger", 1)));
        });
        beat.answers(Errors.FENCED_MEMBER_EPOCH, "to an epoch that the member has not", client -> {
            Member member = ShareRequests.member(client, "beat-fenced", TOPIC);
            return beat(
                    client, ShareRequests.heartbeat("beat-fenced", new Member(member.id(), member.generation() + 1)));
        });
        beat.answers(Errors.GROUP_MAX_SIZE_REACHED, "to a third member of two", client -> {
            ShareRequests.member(client, "beat-full", TOPIC);
            ShareRequests.member(client, "beat-full", TOPIC);
            return beat(client, ShareRequests.join("beat-full", TOPIC));
        });
    }

    private static void descriptions(Provocations.Of describe) {
        describe.answers(
                Errors.GROUP_ID_NOT_FOUND,
                "to a group that does not exist",
                client -> ErrorCodes.of(
                        client, new ShareGroupDescribeRequestData().setGroupIds(List.of("describe-missing")), 1));
        describe.answers(
                Errors.INVALID_GROUP_ID,
                "to an empty group id",
                client -> ErrorCodes.of(client, new ShareGroupDescribeRequestData().setGroupIds(List.of("")), 1));
    }

    private static Uuid topic(RawClient client) throws Exception {
        return Coordinators.topicId(client, TOPIC);
    }

    /** Begins the share session of a member; its next epoch is 1. */
    private static String session(RawClient client, String group) throws Exception {
        String member = ShareRequests.member(client, group, TOPIC).id();
        short error = ErrorCodes.of(client, ShareRequests.fetch(group, member, 0, topic(client)), 1);
        if (error != 0) {
            throw new IllegalStateException("no session in " + group + ": " + Errors.forCode(error));
        }
        return member;
    }

    private static void fetches(Provocations.Of fetch) {
        fetch.answers(
                Errors.INVALID_REQUEST,
                "to no group id",
                client -> ErrorCodes.of(client, ShareRequests.fetch(null, "m", 0, topic(client)), 1));
        fetch.answers(
                Errors.INVALID_REQUEST,
                "to an empty member id",
                client -> ErrorCodes.of(client, ShareRequests.fetch("fetch-no-id", "", 0, topic(client)), 1));
        fetch.answers(
                Errors.INVALID_REQUEST,
                "to an acknowledgement with which a session would begin",
                client -> ErrorCodes.of(
                        client,
                        ShareRequests.acknowledging(ShareRequests.fetch(
                                "fetch-early", Uuid.randomUuid().toString(), 0, topic(client))),
                        1));
        fetch.answers(Errors.INVALID_REQUEST, "to a renewal that fetches too", client -> {
            String member = session(client, "fetch-renewal");
            return ErrorCodes.of(
                    client,
                    ShareRequests.fetch("fetch-renewal", member, 1, topic(client))
                            .setIsRenewAck(true),
                    2);
        });
        fetch.answers(
                Errors.SHARE_SESSION_NOT_FOUND,
                "to the second request of a session that did not begin",
                client -> ErrorCodes.of(
                        client,
                        ShareRequests.fetch("fetch-session", Uuid.randomUuid().toString(), 1, topic(client)),
                        1));
        fetch.answers(Errors.INVALID_SHARE_SESSION_EPOCH, "to an epoch out of turn", client -> {
            String member = session(client, "fetch-epoch");
            return ErrorCodes.of(client, ShareRequests.fetch("fetch-epoch", member, 5, topic(client)), 1);
        });
        fetch.answers(Errors.UNKNOWN_TOPIC_ID, "to the id of no topic", client -> {
            String member = ShareRequests.member(client, "fetch-topic", TOPIC).id();
            return ErrorCodes.of(client, ShareRequests.fetch("fetch-topic", member, 0, Uuid.randomUuid()), 1);
        });
        fetch.answers(Errors.UNKNOWN_TOPIC_OR_PARTITION, "to a partition that does not exist", client -> {
            String member =
                    ShareRequests.member(client, "fetch-partition", TOPIC).id();
            ShareFetchRequestData request = ShareRequests.fetch("fetch-partition", member, 0, topic(client));
            ShareFetchRequestData.FetchPartitionCollection partitions =
                    request.topics().iterator().next().partitions();
            partitions.clear();
            partitions.add(new ShareFetchRequestData.FetchPartition().setPartitionIndex(9));
            return ErrorCodes.of(client, request, 1);
        });
        fetch.answers(Errors.UNKNOWN_TOPIC_ID, "for an acknowledgement by the id of no topic", client -> {
            String member = session(client, "fetch-ack-topic");
            return acknowledgeError(client, ShareRequests.fetch("fetch-ack-topic", member, 1, Uuid.randomUuid()));
        });
        fetch.answers(
                Errors.UNKNOWN_TOPIC_OR_PARTITION,
                "for an acknowledgement in a partition that does not exist",
                client -> {
                    String member = session(client, "fetch-ack-partition");
                    ShareFetchRequestData request =
                            ShareRequests.fetch("fetch-ack-partition", member, 1, topic(client));
                    ShareFetchRequestData.FetchPartitionCollection partitions =
                            request.topics().iterator().next().partitions();
                    partitions.clear();
                    partitions.add(new ShareFetchRequestData.FetchPartition().setPartitionIndex(9));
                    return acknowledgeError(client, request);
                });
        fetch.answers(Errors.INVALID_RECORD_STATE, "for an acknowledgement of what another has acquired", client -> {
            Uuid topic = topic(client);
            String owner = acquire(client, topic);
            String other = session(client, OWNED);
            ShareFetchRequestData request = ShareRequests.acknowledging(ShareRequests.fetch(OWNED, other, 1, topic));
            short error = ErrorCodes.of(client, request, 1);
            leave(client, owner);
            leave(client, other);
            return error;
        });
        fetch.answers(Errors.SHARE_SESSION_LIMIT_REACHED, "to one session more than may be", client -> {
            short error = 0;
            for (int i = 0; error == 0 && i <= SESSIONS; i++) {
                String member = Uuid.randomUuid().toString();
                ShareFetchRequestData request = ShareRequests.fetch("fetch-many", member, 0, topic(client));
                request.topics().clear();
                error = ErrorCodes.of(client, request, 1);
            }
            return error;
        });
    }

    /** What a fetch is answered to the acknowledgement that is added to it. */
    private static short acknowledgeError(RawClient client, ShareFetchRequestData request) throws Exception {
        ShareFetchResponseData response =
                (ShareFetchResponseData) client.ask(ShareRequests.acknowledging(request), (short) 1);
        return response.responses().iterator().next().partitions().get(0).acknowledgeErrorCode();
    }

    /** A member of {@link #OWNED} that has acquired the first record. */
    private static String acquire(RawClient client, Uuid topic) throws Exception {
        String member = ShareRequests.member(client, OWNED, TOPIC).id();
        AtomicInteger epoch = new AtomicInteger();
        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> {
            ShareFetchResponseData response = (ShareFetchResponseData)
                    client.ask(ShareRequests.fetch(OWNED, member, epoch.getAndIncrement(), topic), (short) 1);
            return response.responses().stream()
                    .flatMap(one -> one.partitions().stream())
                    .anyMatch(partition -> !partition.acquiredRecords().isEmpty());
        });
        return member;
    }

    private static void leave(RawClient client, String member) throws Exception {
        beat(client, ShareRequests.heartbeat(OWNED, new Member(member, -1)));
    }

    private static void acknowledgements(Provocations.Of acknowledge) {
        acknowledge.answers(
                Errors.INVALID_REQUEST,
                "to no group id",
                client -> ErrorCodes.of(
                        client,
                        ShareRequests.acknowledge(null, "m", 1, topic(client), 0, 0L, 0L, ShareRequests.ACCEPT),
                        1));
        acknowledge.answers(
                Errors.SHARE_SESSION_NOT_FOUND,
                "to a member without a session",
                client -> ErrorCodes.of(
                        client,
                        ShareRequests.acknowledge(
                                "ack-session",
                                Uuid.randomUuid().toString(),
                                1,
                                topic(client),
                                0,
                                0L,
                                0L,
                                ShareRequests.ACCEPT),
                        1));
        for (int epoch : new int[] {0, 5}) {
            acknowledge.answers(
                    Errors.INVALID_SHARE_SESSION_EPOCH, "to epoch " + epoch + " of a session at 1", client -> {
                        String member = session(client, "ack-epoch-" + epoch);
                        return ErrorCodes.of(
                                client,
                                ShareRequests.acknowledge(
                                        "ack-epoch-" + epoch,
                                        member,
                                        epoch,
                                        topic(client),
                                        0,
                                        0L,
                                        0L,
                                        ShareRequests.ACCEPT),
                                1);
                    });
        }
        acknowledge.answers(Errors.UNKNOWN_TOPIC_ID, "to the id of no topic", client -> {
            String member = session(client, "ack-topic");
            return ErrorCodes.of(
                    client,
                    ShareRequests.acknowledge(
                            "ack-topic", member, 1, Uuid.randomUuid(), 0, 0L, 0L, ShareRequests.ACCEPT),
                    1);
        });
        acknowledge.answers(Errors.UNKNOWN_TOPIC_OR_PARTITION, "to a partition that does not exist", client -> {
            String member = session(client, "ack-partition");
            return ErrorCodes.of(
                    client,
                    ShareRequests.acknowledge(
                            "ack-partition", member, 1, topic(client), 9, 0L, 0L, ShareRequests.ACCEPT),
                    1);
        });
        acknowledge
                .answers(Errors.INVALID_RECORD_STATE, "in a partition that the group has not read", client -> {
                    String member = session(client, "ack-unread");
                    Uuid unread = Coordinators.topicId(client, UNREAD);
                    return ErrorCodes.of(
                            client,
                            ShareRequests.acknowledge("ack-unread", member, 1, unread, 0, 0L, 0L, ShareRequests.ACCEPT),
                            1);
                })
                .unlikeKafka(
                        Errors.UNKNOWN_TOPIC_OR_PARTITION,
                        "clients would ask again, though nothing is acquired before somebody reads");
        acknowledge.answers(
                Errors.INVALID_REQUEST,
                "to a batch that ends before it begins in a partition that does not exist",
                client -> {
                    String member = session(client, "ack-backwards-partition");
                    return ErrorCodes.of(
                            client,
                            ShareRequests.acknowledge(
                                    "ack-backwards-partition",
                                    member,
                                    1,
                                    topic(client),
                                    9,
                                    5L,
                                    4L,
                                    ShareRequests.ACCEPT),
                            1);
                });
        acknowledge.answers(Errors.INVALID_REQUEST, "to a batch that ends before it begins", client -> {
            String member = session(client, "ack-backwards");
            return ErrorCodes.of(
                    client,
                    ShareRequests.acknowledge(
                            "ack-backwards", member, 1, topic(client), 0, 5L, 4L, ShareRequests.ACCEPT),
                    1);
        });
        acknowledge.answers(Errors.INVALID_REQUEST, "to a type of acknowledgement that there is not", client -> {
            String member = session(client, "ack-type");
            return ErrorCodes.of(
                    client,
                    ShareRequests.acknowledge("ack-type", member, 1, topic(client), 0, 0L, 0L, UNKNOWN_TYPE),
                    1);
        });
        acknowledge.answers(Errors.INVALID_RECORD_STATE, "to what another has acquired", client -> {
            Uuid topic = topic(client);
            String owner = acquire(client, topic);
            String other = session(client, OWNED);
            short error = ErrorCodes.of(
                    client, ShareRequests.acknowledge(OWNED, other, 1, topic, 0, 0L, 0L, ShareRequests.ACCEPT), 1);
            leave(client, owner);
            leave(client, other);
            return error;
        });
    }

    /** A group whose only member has left. */
    static String vacant(RawClient client, String group, String topic) throws Exception {
        Member member = ShareRequests.member(client, group, topic);
        beat(client, ShareRequests.heartbeat(group, new Member(member.id(), -1)));
        return group;
    }

    private static void alterations(Provocations.Of alter) {
        alter.answers(
                Errors.INVALID_GROUP_ID,
                "to an empty group id",
                client -> ErrorCodes.of(client, ShareRequests.alter("", TOPIC), 0));
        alter.answers(Errors.GROUP_ID_NOT_FOUND, "to the id of a consumer group", client -> {
            GroupRequests.consumer(client, "alter-consumers", TOPIC);
            return ErrorCodes.of(client, ShareRequests.alter("alter-consumers", TOPIC), 0);
        });
        alter.answers(Errors.NON_EMPTY_GROUP, "to a group with members", client -> {
            ShareRequests.member(client, "alter-members", TOPIC);
            return ErrorCodes.of(client, ShareRequests.alter("alter-members", TOPIC), 0);
        });
        alter.answers(
                Errors.UNKNOWN_TOPIC_OR_PARTITION,
                "to a topic that does not exist",
                client ->
                        ErrorCodes.of(client, ShareRequests.alter(vacant(client, "alter-topic", TOPIC), "missing"), 0));
    }

    private static void deletions(Provocations.Of delete) {
        delete.answers(
                Errors.INVALID_GROUP_ID,
                "to an empty group id",
                client -> ErrorCodes.of(client, ShareRequests.delete("", TOPIC), 0));
        delete.answers(
                Errors.GROUP_ID_NOT_FOUND,
                "to a group that does not exist",
                client -> ErrorCodes.of(client, ShareRequests.delete("forget-missing", TOPIC), 0));
        delete.answers(Errors.NON_EMPTY_GROUP, "to a group with members", client -> {
            ShareRequests.member(client, "forget-members", TOPIC);
            return ErrorCodes.of(client, ShareRequests.delete("forget-members", TOPIC), 0);
        });
        delete.answers(Errors.UNKNOWN_TOPIC_OR_PARTITION, "to a topic that does not exist", client -> {
            return ErrorCodes.of(client, ShareRequests.delete(vacant(client, "forget-topic", TOPIC), "missing"), 0);
        });
    }

    private static void offsets(Provocations.Of describe) {
        describe.answers(
                        Errors.INVALID_GROUP_ID,
                        "to an empty group id",
                        client -> ErrorCodes.of(client, ShareRequests.describe("", TOPIC), 1))
                .unlikeKafka(Errors.UNKNOWN_SERVER_ERROR, "it is the request that is wrong");
        describe.answers(
                Errors.NONE,
                "to a group that does not exist",
                client -> ErrorCodes.of(client, ShareRequests.describe("offsets-missing", TOPIC), 1));
        describe.answers(Errors.NONE, "to a topic that does not exist", client -> {
            ShareRequests.member(client, "offsets-topic", TOPIC);
            return ErrorCodes.of(client, ShareRequests.describe("offsets-topic", "missing"), 1);
        });
    }

    /** Begins the state of a group for the topic, under state epoch 5. */
    private static Uuid begun(RawClient client, String group) throws Exception {
        Uuid topic = topic(client);
        short error = ErrorCodes.of(client, ShareRequests.initialize(group, topic, 5), 0);
        if (error != 0) {
            throw new IllegalStateException(group + ": " + Errors.forCode(error));
        }
        return topic;
    }

    private static void initialisations(Provocations.Of initialize) {
        initialize.answers(
                Errors.INVALID_REQUEST,
                "to a state epoch below zero",
                client -> ErrorCodes.of(client, ShareRequests.initialize("init-epoch", topic(client), -1), 0));
        initialize.answers(
                Errors.FENCED_STATE_EPOCH,
                "to an older state epoch",
                client -> ErrorCodes.of(
                        client, ShareRequests.initialize("init-fenced", begun(client, "init-fenced"), 4), 0));
        initialize.answers(
                Errors.UNKNOWN_TOPIC_OR_PARTITION,
                "to the id of no topic",
                client -> ErrorCodes.of(client, ShareRequests.initialize("init-topic", Uuid.randomUuid(), 1), 0));
    }

    private static void reads(Provocations.Of read) {
        read.answers(
                Errors.INVALID_REQUEST,
                "to a state that has not begun",
                client -> ErrorCodes.of(client, ShareRequests.read("read-missing", topic(client), 1), 0));
        read.answers(
                Errors.INVALID_REQUEST,
                "to a leader epoch below zero",
                client -> ErrorCodes.of(client, ShareRequests.read("read-epoch", begun(client, "read-epoch"), -1), 0));
        read.answers(
                Errors.INVALID_REQUEST,
                "to the id of no topic",
                client -> ErrorCodes.of(client, ShareRequests.read("read-topic", Uuid.randomUuid(), 1), 0));
        read.answers(Errors.FENCED_LEADER_EPOCH, "to an older leader", client -> {
            Uuid topic = begun(client, "read-fenced");
            short first = ErrorCodes.of(client, ShareRequests.read("read-fenced", topic, 9), 0);
            return first == 0 ? ErrorCodes.of(client, ShareRequests.read("read-fenced", topic, 8), 0) : first;
        });
    }

    private static void summaries(Provocations.Of summarize) {
        summarize.answers(
                Errors.UNKNOWN_TOPIC_OR_PARTITION,
                "to the id of no topic",
                client -> ErrorCodes.of(client, ShareRequests.summarize("sum-topic", Uuid.randomUuid(), 1), 1));
        summarize
                .answers(
                        Errors.INVALID_REQUEST,
                        "to an empty group id",
                        client -> ErrorCodes.of(client, ShareRequests.summarize("", topic(client), 1), 1))
                .unlikeKafka(Errors.NONE, "an answer without results looks like that to a request for nothing");
    }

    private static void writes(Provocations.Of write) {
        write.answers(
                Errors.INVALID_REQUEST,
                "to a state that has not begun",
                client -> ErrorCodes.of(client, ShareRequests.write("write-missing", topic(client), 1, 1), 1));
        write.answers(
                Errors.INVALID_REQUEST,
                "to the id of no topic",
                client -> ErrorCodes.of(client, ShareRequests.write("write-topic", Uuid.randomUuid(), 1, 1), 1));
        write.answers(
                Errors.FENCED_STATE_EPOCH,
                "to an older state epoch",
                client -> ErrorCodes.of(
                        client, ShareRequests.write("write-state", begun(client, "write-state"), 4, 1), 1));
        write.answers(Errors.FENCED_LEADER_EPOCH, "to an older leader", client -> {
            Uuid topic = begun(client, "write-leader");
            short first = ErrorCodes.of(client, ShareRequests.read("write-leader", topic, 9), 0);
            return first == 0 ? ErrorCodes.of(client, ShareRequests.write("write-leader", topic, 5, 8), 1) : first;
        });
    }

    private static void stateDeletions(Provocations.Of delete) {
        delete.answers(
                Errors.UNKNOWN_TOPIC_OR_PARTITION,
                "to the id of no topic",
                client -> ErrorCodes.of(client, ShareRequests.deleteState("end-topic", Uuid.randomUuid()), 0));
        delete.answers(
                        Errors.INVALID_REQUEST,
                        "to an empty group id",
                        client -> ErrorCodes.of(client, ShareRequests.deleteState("", topic(client)), 0))
                .unlikeKafka(Errors.NONE, "an answer without results looks like that to a request for nothing");
    }
}
