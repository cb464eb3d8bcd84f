package io.sluice.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FeatureUpdate;
import org.apache.kafka.clients.admin.UpdateFeaturesOptions;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.DeleteGroupsResponseData;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.StreamsGroupDescribeRequestData;
import org.apache.kafka.common.message.StreamsGroupDescribeResponseData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.Subtopology;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.TopicInfo;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.Topology;
import org.apache.kafka.common.message.StreamsGroupHeartbeatResponseData;
import org.apache.kafka.common.message.StreamsGroupTopologyDescriptionUpdateRequestData;
import org.apache.kafka.common.message.StreamsGroupTopologyDescriptionUpdateResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is refused of streams groups, and with which error, as raw requests see it. */
class StreamsErrorsIT {
    private static final String GROUP = "app";
    private static final short VERSION = 1;

    @TempDir
    Path folder;

    private RawClient client;

    @Test
    void shouldRefuseWithKafkasErrors() throws Exception {
        try (BrokerProcess broker = BrokerProcess.start(
                        folder.resolve("data"),
                        "group.streams.initial.rebalance.delay.ms=0",
                        "group.streams.max.size=2");
                RawClient raw = new RawClient(broker.port())) {
            client = raw;
            Clients.createTopic(broker.bootstrap(), "in", 2, Map.of());
            try (Admin admin = Clients.admin(broker.bootstrap())) {
                // Whoever asks for the coordinator has its topic made.
                admin.listConsumerGroupOffsets("other")
                        .partitionsToOffsetAndMetadata()
                        .get();
            }
            refuseWhatIsInvalid();
            refuseWhoeverIsNotAMember();
            refuseAnotherTopology();
            refuseOtherKinds();
            refuseCommits();
            refuseDeletion();
            refuseWithoutTheFeature(broker.bootstrap());
        }
    }

    private static StreamsGroupHeartbeatRequestData join(String memberId) {
        return new StreamsGroupHeartbeatRequestData()
                .setGroupId(GROUP)
                .setMemberId(memberId)
                .setMemberEpoch(0)
                .setRebalanceTimeoutMs(60_000)
                .setProcessId(memberId)
                .setClientTags(List.of())
                .setActiveTasks(List.of())
                .setStandbyTasks(List.of())
                .setWarmupTasks(List.of())
                .setTopology(topology("in"));
    }

    private static Topology topology(String topic) {
        return new Topology()
                .setEpoch(1)
                .setSubtopologies(
                        List.of(new Subtopology().setSubtopologyId("0").setSourceTopics(List.of(topic))));
    }

    private static StreamsGroupHeartbeatRequestData member(String memberId, int epoch) {
        return new StreamsGroupHeartbeatRequestData()
                .setGroupId(GROUP)
                .setMemberId(memberId)
                .setMemberEpoch(epoch);
    }

    private StreamsGroupHeartbeatResponseData beat(StreamsGroupHeartbeatRequestData request) throws Exception {
        return (StreamsGroupHeartbeatResponseData) client.ask(request, VERSION);
    }

    private void refused(Errors error, StreamsGroupHeartbeatRequestData request) throws Exception {
        StreamsGroupHeartbeatResponseData response = beat(request);
        assertThat(Errors.forCode(response.errorCode()))
                .as(String.valueOf(response.errorMessage()))
                .isEqualTo(error);
    }

    private void refuseWhatIsInvalid() throws Exception {
        refused(Errors.INVALID_REQUEST, join(""));
        refused(Errors.INVALID_REQUEST, join("m").setTopology(null));
        refused(Errors.INVALID_REQUEST, join("m").setRebalanceTimeoutMs(-1));
        refused(Errors.INVALID_REQUEST, member("m", -3));
        refused(Errors.INVALID_REQUEST, member("m", -2));
        refused(Errors.STREAMS_INVALID_TOPOLOGY, join("m").setTopology(topology("__consumer_offsets")));
        refused(Errors.STREAMS_INVALID_TOPOLOGY, join("m").setTopology(topology("no such/topic")));
        Topology numbered = topology("in");
        numbered.subtopologies()
                .get(0)
                .setStateChangelogTopics(List.of(new TopicInfo().setName("log").setPartitions(3)));
        refused(Errors.STREAMS_INVALID_TOPOLOGY, join("m").setTopology(numbered));
        StreamsGroupTopologyDescriptionUpdateResponseData described =
                (StreamsGroupTopologyDescriptionUpdateResponseData) client.ask(
                        new StreamsGroupTopologyDescriptionUpdateRequestData()
                                .setGroupId(GROUP)
                                .setMemberId("m")
                                .setTopologyDescription(
                                        new StreamsGroupTopologyDescriptionUpdateRequestData.TopologyDescription()),
                        (short) 0);
        assertThat(Errors.forCode(described.errorCode())).isEqualTo(Errors.UNSUPPORTED_VERSION);
        assertThat(describe().errorCode()).isEqualTo(Errors.GROUP_ID_NOT_FOUND.code());
    }

    private StreamsGroupDescribeResponseData.DescribedGroup describe() throws Exception {
        StreamsGroupDescribeResponseData response = (StreamsGroupDescribeResponseData)
                client.ask(new StreamsGroupDescribeRequestData().setGroupIds(List.of(GROUP)), VERSION);
        return response.groups().get(0);
    }

