package io.sluice.coordinator.group.offset;

import io.sluice.base.ErrorCode;
import io.sluice.base.TopicIdPartition;
import io.sluice.base.TopicPartition;
import io.sluice.coordinator.api.CommitClaim;
import io.sluice.coordinator.group.classic.ClassicGroup;
import io.sluice.coordinator.group.classic.ClassicGroups;
import io.sluice.coordinator.group.classic.Member;
import io.sluice.coordinator.group.classic.Membership;
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
 * OffsetCommit, for whoever has the right to. For one state machine.
 *
 * <p>The topics of a request have both name and id, as far as there is one, when it comes here.
 */
public final class OffsetCommits {
    private final ClassicGroups groups;
    private final OffsetRights rights;
    private final Membership membership;
    private final Supplier<OffsetLimits> limits;

    public OffsetCommits(
            ClassicGroups groups, OffsetRights rights, Membership membership, Supplier<OffsetLimits> limits) {
        this.groups = groups;
        this.rights = rights;
        this.membership = membership;
        this.limits = limits;
    }

    public void commit(
            Turn<GroupRecord> turn, OffsetCommitRequest request, short version, Reply<OffsetCommitResponse> reply) {
        ErrorCode refusal = rights.mayCommit(claim(request, version));
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

    private static CommitClaim claim(OffsetCommitRequest request, short version) {
        List<TopicIdPartition> partitions = new ArrayList<>();
        for (OffsetCommitRequestTopic topic : request.topics()) {
            for (OffsetCommitRequestPartition partition : topic.partitions()) {
                partitions.add(new TopicIdPartition(topic.topicId(), topic.name(), partition.partitionIndex()));
            }
        }
        return new CommitClaim(
                request.groupId(),
                request.memberId(),
                request.groupInstanceId(),
                request.generationIdOrMemberEpoch(),
                false,
                version,
                partitions);
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
