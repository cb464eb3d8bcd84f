package io.sluice.itests;

import static org.apache.kafka.common.protocol.ApiKeys.CONSUMER_GROUP_HEARTBEAT;
import static org.apache.kafka.common.protocol.ApiKeys.DELETE_GROUPS;
import static org.apache.kafka.common.protocol.ApiKeys.OFFSET_COMMIT;
import static org.apache.kafka.common.protocol.ApiKeys.OFFSET_FETCH;
import static org.apache.kafka.common.protocol.ApiKeys.STREAMS_GROUP_DESCRIBE;
import static org.apache.kafka.common.protocol.ApiKeys.STREAMS_GROUP_HEARTBEAT;
import static org.apache.kafka.common.protocol.ApiKeys.STREAMS_GROUP_TOPOLOGY_DESCRIPTION_UPDATE;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.itests.GroupRequests.Member;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.StreamsGroupDescribeRequestData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.Subtopology;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.TopicInfo;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.Topology;
import org.apache.kafka.common.message.StreamsGroupHeartbeatResponseData;
import org.apache.kafka.common.message.UpdateFeaturesRequestData;
import org.apache.kafka.common.protocol.Errors;

/** What is refused of streams groups (KIP-1071). */
class StreamsErrorsIT extends ErrorSuite {
    private static final String TOPIC = "in";
    private static final byte SAFE_DOWNGRADE = 2;

    @Override
    String[] settings() {
        return new String[] {
            "offsets.topic.num.partitions=1",
            "transaction.state.log.num.partitions=1",
            "group.streams.initial.rebalance.delay.ms=0",
            "group.streams.max.size=2"
        };
    }

    @Override
    void prepare(String bootstrap) throws Exception {
        Clients.createTopic(bootstrap, TOPIC, 2, Map.of());
        Coordinators.await(bootstrap);
    }

    static List<Provocation> provocations() {
        return new Provocations()
                .with(STREAMS_GROUP_HEARTBEAT, StreamsErrorsIT::invalidHeartbeats)
                .with(STREAMS_GROUP_HEARTBEAT, StreamsErrorsIT::topologies)
                .with(STREAMS_GROUP_HEARTBEAT, StreamsErrorsIT::fencedMembers)
                .with(STREAMS_GROUP_DESCRIBE, StreamsErrorsIT::descriptions)
                .with(STREAMS_GROUP_TOPOLOGY_DESCRIPTION_UPDATE, StreamsErrorsIT::topologyDescriptions)
                .with(CONSUMER_GROUP_HEARTBEAT, StreamsErrorsIT::consumers)
                .with(OFFSET_COMMIT, StreamsErrorsIT::commits)
                .with(OFFSET_FETCH, StreamsErrorsIT::fetches)
                .with(DELETE_GROUPS, StreamsErrorsIT::deletions)
                .with(STREAMS_GROUP_HEARTBEAT, StreamsErrorsIT::withoutTheFeature)
                .all();
    }

    private static StreamsGroupHeartbeatRequestData join(String group, String memberId) {
        return join(group, memberId, TOPIC);
    }

    static StreamsGroupHeartbeatRequestData join(String group, String memberId, String topic) {
        return new StreamsGroupHeartbeatRequestData()
                .setGroupId(group)
                .setMemberId(memberId)
                .setMemberEpoch(0)
                .setRebalanceTimeoutMs(60_000)
                .setProcessId(memberId)
                .setClientTags(List.of())
                .setActiveTasks(List.of())
                .setStandbyTasks(List.of())
                .setWarmupTasks(List.of())
                .setTopology(topology(topic));
    }

    private static Topology topology(String topic) {
        return new Topology()
                .setEpoch(1)
                .setSubtopologies(
                        List.of(new Subtopology().setSubtopologyId("0").setSourceTopics(List.of(topic))));
    }

    private static StreamsGroupHeartbeatRequestData heartbeat(String group, String memberId, int epoch) {
        return new StreamsGroupHeartbeatRequestData()
                .setGroupId(group)
                .setMemberId(memberId)
                .setMemberEpoch(epoch);
    }

