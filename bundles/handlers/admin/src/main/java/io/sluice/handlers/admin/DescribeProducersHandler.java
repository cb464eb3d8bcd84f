package io.sluice.handlers.admin;

import io.sluice.base.ErrorCode;
import io.sluice.base.TopicPartition;
import io.sluice.broker.api.Partitions;
import io.sluice.broker.api.ProducersOutcome;
import io.sluice.broker.api.TopicNames;
import io.sluice.cluster.api.MetadataSource;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.DescribeProducersRequest;
import io.sluice.protocol.message.DescribeProducersRequest.TopicRequest;
import io.sluice.protocol.message.DescribeProducersResponse;
import io.sluice.protocol.message.DescribeProducersResponse.PartitionResponse;
import io.sluice.protocol.message.DescribeProducersResponse.ProducerState;
import io.sluice.protocol.message.DescribeProducersResponse.TopicResponse;
import io.sluice.request.api.ApiHandler;
import io.sluice.request.api.Request;
import io.sluice.security.api.Operation;
import io.sluice.security.api.Resource;
import io.sluice.storage.api.ProducerStatus;
import java.util.ArrayList;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** DescribeProducers (API 61): the idempotent producers that partitions of this broker know, and where their open transactions begin (KIP-664). */
@Component(service = ApiHandler.class)
public final class DescribeProducersHandler implements ApiHandler {
    private final Partitions partitions;
    private final MetadataSource metadata;

    @Activate
    public DescribeProducersHandler(@Reference Partitions partitions, @Reference MetadataSource metadata) {
        this.partitions = partitions;
        this.metadata = metadata;
    }

    @Override
    public ApiKey api() {
        return ApiKey.DESCRIBE_PRODUCERS;
    }

    @Override
    public void handle(Request request) {
        DescribeProducersResponse response = new DescribeProducersResponse();
        for (TopicRequest topic : request.read(new DescribeProducersRequest()).topics()) {
            ErrorCode refusal = refusal(request, topic.name());
            List<PartitionResponse> described =
                    new ArrayList<>(topic.partitionIndexes().size());
            for (int index : topic.partitionIndexes()) {
                described.add(
                        refusal == ErrorCode.NONE
                                ? describe(new TopicPartition(topic.name(), index))
                                : refused(index, refusal));
            }
            response.topics().add(new TopicResponse().setName(topic.name()).setPartitions(described));
        }
        request.respond(response);
    }

    private static ErrorCode refusal(Request request, String topic) {
        if (!request.mayDo(Operation.READ, Resource.topic(topic))) {
            return ErrorCode.TOPIC_AUTHORIZATION_FAILED;
        }
        return TopicNames.isValid(topic) ? ErrorCode.NONE : ErrorCode.INVALID_TOPIC_EXCEPTION;
    }

    private static PartitionResponse refused(int index, ErrorCode error) {
        return new PartitionResponse().setPartitionIndex(index).setErrorCode(error.code());
    }

    private PartitionResponse describe(TopicPartition partition) {
        ProducersOutcome outcome = partitions.producers(partition);
        if (outcome.error() == ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
                && metadata.image().partition(partition) != null) {
            return refused(partition.partition(), ErrorCode.NOT_LEADER_OR_FOLLOWER);
        }
        List<ProducerState> producers = new ArrayList<>(outcome.producers().size());
        for (ProducerStatus producer : outcome.producers()) {
            producers.add(new ProducerState()
                    .setProducerId(producer.producerId())
                    .setProducerEpoch(producer.producerEpoch())
                    .setLastSequence(producer.lastSequence())
                    .setLastTimestamp(producer.lastTimestampMs())
                    .setCoordinatorEpoch(producer.coordinatorEpoch())
                    .setCurrentTxnStartOffset(producer.currentTxnStartOffset()));
        }
        return refused(partition.partition(), outcome.error()).setActiveProducers(producers);
    }
}
