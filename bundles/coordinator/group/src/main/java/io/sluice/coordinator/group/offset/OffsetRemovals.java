package io.sluice.coordinator.group.offset;

import io.sluice.base.ErrorCode;
import io.sluice.base.TopicPartition;
import io.sluice.base.Uuid;
import io.sluice.coordinator.api.ListedGroup;
import io.sluice.coordinator.group.classic.ClassicGroup;
import io.sluice.coordinator.group.classic.ClassicGroups;
import io.sluice.coordinator.group.classic.GroupState;
import io.sluice.coordinator.group.consumer.ConsumerGroup;
import io.sluice.coordinator.group.consumer.ConsumerGroups;
import io.sluice.coordinator.group.kind.HostedKind;
import io.sluice.coordinator.group.kind.HostedKinds;
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
import org.jspecify.annotations.Nullable;

/** How offsets and groups go: by request, with their topic or group, and with time (KIP-211). For one state machine. */
public final class OffsetRemovals {
    private static final int TOMBSTONES_MAX = 1_000;
    private static final Object RETENTION_TIMER = "offset retention";

    private final ClassicGroups groups;
    private final ConsumerGroups consumerGroups;
    private final HostedKinds kinds;
    private final OffsetRights rights;
    private final OffsetTable offsets;
    private final Timers<GroupRecord> timers;
    private final Supplier<OffsetLimits> limits;

    public OffsetRemovals(
            ClassicGroups groups,
            ConsumerGroups consumerGroups,
            HostedKinds kinds,
            OffsetRights rights,
            OffsetTable offsets,
            Timers<GroupRecord> timers,
            Supplier<OffsetLimits> limits) {
        this.groups = groups;
        this.consumerGroups = consumerGroups;
        this.kinds = kinds;
        this.rights = rights;
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
            expire(turn, groupId, (partition, offset) -> isExpired(group, partition, offset, turn.nowMs()));
            if (group.is(GroupState.EMPTY) && offsets.isEmpty(groupId)) {
                turn.write(List.of(new GroupMetadataRecord(groupId, null)));
            }
        }
        for (String groupId : consumerGroups.ids()) {
            ConsumerGroup group = consumerGroups.find(groupId);
            if (group == null) {
                continue;
            }
            expireUnused(turn, groupId);
            if (group.isEmpty() && offsets.isEmpty(groupId)) {
                turn.write(consumerGroups.tombstones(group));
            }
        }
        for (HostedKind<?> kind : kinds.all()) {
            for (ListedGroup group : List.copyOf(kind.state().list())) {
                expireUnused(turn, group.groupId());
                if (offsets.isEmpty(group.groupId())) {
                    kind.state().expire(kind.narrow(turn), group.groupId());
                }
            }
        }
    }

    /** The offsets of topics that nobody in the group subscribes to count from their commit. */
    private void expireUnused(Turn<GroupRecord> turn, String groupId) {
        Predicate<String> subscription = rights.subscription(groupId);
        long beforeMs = turn.nowMs() - limits.get().retentionMs();
        expire(
                turn,
                groupId,
                (partition, offset) -> offset.commitTimestampMs() <= beforeMs && !subscription.test(partition.topic()));
    }

    /** What a transaction may still change stays. */
    private void expire(Turn<GroupRecord> turn, String groupId, BiPredicate<TopicPartition, CommittedOffset> expired) {
        write(
                turn,
                offsets.tombstones(
                        groupId,
                        (partition, offset) ->
                                expired.test(partition, offset) && !offsets.isPending(groupId, partition)));
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
                            && (offset == null || offset.topicId().isZero() || topics.containsKey(offset.topicId())));
        }
        kinds.topicsDeleted(turn, topics);
    }

    /** Removes a group that has no members, with its offsets. */
    public void deleteGroup(Turn<GroupRecord> turn, String groupId, Reply<ErrorCode> reply) {
        HostedKind<?> kind = kinds.of(groupId);
        if (kind != null) {
            kind.state().delete(kind.narrow(turn), groupId, reply);
            return;
        }
        turn.answer(reply, deleteOwnGroup(turn, groupId));
    }

    private ErrorCode deleteOwnGroup(Turn<GroupRecord> turn, String groupId) {
        ConsumerGroup consumerGroup = consumerGroups.find(groupId);
        ClassicGroup group = groups.find(groupId);
        if (consumerGroup == null && group == null) {
            return ErrorCode.GROUP_ID_NOT_FOUND;
        }
        boolean empty = consumerGroup == null ? group != null && group.is(GroupState.EMPTY) : consumerGroup.isEmpty();
        if (!empty) {
            return ErrorCode.NON_EMPTY_GROUP;
        }
        forgetAll(turn, groupId);
        turn.write(
                consumerGroup == null
                        ? List.of(new GroupMetadataRecord(groupId, null))
                        : consumerGroups.tombstones(consumerGroup));
        return ErrorCode.NONE;
    }

    /** Removes all that is committed in a group, or waits for the end of a transaction. */
    public void forgetAll(Turn<GroupRecord> turn, String groupId) {
        forget(turn, groupId, (partition, offset) -> true);
    }

    public void deleteOffsets(Turn<GroupRecord> turn, OffsetDeleteRequest request, Reply<OffsetDeleteResponse> reply) {
        ErrorCode refusal = rights.mayDelete(request.groupId());
        if (refusal != ErrorCode.NONE) {
            turn.answer(reply, new OffsetDeleteResponse().setErrorCode(refusal.code()));
            return;
        }
        deleteOffsets(turn, request, rights.subscription(request.groupId()), reply);
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
            boolean present = offsets.find(groupId, target) != null || offsets.isPending(groupId, target);
            if (!subscribed && present) {
                tombstones.add(new OffsetRecord(groupId, target, null));
            }
            partitions.add(new OffsetDeleteResponsePartition()
                    .setPartitionIndex(partition.partitionIndex())
                    .setErrorCode((subscribed ? ErrorCode.GROUP_SUBSCRIBED_TO_TOPIC : ErrorCode.NONE).code()));
        }
        return new OffsetDeleteResponseTopic().setName(topic.name()).setPartitions(partitions);
    }

    private void forget(
            Turn<GroupRecord> turn, String groupId, BiPredicate<TopicPartition, @Nullable CommittedOffset> chosen) {
        write(turn, offsets.allTombstones(groupId, chosen));
    }

    private static void write(Turn<GroupRecord> turn, List<OffsetRecord> tombstones) {
        for (int from = 0; from < tombstones.size(); from += TOMBSTONES_MAX) {
            int to = Math.min(from + TOMBSTONES_MAX, tombstones.size());
            turn.write(List.copyOf(tombstones.subList(from, to)));
        }
    }
}