    private static short beat(RawClient client, StreamsGroupHeartbeatRequestData request) throws Exception {
        return ErrorCodes.of(client, request, 1);
    }

    /** The epoch of a member that has joined. */
    static int joined(RawClient client, StreamsGroupHeartbeatRequestData request) throws Exception {
        StreamsGroupHeartbeatResponseData response = (StreamsGroupHeartbeatResponseData) client.ask(request, (short) 1);
        assertThat(response.errorCode()).as(response.errorMessage()).isZero();
        return response.memberEpoch();
    }

    private static void invalidHeartbeats(Provocations.Of beat) {
        beat.answers(Errors.INVALID_REQUEST, "to an empty member id", client -> beat(client, join("no-id", "")));
        beat.answers(
                Errors.INVALID_REQUEST,
                "to a member that joins without a topology",
                client -> beat(client, join("no-topology", "m").setTopology(null)));
        beat.answers(
                Errors.INVALID_REQUEST,
                "to a member that joins without a rebalance timeout",
                client -> beat(client, join("no-timeout", "m").setRebalanceTimeoutMs(-1)));
        beat.answers(
                Errors.INVALID_REQUEST,
                "to an epoch that there is not",
                client -> beat(client, heartbeat("e", "m", -3)));
        beat.answers(
                Errors.INVALID_REQUEST,
                "to a member without an instance id that goes away for a while",
                client -> beat(client, heartbeat("e", "m", -2)));
    }

    private static void topologies(Provocations.Of beat) {
        beat.answers(
                Errors.STREAMS_INVALID_TOPOLOGY,
                "to a topology that reads a topic of the broker's own",
                client -> beat(client, join("internal", "m").setTopology(topology("__consumer_offsets"))));
        beat.answers(
                Errors.STREAMS_INVALID_TOPOLOGY,
                "to a topology that reads what no topic can be called",
                client -> beat(client, join("illegal", "m").setTopology(topology("no such/topic"))));
        beat.answers(Errors.STREAMS_INVALID_TOPOLOGY, "to a changelog that says how many partitions it has", client -> {
            Topology numbered = topology(TOPIC);
            numbered.subtopologies()
                    .get(0)
                    .setStateChangelogTopics(
                            List.of(new TopicInfo().setName("log").setPartitions(3)));
            return beat(client, join("numbered", "m").setTopology(numbered));
        });
        beat.answers(Errors.INVALID_REQUEST, "to another topology of the same epoch", client -> {
            joined(client, join("another-topology", "m"));
            return beat(client, join("another-topology", "n").setTopology(topology("other")));
        });
    }

    private static void fencedMembers(Provocations.Of beat) {
        beat.answers(
                Errors.GROUP_ID_NOT_FOUND,
                "to a member of a group that does not exist",
                client -> beat(client, heartbeat("missing", "m", 1)));
        beat.answers(Errors.GROUP_ID_NOT_FOUND, "to the id of a consumer group", client -> {
            GroupRequests.consumer(client, "consumers", TOPIC);
            return beat(client, join("consumers", "m"));
        });
        beat.answers(Errors.UNKNOWN_MEMBER_ID, "to who is not a member", client -> {
            int epoch = joined(client, join("stranger", "m"));
            return beat(client, heartbeat("stranger", "n", epoch));
        });
        beat.answers(Errors.UNKNOWN_MEMBER_ID, "to an instance id that nobody has", client -> {
            int epoch = joined(client, join("no-instance", "m"));
            return beat(client, heartbeat("no-instance", "n", epoch).setInstanceId("j"));
        });
        beat.answers(Errors.FENCED_MEMBER_EPOCH, "to an epoch above the member's", client -> {
            int epoch = joined(client, join("fenced", "m"));
            return beat(client, heartbeat("fenced", "m", epoch + 1));
        });
        beat.answers(Errors.UNRELEASED_INSTANCE_ID, "to an instance id that another still uses", client -> {
            joined(client, join("unreleased", "m").setInstanceId("i"));
            return beat(client, join("unreleased", "n").setInstanceId("i"));
        });
        beat.answers(Errors.FENCED_INSTANCE_ID, "to a member that another has replaced", client -> {
            int epoch = joined(client, join("replaced", "m").setInstanceId("i"));
            return beat(client, heartbeat("replaced", "n", epoch).setInstanceId("i"));
        });
        beat.answers(Errors.GROUP_MAX_SIZE_REACHED, "to a third member of two", client -> {
            joined(client, join("full", "m"));
            joined(client, join("full", "n"));
            return beat(client, join("full", "o"));
        });
    }

