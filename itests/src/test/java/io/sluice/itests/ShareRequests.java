package io.sluice.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.AlterShareGroupOffsetsRequestData;
import org.apache.kafka.common.message.AlterShareGroupOffsetsRequestData.AlterShareGroupOffsetsRequestPartition;
import org.apache.kafka.common.message.AlterShareGroupOffsetsRequestData.AlterShareGroupOffsetsRequestTopic;
import org.apache.kafka.common.message.DeleteShareGroupOffsetsRequestData;
import org.apache.kafka.common.message.DeleteShareGroupOffsetsRequestData.DeleteShareGroupOffsetsRequestTopic;
import org.apache.kafka.common.message.DeleteShareGroupStateRequestData;
import org.apache.kafka.common.message.DescribeShareGroupOffsetsRequestData;
import org.apache.kafka.common.message.DescribeShareGroupOffsetsRequestData.DescribeShareGroupOffsetsRequestGroup;
import org.apache.kafka.common.message.DescribeShareGroupOffsetsRequestData.DescribeShareGroupOffsetsRequestTopic;
import org.apache.kafka.common.message.InitializeShareGroupStateRequestData;
import org.apache.kafka.common.message.ReadShareGroupStateRequestData;
import org.apache.kafka.common.message.ReadShareGroupStateSummaryRequestData;
import org.apache.kafka.common.message.ShareAcknowledgeRequestData;
import org.apache.kafka.common.message.ShareFetchRequestData;
import org.apache.kafka.common.message.ShareFetchRequestData.AcknowledgementBatch;
import org.apache.kafka.common.message.ShareGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ShareGroupHeartbeatResponseData;
import org.apache.kafka.common.message.WriteShareGroupStateRequestData;

/** The requests of members of share groups, and of those who keep their state, right in all but what a test changes. */
final class ShareRequests {
    static final byte ACCEPT = 1;

    private ShareRequests() {}

    static ShareGroupHeartbeatRequestData join(String group, String... topics) {
        return new ShareGroupHeartbeatRequestData()
                .setGroupId(group)
                .setMemberId(Uuid.randomUuid().toString())
                .setMemberEpoch(0)
                .setSubscribedTopicNames(List.of(topics));
    }

    static ShareGroupHeartbeatRequestData heartbeat(String group, GroupRequests.Member member) {
        return new ShareGroupHeartbeatRequestData()
                .setGroupId(group)
                .setMemberId(member.id())
                .setMemberEpoch(member.generation());
    }

    static GroupRequests.Member member(RawClient client, String group, String topic) throws Exception {
        ShareGroupHeartbeatResponseData response =
                (ShareGroupHeartbeatResponseData) client.ask(join(group, topic), (short) 1);
        assertThat(response.errorCode()).as(response.errorMessage()).isZero();
        return new GroupRequests.Member(response.memberId(), response.memberEpoch());
    }

    /** That asks for whatever is there at once, of partition 0. */
    static ShareFetchRequestData fetch(String group, String memberId, int epoch, Uuid topic) {
        ShareFetchRequestData request = new ShareFetchRequestData()
                .setGroupId(group)
                .setMemberId(memberId)
                .setShareSessionEpoch(epoch)
                .setMaxWaitMs(100)
                .setMinBytes(1)
                .setMaxBytes(1_000_000)
                .setMaxRecords(100)
                .setBatchSize(100);
        ShareFetchRequestData.FetchTopic asked = new ShareFetchRequestData.FetchTopic().setTopicId(topic);
        asked.partitions().add(new ShareFetchRequestData.FetchPartition().setPartitionIndex(0));
        request.topics().add(asked);
        return request;
    }

    /** With what is said of the first offset. */
    static ShareFetchRequestData acknowledging(ShareFetchRequestData request) {
        request.topics()
                .iterator()
                .next()
                .partitions()
                .iterator()
                .next()
                .setAcknowledgementBatches(List.of(new AcknowledgementBatch()
                        .setFirstOffset(0L)
                        .setLastOffset(0L)
                        .setAcknowledgeTypes(List.of(ACCEPT))));
        return request;
    }

