package io.sluice.handlers.metadata;

import io.sluice.base.ErrorCode;
import io.sluice.base.TopicPartition;
import io.sluice.broker.api.OffsetOutcome;
import io.sluice.broker.api.Partitions;
import io.sluice.broker.api.SpecialTimestamp;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.ListOffsetsRequest;
import io.sluice.protocol.message.ListOffsetsRequest.ListOffsetsPartition;
import io.sluice.protocol.message.ListOffsetsRequest.ListOffsetsTopic;
import io.sluice.protocol.message.ListOffsetsResponse;
import io.sluice.protocol.message.ListOffsetsResponse.ListOffsetsPartitionResponse;
import io.sluice.protocol.message.ListOffsetsResponse.ListOffsetsTopicResponse;
import io.sluice.request.api.ApiHandler;
import io.sluice.request.api.Request;
import io.sluice.security.api.Operation;
import io.sluice.security.api.Resource;
import java.util.HashSet;
import java.util.Set;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * ListOffsets (API 2): the offset at a time, or at one of the ends of a partition. Runs on a worker, because a time is
 * looked up on disk.
 */
@Component(service = ApiHandler.class)
public final class ListOffsetsHandler implements ApiHandler {
    private static final byte READ_COMMITTED = 1;
    private static final int CONSUMER = -1;
    private static final short LEADER_EPOCH_SINCE = 4;

    private final Partitions partitions;

    @Activate
    public ListOffsetsHandler(@Reference Partitions partitions) {
        this.partitions = partitions;
    }

    @Override
    public ApiKey api() {
        return ApiKey.LIST_OFFSETS;
    }

    @Override
    public void handle(Request request) {
        ListOffsetsRequest asked = request.read(new ListOffsetsRequest());
        Set<TopicPartition> repeated = repeated(asked);
        boolean readCommitted = asked.isolationLevel() == READ_COMMITTED && asked.replicaId() == CONSUMER;
        Set<TopicPartition> answered = new HashSet<>();
        ListOffsetsResponse response = new ListOffsetsResponse();
        for (ListOffsetsTopic topic : asked.topics()) {
            boolean allowed = request.mayDo(Operation.DESCRIBE, Resource.topic(topic.name()));
            ListOffsetsTopicResponse answer = new ListOffsetsTopicResponse().setName(topic.name());
            for (ListOffsetsPartition partition : topic.partitions()) {
                TopicPartition id = new TopicPartition(topic.name(), partition.partitionIndex());
                if (!answered.add(id)) {
                    continue;
                }
                OffsetOutcome outcome;
                if (!allowed) {
                    outcome = OffsetOutcome.refused(ErrorCode.TOPIC_AUTHORIZATION_FAILED);
                } else if (repeated.contains(id)) {
                    outcome = OffsetOutcome.refused(ErrorCode.INVALID_REQUEST);
                } else if (!isKnown(partition.timestamp(), request.version())) {
                    outcome = OffsetOutcome.refused(ErrorCode.UNSUPPORTED_VERSION);
                } else {
                    outcome = partitions.offsetFor(
                            id, partition.currentLeaderEpoch(), partition.timestamp(), readCommitted);
                }
                answer.partitions().add(encode(partition.partitionIndex(), outcome, request.version()));
            }
            response.topics().add(answer);
        }
        request.respond(response);
    }

    private static Set<TopicPartition> repeated(ListOffsetsRequest asked) {
        Set<TopicPartition> seen = new HashSet<>();
        Set<TopicPartition> repeated = new HashSet<>();
        for (ListOffsetsTopic topic : asked.topics()) {
            for (ListOffsetsPartition partition : topic.partitions()) {
                TopicPartition id = new TopicPartition(topic.name(), partition.partitionIndex());
                if (!seen.add(id)) {
                    repeated.add(id);
                }
            }
        }
        return repeated;
    }

    /** Whether a version may ask for this: the special values came one after another. */
    private static boolean isKnown(long timestamp, short version) {
        if (timestamp >= 0) {
            return true;
        }
        if (timestamp == SpecialTimestamp.LATEST || timestamp == SpecialTimestamp.EARLIEST) {
            return true;
        }
        if (timestamp == SpecialTimestamp.MAX_TIMESTAMP) {
            return version >= 7;
        }
        if (timestamp == SpecialTimestamp.EARLIEST_LOCAL) {
            return version >= 8;
        }
        if (timestamp == SpecialTimestamp.LATEST_TIERED) {
            return version >= 9;
        }
        return timestamp == SpecialTimestamp.EARLIEST_PENDING_UPLOAD && version >= 11;
    }

    private static ListOffsetsPartitionResponse encode(int index, OffsetOutcome outcome, short version) {
        ListOffsetsPartitionResponse response = new ListOffsetsPartitionResponse()
                .setPartitionIndex(index)
                .setErrorCode(outcome.error().code())
                .setTimestamp(outcome.timestampMs())
                .setOffset(outcome.offset());
        return version >= LEADER_EPOCH_SINCE ? response.setLeaderEpoch(outcome.leaderEpoch()) : response;
    }
}
