package io.sluice.coordinator.group.offset;

import io.sluice.base.ErrorCode;
import io.sluice.base.TopicPartition;
import io.sluice.base.Uuid;
import io.sluice.coordinator.group.classic.ClassicGroup;
import io.sluice.coordinator.group.classic.ClassicGroups;
import io.sluice.coordinator.group.classic.GroupState;
import io.sluice.coordinator.group.consumer.ConsumerGroup;
import io.sluice.coordinator.group.consumer.ConsumerGroups;
import io.sluice.coordinator.group.record.CommittedOffset;
import io.sluice.coordinator.group.record.GroupMetadataRecord;
import io.sluice.coordinator.group.record.GroupRecord;
import io.sluice.coordinator.group.record.OffsetRecord;
import io.sluice.coordinator.runtime.Reply;
import io.sluice.coordinator.runtime.Timers;
import io.sluice.coordinator.runtime.Turn;
import io.sluice.protocol.message.OffsetDeleteRequest;
import io.sluice.protocol.message.OffsetDeleteRequest.OffsetDeleteRequestPartition;
import io.sluice.protocol.message.OffsetDeleteRequest.OffsetDeleteRequestTopic;
import io.sluice.protocol.message.OffsetDeleteResponse;
import io.sluice.protocol.message.OffsetDeleteResponse.OffsetDeleteResponsePartition;
import io.sluice.protocol.message.OffsetDeleteResponse.OffsetDeleteResponseTopic;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** How offsets and groups go: by request, with their topic or group, and with time (KIP-211). For one state machine. */
public final class OffsetRemovals {
    private static final int TOMBSTONES_MAX = 1_000;
    private static final Object RETENTION_TIMER = "offset retention";

    private final ClassicGroups groups;
    private final ConsumerGroups consumerGroups;
    private final OffsetTable offsets;
    private final Timers<GroupRecord> timers;
    private final Supplier<OffsetLimits> limits;

    public OffsetRemovals(
            ClassicGroups groups,
            ConsumerGroups consumerGroups,
            OffsetTable offsets,
            Timers<GroupRecord> timers,
            Supplier<OffsetLimits> limits) {
        this.groups = groups;
        this.consumerGroups = consumerGroups;
        this.offsets = offsets;
        this.timers = timers;
        this.limits = limits;
    }

    /** Begins to look for what has expired, again and again. */
    public void begin() {
        timers.set(RETENTION_TIMER, limits.get().retentionCheckIntervalMs(), turn -> {
            expire(turn);
            begin();
        });
    }

    private void expire(Turn<GroupRecord> turn) {
        for (String groupId : groups.ids()) {
            ClassicGroup group = groups.find(groupId);
            if (group == null) {
                continue;
            }
            forget(turn, groupId, (partition, offset) -> isExpired(group, partition, offset, turn.nowMs()));
            if (group.is(GroupState.EMPTY) && offsets.of(groupId).isEmpty()) {
                turn.write(List.of(new GroupMetadataRecord(groupId, null)));
            }
        }
        for (String groupId : consumerGroups.ids()) {
            ConsumerGroup group = consumerGroups.find(groupId);
            if (group == null) {
                continue;
            }
            forget(turn, groupId, (partition, offset) -> isExpired(group, partition, offset, turn.nowMs()));
            if (group.isEmpty() && offsets.of(groupId).isEmpty()) {
                turn.write(consumerGroups.tombstones(group));
            }
        }
    }

    /** The offsets of topics that nobody in the group subscribes to count from their commit. */
    private boolean isExpired(ConsumerGroup group, TopicPartition partition, CommittedOffset offset, long nowMs) {
        return !group.isSubscribedTo(partition.topic())
                && nowMs - offset.commitTimestampMs() >= limits.get().retentionMs();
    }

    /**
     * A group without members keeps its offsets for the retention time after the last member left; a simple consumer's offsets count from their
     * commit, and so do those of topics to which a stable consumer group is no longer subscribed.
     */
    private boolean isExpired(ClassicGroup group, TopicPartition partition, CommittedOffset offset, long nowMs) {
        long sinceMs;
        if (group.isSubscribedTo(partition.topic())) {
            return false;
        } else if (group.protocolType() == null) {
            sinceMs = offset.commitTimestampMs();
        } else if (group.is(GroupState.EMPTY)) {
            sinceMs = group.stateSinceMs() < 0L ? offset.commitTimestampMs() : group.stateSinceMs();
        } else if (group.is(GroupState.STABLE) && group.isConsumerGroup() && group.knowsSubscribedTopics()) {
            sinceMs = offset.commitTimestampMs();
        } else {
            return false;
        }
        return offset.expireTimestampMs() >= 0L
                ? nowMs >= offset.expireTimestampMs()
                : nowMs - sinceMs >= limits.get().retentionMs();
    }