    static ShareAcknowledgeRequestData acknowledge(
            String group, String memberId, int epoch, Uuid topic, int partition, long first, long last, byte type) {
        ShareAcknowledgeRequestData request = new ShareAcknowledgeRequestData()
                .setGroupId(group)
                .setMemberId(memberId)
                .setShareSessionEpoch(epoch);
        ShareAcknowledgeRequestData.AcknowledgeTopic told =
                new ShareAcknowledgeRequestData.AcknowledgeTopic().setTopicId(topic);
        told.partitions()
                .add(new ShareAcknowledgeRequestData.AcknowledgePartition()
                        .setPartitionIndex(partition)
                        .setAcknowledgementBatches(List.of(new ShareAcknowledgeRequestData.AcknowledgementBatch()
                                .setFirstOffset(first)
                                .setLastOffset(last)
                                .setAcknowledgeTypes(List.of(type)))));
        request.topics().add(told);
        return request;
    }

    static AlterShareGroupOffsetsRequestData alter(String group, String topic) {
        AlterShareGroupOffsetsRequestData request = new AlterShareGroupOffsetsRequestData().setGroupId(group);
        request.topics()
                .add(new AlterShareGroupOffsetsRequestTopic()
                        .setTopicName(topic)
                        .setPartitions(List.of(new AlterShareGroupOffsetsRequestPartition()
                                .setPartitionIndex(0)
                                .setStartOffset(0L))));
        return request;
    }

    static DeleteShareGroupOffsetsRequestData delete(String group, String topic) {
        return new DeleteShareGroupOffsetsRequestData()
                .setGroupId(group)
                .setTopics(List.of(new DeleteShareGroupOffsetsRequestTopic().setTopicName(topic)));
    }

    static DescribeShareGroupOffsetsRequestData describe(String group, String topic) {
        return new DescribeShareGroupOffsetsRequestData()
                .setGroups(List.of(new DescribeShareGroupOffsetsRequestGroup()
                        .setGroupId(group)
                        .setTopics(List.of(new DescribeShareGroupOffsetsRequestTopic()
                                .setTopicName(topic)
                                .setPartitions(List.of(0))))));
    }

    static InitializeShareGroupStateRequestData initialize(String group, Uuid topic, int stateEpoch) {
        return new InitializeShareGroupStateRequestData()
                .setGroupId(group)
                .setTopics(List.of(new InitializeShareGroupStateRequestData.InitializeStateData()
                        .setTopicId(topic)
                        .setPartitions(List.of(new InitializeShareGroupStateRequestData.PartitionData()
                                .setPartition(0)
                                .setStateEpoch(stateEpoch)
                                .setStartOffset(0L)))));
    }

    static ReadShareGroupStateRequestData read(String group, Uuid topic, int leaderEpoch) {
        return new ReadShareGroupStateRequestData()
                .setGroupId(group)
                .setTopics(List.of(new ReadShareGroupStateRequestData.ReadStateData()
                        .setTopicId(topic)
                        .setPartitions(List.of(new ReadShareGroupStateRequestData.PartitionData()
                                .setPartition(0)
                                .setLeaderEpoch(leaderEpoch)))));
    }

    static ReadShareGroupStateSummaryRequestData summarize(String group, Uuid topic, int leaderEpoch) {
        return new ReadShareGroupStateSummaryRequestData()
                .setGroupId(group)
                .setTopics(List.of(new ReadShareGroupStateSummaryRequestData.ReadStateSummaryData()
                        .setTopicId(topic)
                        .setPartitions(List.of(new ReadShareGroupStateSummaryRequestData.PartitionData()
                                .setPartition(0)
                                .setLeaderEpoch(leaderEpoch)))));
    }

    static WriteShareGroupStateRequestData write(String group, Uuid topic, int stateEpoch, int leaderEpoch) {
        return new WriteShareGroupStateRequestData()
                .setGroupId(group)
                .setTopics(List.of(new WriteShareGroupStateRequestData.WriteStateData()
                        .setTopicId(topic)
                        .setPartitions(List.of(new WriteShareGroupStateRequestData.PartitionData()
                                .setPartition(0)
                                .setStateEpoch(stateEpoch)
                                .setLeaderEpoch(leaderEpoch)
                                .setStartOffset(0L)))));
    }

    static DeleteShareGroupStateRequestData deleteState(String group, Uuid topic) {
        return new DeleteShareGroupStateRequestData()
                .setGroupId(group)
                .setTopics(List.of(new DeleteShareGroupStateRequestData.DeleteStateData()
                        .setTopicId(topic)
                        .setPartitions(List.of(new DeleteShareGroupStateRequestData.PartitionData().setPartition(0)))));
    }
}
