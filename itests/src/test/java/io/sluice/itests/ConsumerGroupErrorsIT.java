package io.sluice.itests;

import static org.apache.kafka.common.protocol.ApiKeys.CONSUMER_GROUP_DESCRIBE;
import static org.apache.kafka.common.protocol.ApiKeys.CONSUMER_GROUP_HEARTBEAT;

import io.sluice.itests.GroupRequests.Member;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ConsumerGroupDescribeRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.protocol.Errors;

/** What is refused of consumer groups (KIP-848). */
class ConsumerGroupErrorsIT extends ErrorSuite {
    private static final String TOPIC = "t";

    @Override
    String[] settings() {
        return new String[] {
            "offsets.topic.num.partitions=1",
            "transaction.state.log.num.partitions=1",
            "group.initial.rebalance.delay.ms=0",
            "group.consumer.max.size=2"
        };
    }

    @Override
    void prepare(String bootstrap) throws Exception {
        Clients.createTopic(bootstrap, TOPIC, 2, Map.of());
        Coordinators.await(bootstrap);
    }

    static List<Provocation> provocations() {
        return new Provocations()
                .with(CONSUMER_GROUP_HEARTBEAT, ConsumerGroupErrorsIT::invalidHeartbeats)
                .with(CONSUMER_GROUP_HEARTBEAT, ConsumerGroupErrorsIT::fencedMembers)
                .with(CONSUMER_GROUP_DESCRIBE, ConsumerGroupErrorsIT::descriptions)
                .all();
    }

    private static short beat(RawClient client, ConsumerGroupHeartbeatRequestData request) throws Exception {
        return ErrorCodes.of(client, request, 1);
    }

    private static void invalidHeartbeats(Provocations.Of beat) {
        beat.answers(
                Errors.INVALID_REQUEST,
                "to an empty group id",
                client -> beat(client, GroupRequests.consumerJoin("", TOPIC)));
        beat.answers(
                Errors.INVALID_REQUEST,
                "to an empty member id",
                client ->
                        beat(client, GroupRequests.consumerJoin("no-id", TOPIC).setMemberId("")));
        beat.answers(
                Errors.INVALID_REQUEST,
                "to an empty instance id",
                client -> beat(
                        client, GroupRequests.consumerJoin("instance", TOPIC).setInstanceId("")));
        beat.answers(
                Errors.INVALID_REQUEST,
                "to an empty rack id",
                client -> beat(client, GroupRequests.consumerJoin("rack", TOPIC).setRackId("")));
        beat.answers(
                Errors.INVALID_REQUEST,
                "to a member that joins without a rebalance timeout",
                client -> beat(
                        client, GroupRequests.consumerJoin("timeout", TOPIC).setRebalanceTimeoutMs(-1)));
        beat.answers(
                Errors.INVALID_REQUEST,
                "to a member that joins without a subscription",
                client -> beat(client, GroupRequests.consumerJoin("nothing").setSubscribedTopicNames(null)));
        beat.answers(
                Errors.INVALID_REQUEST,
                "to a member that joins with partitions",
                client -> beat(
                        client,
                        GroupRequests.consumerJoin("partitions", TOPIC)
                                .setTopicPartitions(List.of(new ConsumerGroupHeartbeatRequestData.TopicPartitions()
                                        .setTopicId(Uuid.randomUuid())
                                        .setPartitions(List.of(0))))));
        beat.answers(
                Errors.INVALID_REQUEST,
                "to an epoch that there is not",
                client -> beat(client, GroupRequests.consumerHeartbeat("epoch", new Member("m", -3))));
        beat.answers(
                Errors.INVALID_REQUEST,
                "to a member without an instance id that goes away for a while",
                client -> beat(client, GroupRequests.consumerHeartbeat("away", new Member("m", -2))));
        beat.answers(
                Errors.UNSUPPORTED_ASSIGNOR,
                "to an assignor that the broker has not",
                client -> beat(
                        client, GroupRequests.consumerJoin("assignor", TOPIC).setServerAssignor("best")));
        beat.answers(
                Errors.INVALID_REGULAR_EXPRESSION,
                "to a regular expression that is none",
                client -> beat(
                        client,
                        GroupRequests.consumerJoin("regex")
                                .setSubscribedTopicNames(null)
                                .setSubscribedTopicRegex("([")));
    }

