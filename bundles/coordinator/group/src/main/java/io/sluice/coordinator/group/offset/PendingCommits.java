package io.sluice.coordinator.group.offset;

import io.sluice.base.ErrorCode;
import io.sluice.base.TopicIdPartition;
import io.sluice.base.TopicPartition;
import io.sluice.coordinator.api.CommitClaim;
import io.sluice.coordinator.group.record.CommittedOffset;
import io.sluice.coordinator.group.record.GroupRecord;
import io.sluice.coordinator.group.record.OffsetRecord;
import io.sluice.coordinator.runtime.Reply;
import io.sluice.coordinator.runtime.Turn;
import io.sluice.protocol.message.TxnOffsetCommitRequest;
import io.sluice.protocol.message.TxnOffsetCommitRequest.TxnOffsetCommitRequestPartition;
import io.sluice.protocol.message.TxnOffsetCommitRequest.TxnOffsetCommitRequestTopic;
import io.sluice.protocol.message.TxnOffsetCommitResponse;
import io.sluice.protocol.message.TxnOffsetCommitResponse.TxnOffsetCommitResponsePartition;
import io.sluice.protocol.message.TxnOffsetCommitResponse.TxnOffsetCommitResponseTopic;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * TxnOffsetCommit (KIP-98, KIP-447): offsets that count when the producer's transaction is committed. For one state machine.
 *
 * <p>The topics of a request have both name and id, as far as there is one, when it comes here.
 */
public final class PendingCommits {
    private final OffsetRights rights;
    private final Supplier<OffsetLimits> limits;

    public PendingCommits(OffsetRights rights, Supplier<OffsetLimits> limits) {
        this.rights = rights;
        this.limits = limits;
    }

    /** @param guard what the log gave for the producer before its transaction's coordinator was asked */
    public void commit(
            Turn<GroupRecord> turn,
            TxnOffsetCommitRequest request,
            short version,
            long guard,
            Reply<TxnOffsetCommitResponse> reply) {
        ErrorCode refusal = rights.mayCommit(claim(request, version));
        if (refusal != ErrorCode.NONE) {
            turn.answer(reply, refused(request, refusal));
            return;
        }
        List<GroupRecord> records = new ArrayList<>();
        List<TxnOffsetCommitResponseTopic> topics =
                new ArrayList<>(request.topics().size());
        for (TxnOffsetCommitRequestTopic topic : request.topics()) {
            List<TxnOffsetCommitResponsePartition> partitions =
                    new ArrayList<>(topic.partitions().size());
            for (TxnOffsetCommitRequestPartition partition : topic.partitions()) {
                partitions.add(new TxnOffsetCommitResponsePartition()
                        .setPartitionIndex(partition.partitionIndex())
                        .setErrorCode(decide(turn.nowMs(), request.groupId(), topic, partition, records)
                                .code()));
            }
            topics.add(new TxnOffsetCommitResponseTopic()
                    .setName(topic.name())
                    .setTopicId(topic.topicId())
                    .setPartitions(partitions));
        }
        ErrorCode error = turn.writePending(request.producerId(), request.producerEpoch(), guard, records);
        turn.answer(
                reply,
                error == ErrorCode.NONE
                        ? new TxnOffsetCommitResponse().setTopics(topics)
                        : refused(request, coordinatorError(error)));
    }

    private ErrorCode decide(
            long nowMs,
            String groupId,
            TxnOffsetCommitRequestTopic topic,
            TxnOffsetCommitRequestPartition partition,
            List<GroupRecord> records) {
        String metadata = partition.committedMetadata() == null ? "" : partition.committedMetadata();
        if (metadata.length() > limits.get().metadataBytesMax()) {
            return ErrorCode.OFFSET_METADATA_TOO_LARGE;
        }
        records.add(new OffsetRecord(
                groupId,
                new TopicPartition(topic.name(), partition.partitionIndex()),
                new CommittedOffset(
                        partition.committedOffset(),
                        partition.committedLeaderEpoch(),
                        metadata,
                        nowMs,
                        -1L,
                        topic.topicId())));
        return ErrorCode.NONE;
    }

    private static CommitClaim claim(TxnOffsetCommitRequest request, short version) {
        List<TopicIdPartition> partitions = new ArrayList<>();
        for (TxnOffsetCommitRequestTopic topic : request.topics()) {
            for (TxnOffsetCommitRequestPartition partition : topic.partitions()) {
                partitions.add(new TopicIdPartition(topic.topicId(), topic.name(), partition.partitionIndex()));
            }
        }
        return new CommitClaim(
                request.groupId(),
                request.memberId(),
                request.groupInstanceId(),
                request.generationIdOrMemberEpoch(),
                true,
                version,
                partitions);
    }

    /** What an append that was refused means to the client of a coordinator. */
    private static ErrorCode coordinatorError(ErrorCode error) {
        return switch (error) {
            case UNKNOWN_TOPIC_OR_PARTITION, NOT_ENOUGH_REPLICAS, REQUEST_TIMED_OUT ->
                ErrorCode.COORDINATOR_NOT_AVAILABLE;
            case NOT_LEADER_OR_FOLLOWER, KAFKA_STORAGE_ERROR, FENCED_LEADER_EPOCH -> ErrorCode.NOT_COORDINATOR;
            case MESSAGE_TOO_LARGE, RECORD_LIST_TOO_LARGE -> ErrorCode.INVALID_COMMIT_OFFSET_SIZE;
            default -> error;
        };
    }

    /** The same error for every partition. */
    public static TxnOffsetCommitResponse refused(TxnOffsetCommitRequest request, ErrorCode error) {
        List<TxnOffsetCommitResponseTopic> topics =
                new ArrayList<>(request.topics().size());
        for (TxnOffsetCommitRequestTopic topic : request.topics()) {
            topics.add(refused(topic, error));
        }
        return new TxnOffsetCommitResponse().setTopics(topics);
    }

    /** The same error for every partition of a topic. */
    public static TxnOffsetCommitResponseTopic refused(TxnOffsetCommitRequestTopic topic, ErrorCode error) {
        List<TxnOffsetCommitResponsePartition> partitions =
                new ArrayList<>(topic.partitions().size());
        for (TxnOffsetCommitRequestPartition partition : topic.partitions()) {
            partitions.add(new TxnOffsetCommitResponsePartition()
                    .setPartitionIndex(partition.partitionIndex())
                    .setErrorCode(error.code()));
        }
        return new TxnOffsetCommitResponseTopic()
                .setName(topic.name())
                .setTopicId(topic.topicId())
                .setPartitions(partitions);
    }
}
