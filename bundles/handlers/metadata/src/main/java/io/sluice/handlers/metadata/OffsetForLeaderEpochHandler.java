package io.sluice.handlers.metadata;

import io.sluice.base.ErrorCode;
import io.sluice.base.TopicPartition;
import io.sluice.broker.api.EpochEndOutcome;
import io.sluice.broker.api.Partitions;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.OffsetForLeaderEpochRequest;
import io.sluice.protocol.message.OffsetForLeaderEpochRequest.OffsetForLeaderPartition;
import io.sluice.protocol.message.OffsetForLeaderEpochRequest.OffsetForLeaderTopic;
import io.sluice.protocol.message.OffsetForLeaderEpochResponse;
import io.sluice.protocol.message.OffsetForLeaderEpochResponse.EpochEndOffset;
import io.sluice.protocol.message.OffsetForLeaderEpochResponse.OffsetForLeaderTopicResult;
import io.sluice.request.api.ApiHandler;
import io.sluice.request.api.Request;
import io.sluice.security.api.Operation;
import io.sluice.security.api.Resource;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * OffsetForLeaderEpoch (API 23): where a leader's time ended, by which replicas and consumers find out that their log was
 * truncated (KIP-101, KIP-320).
 */
@Component(service = ApiHandler.class)
public final class OffsetForLeaderEpochHandler implements ApiHandler {
    private final Partitions partitions;

    @Activate
    public OffsetForLeaderEpochHandler(@Reference Partitions partitions) {
        this.partitions = partitions;
    }

    @Override
    public ApiKey api() {
        return ApiKey.OFFSET_FOR_LEADER_EPOCH;
    }

    @Override
    public void handle(Request request) {
        OffsetForLeaderEpochRequest asked = request.read(new OffsetForLeaderEpochRequest());
        boolean isReplica = request.mayDo(Operation.CLUSTER_ACTION, Resource.CLUSTER);
        OffsetForLeaderEpochResponse response = new OffsetForLeaderEpochResponse();
        for (OffsetForLeaderTopic topic : asked.topics()) {
            boolean allowed = isReplica || request.mayDo(Operation.DESCRIBE, Resource.topic(topic.topic()));
            OffsetForLeaderTopicResult result = new OffsetForLeaderTopicResult().setTopic(topic.topic());
            for (OffsetForLeaderPartition partition : topic.partitions()) {
                result.partitions().add(allowed ? find(topic.topic(), partition) : refused(partition));
            }
            response.topics().add(result);
        }
        request.respond(response);
    }

    private EpochEndOffset find(String topic, OffsetForLeaderPartition asked) {
        EpochEndOutcome end = partitions.endOffsetFor(
                new TopicPartition(topic, asked.partition()), asked.currentLeaderEpoch(), asked.leaderEpoch());
        return new EpochEndOffset()
                .setErrorCode(end.error().code())
                .setPartition(asked.partition())
                .setLeaderEpoch(end.epoch())
                .setEndOffset(end.endOffset());
    }

    private static EpochEndOffset refused(OffsetForLeaderPartition asked) {
        return new EpochEndOffset()
                .setErrorCode(ErrorCode.TOPIC_AUTHORIZATION_FAILED.code())
                .setPartition(asked.partition());
    }
}
