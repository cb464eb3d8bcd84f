package io.sluice.coordinator.group.handler;

import io.sluice.protocol.message.OffsetFetchRequest;
import io.sluice.protocol.message.OffsetFetchRequest.OffsetFetchRequestGroup;
import io.sluice.protocol.message.OffsetFetchRequest.OffsetFetchRequestTopic;
import io.sluice.protocol.message.OffsetFetchRequest.OffsetFetchRequestTopics;
import io.sluice.protocol.message.OffsetFetchResponse;
import io.sluice.protocol.message.OffsetFetchResponse.OffsetFetchResponseGroup;
import io.sluice.protocol.message.OffsetFetchResponse.OffsetFetchResponsePartition;
import io.sluice.protocol.message.OffsetFetchResponse.OffsetFetchResponsePartitions;
import io.sluice.protocol.message.OffsetFetchResponse.OffsetFetchResponseTopic;
import io.sluice.protocol.message.OffsetFetchResponse.OffsetFetchResponseTopics;
import java.util.ArrayList;
import java.util.List;

/** OffsetFetch up to version 7, in terms of the later versions. */
final class SingleGroupFetch {
    private static final short FIRST_VERSION_WITH_GROUP_ERROR = 2;

    private SingleGroupFetch() {}

    static OffsetFetchRequestGroup widen(OffsetFetchRequest request) {
        OffsetFetchRequestGroup group = new OffsetFetchRequestGroup().setGroupId(request.groupId());
        List<OffsetFetchRequestTopic> narrow = request.topics();
        if (narrow == null) {
            return group.setTopics(null);
        }
        List<OffsetFetchRequestTopics> topics = new ArrayList<>(narrow.size());
        for (OffsetFetchRequestTopic topic : narrow) {
            topics.add(
                    new OffsetFetchRequestTopics().setName(topic.name()).setPartitionIndexes(topic.partitionIndexes()));
        }
        return group.setTopics(topics);
    }

    /** The oldest versions know errors of partitions only: there the group's is repeated for each that was asked for. */
    static OffsetFetchResponse narrow(OffsetFetchResponseGroup found, OffsetFetchRequestGroup asked, short version) {
        if (found.errorCode() != 0 && version < FIRST_VERSION_WITH_GROUP_ERROR) {
            return new OffsetFetchResponse().setTopics(refused(asked, found.errorCode()));
        }
        List<OffsetFetchResponseTopic> topics = new ArrayList<>(found.topics().size());
        for (OffsetFetchResponseTopics topic : found.topics()) {
            List<OffsetFetchResponsePartition> partitions =
                    new ArrayList<>(topic.partitions().size());
            for (OffsetFetchResponsePartitions partition : topic.partitions()) {
                partitions.add(new OffsetFetchResponsePartition()
                        .setPartitionIndex(partition.partitionIndex())
                        .setCommittedOffset(partition.committedOffset())
                        .setCommittedLeaderEpoch(partition.committedLeaderEpoch())
                        .setMetadata(partition.metadata())
                        .setErrorCode(partition.errorCode()));
            }
            topics.add(new OffsetFetchResponseTopic().setName(topic.name()).setPartitions(partitions));
        }
        return new OffsetFetchResponse().setTopics(topics).setErrorCode(found.errorCode());
    }

    private static List<OffsetFetchResponseTopic> refused(OffsetFetchRequestGroup asked, short error) {
        List<OffsetFetchResponseTopic> topics = new ArrayList<>();
        List<OffsetFetchRequestTopics> wanted = asked.topics() == null ? List.of() : asked.topics();
        for (OffsetFetchRequestTopics topic : wanted) {
            List<OffsetFetchResponsePartition> partitions = new ArrayList<>();
            for (int partition : topic.partitionIndexes()) {
                partitions.add(new OffsetFetchResponsePartition()
                        .setPartitionIndex(partition)
                        .setCommittedOffset(-1L)
                        .setMetadata("")
                        .setErrorCode(error));
            }
            topics.add(new OffsetFetchResponseTopic().setName(topic.name()).setPartitions(partitions));
        }
        return topics;
    }
}
