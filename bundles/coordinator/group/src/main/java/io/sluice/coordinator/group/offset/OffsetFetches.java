package io.sluice.coordinator.group.offset;

import io.sluice.base.ErrorCode;
import io.sluice.base.TopicPartition;
import io.sluice.base.Uuid;
import io.sluice.coordinator.group.record.CommittedOffset;
import io.sluice.protocol.message.OffsetFetchRequest.OffsetFetchRequestGroup;
import io.sluice.protocol.message.OffsetFetchRequest.OffsetFetchRequestTopics;
import io.sluice.protocol.message.OffsetFetchResponse.OffsetFetchResponseGroup;
import io.sluice.protocol.message.OffsetFetchResponse.OffsetFetchResponsePartitions;
import io.sluice.protocol.message.OffsetFetchResponse.OffsetFetchResponseTopics;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * OffsetFetch for one group: what nobody committed is told as -1, for a group that does not exist too. Whoever wants stable offsets (KIP-447) is told
 * to come again for those that a transaction may still change.
 */
public final class OffsetFetches {
    private static final long NO_OFFSET = -1L;
    private static final int NO_EPOCH = -1;

    private final OffsetRights rights;
    private final OffsetTable offsets;

    public OffsetFetches(OffsetRights rights, OffsetTable offsets) {
        this.rights = rights;
        this.offsets = offsets;
    }

    /** Answers for the topics asked for, or for all when these are null. */
    public OffsetFetchResponseGroup fetch(OffsetFetchRequestGroup request, boolean stable) {
        ErrorCode refusal = rights.mayFetch(request);
        if (refusal != ErrorCode.NONE && refusal != ErrorCode.GROUP_ID_NOT_FOUND) {
            return new OffsetFetchResponseGroup().setGroupId(request.groupId()).setErrorCode(refusal.code());
        }
        List<OffsetFetchRequestTopics> topics = request.topics();
        List<OffsetFetchResponseTopics> found =
                topics == null ? all(request.groupId(), stable) : named(request.groupId(), topics, stable);
        return new OffsetFetchResponseGroup().setGroupId(request.groupId()).setTopics(found);
    }

    private List<OffsetFetchResponseTopics> named(
            String groupId, List<OffsetFetchRequestTopics> topics, boolean stable) {
        List<OffsetFetchResponseTopics> found = new ArrayList<>(topics.size());
        for (OffsetFetchRequestTopics topic : topics) {
            List<OffsetFetchResponsePartitions> partitions =
                    new ArrayList<>(topic.partitionIndexes().size());
            for (int partition : topic.partitionIndexes()) {
                TopicPartition place = new TopicPartition(topic.name(), partition);
                CommittedOffset offset = offsets.find(groupId, place);
                partitions.add(
                        stable && offsets.isPending(groupId, place)
                                ? unstable(partition)
                                : told(partition, isOf(offset, topic.topicId()) ? offset : null));
            }
            found.add(new OffsetFetchResponseTopics()
                    .setName(topic.name())
                    .setTopicId(topic.topicId())
                    .setPartitions(partitions));
        }
        return found;
    }

    /** An offset of a topic that was deleted and made again under the same name does not count. */
    private static boolean isOf(@Nullable CommittedOffset offset, Uuid topicId) {
        return offset == null
                || topicId.isZero()
                || offset.topicId().isZero()
                || offset.topicId().equals(topicId);
    }

    private List<OffsetFetchResponseTopics> all(String groupId, boolean stable) {
        Map<String, OffsetFetchResponseTopics> byTopic = new LinkedHashMap<>();
        offsets.of(groupId).forEach((partition, offset) -> byTopic.computeIfAbsent(
                        partition.topic(), name -> new OffsetFetchResponseTopics()
                                .setName(name)
                                .setTopicId(offset.topicId())
                                .setPartitions(new ArrayList<>()))
                .partitions()
                .add(
                        stable && offsets.isPending(groupId, partition)
                                ? unstable(partition.partition())
                                : told(partition.partition(), offset)));
        return new ArrayList<>(byTopic.values());
    }

    private static OffsetFetchResponsePartitions unstable(int partition) {
        return told(partition, null).setErrorCode(ErrorCode.UNSTABLE_OFFSET_COMMIT.code());
    }

    private static OffsetFetchResponsePartitions told(int partition, @Nullable CommittedOffset offset) {
        return new OffsetFetchResponsePartitions()
                .setPartitionIndex(partition)
                .setCommittedOffset(offset == null ? NO_OFFSET : offset.offset())
                .setCommittedLeaderEpoch(offset == null ? NO_EPOCH : offset.leaderEpoch())
                .setMetadata(offset == null ? "" : offset.metadata());
    }
}