    private static void fencedMembers(Provocations.Of beat) {
        beat.answers(
                Errors.GROUP_ID_NOT_FOUND,
                "to a member of a group that does not exist",
                client -> beat(client, GroupRequests.consumerHeartbeat("missing", new Member("m", 1))));
        beat.answers(Errors.GROUP_ID_NOT_FOUND, "to the id of a group of Connect workers", client -> {
            GroupRequests.stable(client, GroupRequests.join("workers", "").setProtocolType("connect"));
            return beat(client, GroupRequests.consumerJoin("workers", TOPIC));
        });
        beat.answers(Errors.UNKNOWN_MEMBER_ID, "to who is not a member", client -> {
            Member member = GroupRequests.consumer(client, "stranger", TOPIC);
            return beat(
                    client, GroupRequests.consumerHeartbeat("stranger", new Member("stranger", member.generation())));
        });
        beat.answers(Errors.UNKNOWN_MEMBER_ID, "to an instance id that nobody has", client -> {
            Member member = GroupRequests.consumer(client, "no-instance", TOPIC);
            return beat(
                    client,
                    GroupRequests.consumerHeartbeat("no-instance", new Member("stranger", member.generation()))
                            .setInstanceId("i"));
        });
        beat.answers(Errors.FENCED_MEMBER_EPOCH, "to an epoch above the member's", client -> {
            Member member = GroupRequests.consumer(client, "fenced", TOPIC);
            return beat(
                    client,
                    GroupRequests.consumerHeartbeat("fenced", new Member(member.id(), member.generation() + 1)));
        });
        beat.answers(Errors.UNRELEASED_INSTANCE_ID, "to an instance id that another still uses", client -> {
            GroupRequests.consumer(
                    client, GroupRequests.consumerJoin("unreleased", TOPIC).setInstanceId("i"));
            return beat(client, GroupRequests.consumerJoin("unreleased", TOPIC).setInstanceId("i"));
        });
        beat.answers(
                Errors.UNRELEASED_INSTANCE_ID, "to a member that joins under an instance id that it has", client -> {
                    Member member = GroupRequests.consumer(
                            client, GroupRequests.consumerJoin("own", TOPIC).setInstanceId("i"));
                    return beat(
                            client,
                            GroupRequests.consumerJoin("own", TOPIC)
                                    .setMemberId(member.id())
                                    .setInstanceId("i"));
                });
        beat.answers(Errors.FENCED_INSTANCE_ID, "to a member that another has replaced", client -> {
            Member member = GroupRequests.consumer(
                    client, GroupRequests.consumerJoin("replaced", TOPIC).setInstanceId("i"));
            return beat(
                    client,
                    GroupRequests.consumerHeartbeat("replaced", new Member("former", member.generation()))
                            .setInstanceId("i"));
        });
        beat.answers(Errors.GROUP_MAX_SIZE_REACHED, "to a third member of two", client -> {
            GroupRequests.consumer(client, "full", TOPIC);
            GroupRequests.consumer(client, "full", TOPIC);
            return beat(client, GroupRequests.consumerJoin("full", TOPIC));
        });
        beat.answers(Errors.GROUP_MAX_SIZE_REACHED, "to who is not a member, where no other could be", client -> {
            GroupRequests.consumer(client, "stranger-full", TOPIC);
            GroupRequests.consumer(client, "stranger-full", TOPIC);
            return beat(client, GroupRequests.consumerHeartbeat("stranger-full", new Member("stranger", 1)));
        });
    }

    private static void descriptions(Provocations.Of describe) {
        describe.answers(
                Errors.GROUP_ID_NOT_FOUND,
                "to a group that does not exist",
                client -> ErrorCodes.of(
                        client, new ConsumerGroupDescribeRequestData().setGroupIds(List.of("describe-missing")), 1));
        describe.answers(Errors.GROUP_ID_NOT_FOUND, "to a classic group", client -> {
            GroupRequests.joined(client, "describe-classic", null);
            return ErrorCodes.of(
                    client, new ConsumerGroupDescribeRequestData().setGroupIds(List.of("describe-classic")), 1);
        });
        describe.answers(
                Errors.INVALID_GROUP_ID,
                "to an empty group id",
                client -> ErrorCodes.of(client, new ConsumerGroupDescribeRequestData().setGroupIds(List.of("")), 1));
    }
}