    /** Topics are gone, and with them what was committed for them. */
    public void topicsDeleted(Turn<GroupRecord> turn, Map<Uuid, String> topics) {
        for (String groupId : offsets.groupIds()) {
            forget(
                    turn,
                    groupId,
                    (partition, offset) -> topics.containsValue(partition.topic())
                            && (offset.topicId().isZero() || topics.containsKey(offset.topicId())));
        }
    }

    /** Removes a group that has no members, with its offsets. */
    public ErrorCode deleteGroup(Turn<GroupRecord> turn, String groupId) {
        ConsumerGroup consumerGroup = consumerGroups.find(groupId);
        if (consumerGroup != null) {
            return deleteGroup(turn, consumerGroup);
        }
        ClassicGroup group = groups.find(groupId);
        if (group == null) {
            return ErrorCode.GROUP_ID_NOT_FOUND;
        }
        if (!group.is(GroupState.EMPTY)) {
            return ErrorCode.NON_EMPTY_GROUP;
        }
        forget(turn, groupId, (partition, offset) -> true);
        turn.write(List.of(new GroupMetadataRecord(groupId, null)));
        return ErrorCode.NONE;
    }

    private ErrorCode deleteGroup(Turn<GroupRecord> turn, ConsumerGroup group) {
        if (!group.isEmpty()) {
            return ErrorCode.NON_EMPTY_GROUP;
        }
        forget(turn, group.groupId(), (partition, offset) -> true);
        turn.write(consumerGroups.tombstones(group));
        return ErrorCode.NONE;
    }

    public void deleteOffsets(Turn<GroupRecord> turn, OffsetDeleteRequest request, Reply<OffsetDeleteResponse> reply) {
        ConsumerGroup consumerGroup = consumerGroups.find(request.groupId());
        if (consumerGroup != null) {
            deleteOffsets(turn, request, consumerGroup::isSubscribedTo, reply);
            return;
        }
        ClassicGroup group = groups.find(request.groupId());
        if (group == null) {
            turn.answer(reply, new OffsetDeleteResponse().setErrorCode(ErrorCode.GROUP_ID_NOT_FOUND.code()));
            return;
        }
        if (!group.is(GroupState.EMPTY) && !group.isConsumerGroup()) {
            turn.answer(reply, new OffsetDeleteResponse().setErrorCode(ErrorCode.NON_EMPTY_GROUP.code()));
            return;
        }
        deleteOffsets(turn, request, group::isSubscribedTo, reply);
    }

    private void deleteOffsets(
            Turn<GroupRecord> turn,
            OffsetDeleteRequest request,
            Predicate<String> isSubscribedTo,
            Reply<OffsetDeleteResponse> reply) {
        List<OffsetRecord> tombstones = new ArrayList<>();
        List<OffsetDeleteResponseTopic> topics =
                new ArrayList<>(request.topics().size());
        for (OffsetDeleteRequestTopic topic : request.topics()) {
            topics.add(delete(request.groupId(), topic, isSubscribedTo.test(topic.name()), tombstones));
        }
        write(turn, tombstones);
        turn.answer(reply, new OffsetDeleteResponse().setTopics(topics));
    }

    private OffsetDeleteResponseTopic delete(
            String groupId, OffsetDeleteRequestTopic topic, boolean subscribed, List<OffsetRecord> tombstones) {
        List<OffsetDeleteResponsePartition> partitions =
                new ArrayList<>(topic.partitions().size());
        for (OffsetDeleteRequestPartition partition : topic.partitions()) {
            TopicPartition target = new TopicPartition(topic.name(), partition.partitionIndex());
            if (!subscribed && offsets.find(groupId, target) != null) {
                tombstones.add(new OffsetRecord(groupId, target, null));
            }
            partitions.add(new OffsetDeleteResponsePartition()
                    .setPartitionIndex(partition.partitionIndex())
                    .setErrorCode((subscribed ? ErrorCode.GROUP_SUBSCRIBED_TO_TOPIC : ErrorCode.NONE).code()));
        }
        return new OffsetDeleteResponseTopic().setName(topic.name()).setPartitions(partitions);
    }

    private void forget(Turn<GroupRecord> turn, String groupId, BiPredicate<TopicPartition, CommittedOffset> chosen) {
        write(turn, offsets.tombstones(groupId, chosen));
    }

    private static void write(Turn<GroupRecord> turn, List<OffsetRecord> tombstones) {
        for (int from = 0; from < tombstones.size(); from += TOMBSTONES_MAX) {
            int to = Math.min(from + TOMBSTONES_MAX, tombstones.size());
            turn.write(List.copyOf(tombstones.subList(from, to)));
        }
    }
}
