package io.sluice.coordinator.group.offset;

import io.sluice.base.ErrorCode;
import io.sluice.base.TopicPartition;
import io.sluice.coordinator.group.classic.ClassicGroup;
import io.sluice.coordinator.group.classic.ClassicGroups;
import io.sluice.coordinator.group.classic.GroupState;
import io.sluice.coordinator.group.classic.Member;
import io.sluice.coordinator.group.classic.Membership;
import io.sluice.coordinator.group.consumer.CommitRights;
import io.sluice.coordinator.group.consumer.ConsumerGroup;
import io.sluice.coordinator.group.consumer.ConsumerGroups;
import io.sluice.coordinator.group.record.CommittedOffset;
import io.sluice.coordinator.group.record.GroupRecord;
import io.sluice.coordinator.group.record.OffsetRecord;
import io.sluice.coordinator.runtime.Reply;
import io.sluice.coordinator.runtime.Turn;
import io.sluice.protocol.message.OffsetCommitRequest;
import io.sluice.protocol.message.OffsetCommitRequest.OffsetCommitRequestPartition;
import io.sluice.protocol.message.OffsetCommitRequest.OffsetCommitRequestTopic;
import io.sluice.protocol.message.OffsetCommitResponse;
import io.sluice.protocol.message.OffsetCommitResponse.OffsetCommitResponsePartition;
import io.sluice.protocol.message.OffsetCommitResponse.OffsetCommitResponseTopic;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * OffsetCommit: by members of the present generation, and by anybody into a group that has no members. For one state machine.
 *
 * <p>The topics of a request have both name and id, as far as there is one, when it comes here.
 */
public final class OffsetCommits {
    private static final short FIRST_VERSION_WITH_GROUP_NOT_FOUND = 9;

    private final ClassicGroups groups;
    private final ConsumerGroups consumerGroups;
    private final Membership membership;
    private final Supplier<OffsetLimits> limits;

    public OffsetCommits(
            ClassicGroups groups, ConsumerGroups consumerGroups, Membership membership, Supplier<OffsetLimits> limits) {
        this.groups = groups;
        this.consumerGroups = consumerGroups;
        this.membership = membership;
        this.limits = limits;
    }

    public void commit(
            Turn<GroupRecord> turn, OffsetCommitRequest request, short version, Reply<OffsetCommitResponse> reply) {
        ErrorCode refusal = refusal(request, version);
        if (refusal != ErrorCode.NONE) {
            turn.answer(reply, refused(request, refusal));
            return;
        }
        keepAlive(request);
        List<GroupRecord> records = new ArrayList<>();
        List<OffsetCommitResponseTopic> topics =
                new ArrayList<>(request.topics().size());
        for (OffsetCommitRequestTopic topic : request.topics()) {
            List<OffsetCommitResponsePartition> partitions =
                    new ArrayList<>(topic.partitions().size());
            for (OffsetCommitRequestPartition partition : topic.partitions()) {
                partitions.add(new OffsetCommitResponsePartition()
                        .setPartitionIndex(partition.partitionIndex())
                        .setErrorCode(
                                decide(turn, request, topic, partition, records).code()));
            }
            topics.add(new OffsetCommitResponseTopic()
                    .setName(topic.name())
                    .setTopicId(topic.topicId())
                    .setPartitions(partitions));
        }
        if (turn.write(records)) {
            turn.answer(reply, new OffsetCommitResponse().setTopics(topics));
        } else {
            turn.answer(reply, refused(request, ErrorCode.INVALID_COMMIT_OFFSET_SIZE));
        }
    }

    private ErrorCode decide(
            Turn<GroupRecord> turn,
            OffsetCommitRequest request,
            OffsetCommitRequestTopic topic,
            OffsetCommitRequestPartition partition,
            List<GroupRecord> records) {
        String metadata = partition.committedMetadata() == null ? "" : partition.committedMetadata();
        if (metadata.length() > limits.get().metadataBytesMax()) {
            return ErrorCode.OFFSET_METADATA_TOO_LARGE;
        }
        long retentionMs = request.retentionTimeMs();
        records.add(new OffsetRecord(
                request.groupId(),
                new TopicPartition(topic.name(), partition.partitionIndex()),
                new CommittedOffset(
                        partition.committedOffset(),
                        partition.committedLeaderEpoch(),
                        metadata,
                        turn.nowMs(),
                        retentionMs < 0L ? -1L : turn.nowMs() + retentionMs,
                        topic.topicId())));
        return ErrorCode.NONE;
    }

    private ErrorCode refusal(OffsetCommitRequest request, short version) {
        ConsumerGroup consumerGroup = consumerGroups.find(request.groupId());
        if (consumerGroup != null) {
            return CommitRights.mayCommit(consumerGroup, request, version);
        }
        ClassicGroup group = groups.find(request.groupId());
        int generation = request.generationIdOrMemberEpoch();
        if (group == null) {
            if (generation < 0 && !groups.isReserved(request.groupId())) {
                return ErrorCode.NONE;
            }
            return version < FIRST_VERSION_WITH_GROUP_NOT_FOUND
                    ? ErrorCode.ILLEGAL_GENERATION
                    : ErrorCode.GROUP_ID_NOT_FOUND;
        }
        if (generation < 0 && group.is(GroupState.EMPTY)) {
            return ErrorCode.NONE;
        }
        if (generation < 0 && request.memberId().isEmpty() && request.groupInstanceId() == null) {
            return ErrorCode.UNKNOWN_MEMBER_ID;
        }
        ErrorCode invalid = group.validate(request.memberId(), request.groupInstanceId());
        if (invalid != ErrorCode.NONE) {
            return invalid;
        }
        if (generation != group.generation()) {
            return ErrorCode.ILLEGAL_GENERATION;
        }
        return group.is(GroupState.COMPLETING_REBALANCE) ? ErrorCode.REBALANCE_IN_PROGRESS : ErrorCode.NONE;
    }

    /** A commit shows that the member is alive. */
    private void keepAlive(OffsetCommitRequest request) {
        ClassicGroup group = groups.find(request.groupId());
        Member member = group == null ? null : group.member(request.memberId());
        if (group != null && member != null) {
            membership.renewSession(group, member);
        }
    }

    /** The same error for every partition. */
    public static OffsetCommitResponse refused(OffsetCommitRequest request, ErrorCode error) {
        List<OffsetCommitResponseTopic> topics =
                new ArrayList<>(request.topics().size());
        for (OffsetCommitRequestTopic topic : request.topics()) {
            topics.add(refused(topic, error));
        }
        return new OffsetCommitResponse().setTopics(topics);
    }

    /** The same error for every partition of a topic. */
    public static OffsetCommitResponseTopic refused(OffsetCommitRequestTopic topic, ErrorCode error) {
        List<OffsetCommitResponsePartition> partitions =
                new ArrayList<>(topic.partitions().size());
        for (OffsetCommitRequestPartition partition : topic.partitions()) {
            partitions.add(new OffsetCommitResponsePartition()
                    .setPartitionIndex(partition.partitionIndex())
                    .setErrorCode(error.code()));
        }
        return new OffsetCommitResponseTopic()
                .setName(topic.name())
                .setTopicId(topic.topicId())
                .setPartitions(partitions);
    }
}