    private static void descriptions(Provocations.Of describe) {
        describe.answers(
                Errors.GROUP_ID_NOT_FOUND,
                "to a group that does not exist",
                client -> ErrorCodes.of(
                        client, new StreamsGroupDescribeRequestData().setGroupIds(List.of("describe-missing")), 1));
        describe.answers(
                Errors.INVALID_GROUP_ID,
                "to an empty group id",
                client -> ErrorCodes.of(client, new StreamsGroupDescribeRequestData().setGroupIds(List.of("")), 1));
    }

    private static void topologyDescriptions(Provocations.Of update) {
        update.answers(
                Errors.UNSUPPORTED_VERSION,
                "while no plugin takes them",
                client -> ErrorCodes.of(client, CoordinatedApis.topologyDescription("any"), 0));
    }

    private static void consumers(Provocations.Of beat) {
        beat.answers(Errors.GROUP_ID_NOT_FOUND, "to the id of a streams group", client -> {
            joined(client, join("streams", "m"));
            return ErrorCodes.of(client, GroupRequests.consumerJoin("streams", TOPIC), 1);
        });
    }

    private static void commits(Provocations.Of commit) {
        commit.answers(Errors.STALE_MEMBER_EPOCH, "to an epoch that a member of a streams group has not", client -> {
            int epoch = joined(client, join("commit-epoch", "m"));
            return ErrorCodes.of(client, GroupRequests.commit("commit-epoch", new Member("m", epoch + 1), TOPIC), 9);
        });
        commit.answers(Errors.UNKNOWN_MEMBER_ID, "to who is not a member of a streams group", client -> {
            int epoch = joined(client, join("commit-stranger", "m"));
            return ErrorCodes.of(client, GroupRequests.commit("commit-stranger", new Member("n", epoch), TOPIC), 9);
        });
    }

    private static void fetches(Provocations.Of fetch) {
        fetch.answers(Errors.STALE_MEMBER_EPOCH, "to an epoch that a member of a streams group has not", client -> {
            int epoch = joined(client, join("fetch-epoch", "m"));
            return ErrorCodes.of(client, GroupRequests.fetch("fetch-epoch", new Member("m", epoch + 1), TOPIC), 9);
        });
    }

    private static void deletions(Provocations.Of delete) {
        delete.answers(Errors.NON_EMPTY_GROUP, "to a streams group with members", client -> {
            joined(client, join("delete-members", "m"));
            return ErrorCodes.of(client, new DeleteGroupsRequestData().setGroupsNames(List.of("delete-members")), 2);
        });
    }

    /** Comes last: from here on there are no streams groups. */
    private static void withoutTheFeature(Provocations.Of beat) {
        beat.answers(Errors.UNSUPPORTED_VERSION, "when streams.version is 0", client -> {
            UpdateFeaturesRequestData off = new UpdateFeaturesRequestData();
            off.featureUpdates()
                    .add(new UpdateFeaturesRequestData.FeatureUpdateKey()
                            .setFeature("streams.version")
                            .setMaxVersionLevel((short) 0)
                            .setUpgradeType(SAFE_DOWNGRADE));
            short downgraded = ErrorCodes.of(client, off, 1);
            return downgraded == 0 ? beat(client, join("late", "m")) : downgraded;
        });
    }
}