    private void refuseWhoeverIsNotAMember() throws Exception {
        refused(Errors.GROUP_ID_NOT_FOUND, member("m", 1));
        StreamsGroupHeartbeatResponseData joined = beat(join("m").setInstanceId("i"));
        assertThat(joined.errorCode()).isZero();
        assertThat(joined.activeTasks().get(0).partitions()).containsExactly(0, 1);
        refused(Errors.UNKNOWN_MEMBER_ID, member("n", 2));
        refused(Errors.UNKNOWN_MEMBER_ID, member("n", 2).setInstanceId("j"));
        refused(Errors.FENCED_MEMBER_EPOCH, member("m", joined.memberEpoch() + 1));
        refused(Errors.UNRELEASED_INSTANCE_ID, join("n").setInstanceId("i"));
        refused(Errors.FENCED_INSTANCE_ID, member("n", joined.memberEpoch()).setInstanceId("i"));
        assertThat(beat(join("n")).errorCode()).isZero();
        refused(Errors.GROUP_MAX_SIZE_REACHED, join("o"));
        assertThat(beat(member("n", -1)).errorCode()).isZero();
        assertThat(describe().members()).hasSize(1);
    }

    private void refuseAnotherTopology() throws Exception {
        refused(Errors.INVALID_REQUEST, join("p").setTopology(topology("other")));
        StreamsGroupHeartbeatResponseData stale =
                beat(join("p").setTopology(topology("other").setEpoch(0)));
        assertThat(stale.errorCode()).isZero();
        assertThat(stale.status()).anyMatch(status -> status.statusCode() == 0);
        assertThat(beat(member("p", -1)).errorCode()).isZero();
    }

    private void refuseOtherKinds() throws Exception {
        ConsumerGroupHeartbeatResponseData consumer = (ConsumerGroupHeartbeatResponseData) client.ask(
                new ConsumerGroupHeartbeatRequestData()
                        .setGroupId(GROUP)
                        .setMemberId("AAAAAAAAAAAAAAAAAAAAAQ")
                        .setRebalanceTimeoutMs(1_000)
                        .setSubscribedTopicNames(List.of("in"))
                        .setTopicPartitions(List.of()),
                VERSION);
        assertThat(Errors.forCode(consumer.errorCode())).isEqualTo(Errors.GROUP_ID_NOT_FOUND);
        ListGroupsResponseData listed = (ListGroupsResponseData)
                client.ask(new ListGroupsRequestData().setTypesFilter(List.of("streams")), (short) 5);
        assertThat(listed.groups()).hasSize(1);
        assertThat(listed.groups().get(0).groupType()).isEqualToIgnoringCase("streams");
    }

    private void refuseCommits() throws Exception {
        assertThat(commit("m", 99)).isEqualTo(Errors.STALE_MEMBER_EPOCH);
        assertThat(commit("n", 2)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        int epoch = describe().members().get(0).memberEpoch();
        assertThat(commit("m", epoch)).isEqualTo(Errors.NONE);
    }

    private Errors commit(String memberId, int epoch) throws Exception {
        OffsetCommitResponseData response = (OffsetCommitResponseData) client.ask(
                new OffsetCommitRequestData()
                        .setGroupId(GROUP)
                        .setMemberId(memberId)
                        .setGenerationIdOrMemberEpoch(epoch)
                        .setTopics(List.of(new OffsetCommitRequestData.OffsetCommitRequestTopic()
                                .setName("in")
                                .setPartitions(List.of(new OffsetCommitRequestData.OffsetCommitRequestPartition()
                                        .setPartitionIndex(0)
                                        .setCommittedOffset(1L))))),
                (short) 9);
        return Errors.forCode(response.topics().get(0).partitions().get(0).errorCode());
    }

    private void refuseDeletion() throws Exception {
        assertThat(delete()).isEqualTo(Errors.NON_EMPTY_GROUP);
        assertThat(beat(member("m", -1).setInstanceId("i")).errorCode()).isZero();
        assertThat(delete()).isEqualTo(Errors.NONE);
        assertThat(delete()).isEqualTo(Errors.GROUP_ID_NOT_FOUND);
    }

    private void refuseWithoutTheFeature(String bootstrap) throws Exception {
        try (Admin admin = Clients.admin(bootstrap)) {
            FeatureUpdate off = new FeatureUpdate((short) 0, FeatureUpdate.UpgradeType.SAFE_DOWNGRADE);
            admin.updateFeatures(Map.of("streams.version", off), new UpdateFeaturesOptions())
                    .all()
                    .get();
        }
        refused(Errors.UNSUPPORTED_VERSION, join("m"));
        assertThat(describe().errorCode()).isEqualTo(Errors.UNSUPPORTED_VERSION.code());
    }

    private Errors delete() throws Exception {
        DeleteGroupsResponseData response = (DeleteGroupsResponseData)
                client.ask(new DeleteGroupsRequestData().setGroupsNames(List.of(GROUP)), (short) 2);
        return Errors.forCode(response.results().find(GROUP).errorCode());
    }
}
