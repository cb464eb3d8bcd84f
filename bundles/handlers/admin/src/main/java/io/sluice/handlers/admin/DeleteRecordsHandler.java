package io.sluice.handlers.admin;

import io.sluice.base.ErrorCode;
import io.sluice.base.TopicPartition;
import io.sluice.broker.api.DeleteRecordsOutcome;
import io.sluice.broker.api.Partitions;
import io.sluice.broker.api.TopicNames;
import io.sluice.cluster.api.MetadataImage;
import io.sluice.cluster.api.MetadataSource;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.DeleteRecordsRequest;
import io.sluice.protocol.message.DeleteRecordsRequest.DeleteRecordsPartition;
import io.sluice.protocol.message.DeleteRecordsRequest.DeleteRecordsTopic;
import io.sluice.protocol.message.DeleteRecordsResponse;
import io.sluice.protocol.message.DeleteRecordsResponse.DeleteRecordsPartitionResult;
import io.sluice.protocol.message.DeleteRecordsResponse.DeleteRecordsTopicResult;
import io.sluice.request.api.ApiHandler;
import io.sluice.request.api.LateAnswer;
import io.sluice.request.api.Request;
import io.sluice.security.api.Operation;
import io.sluice.security.api.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** DeleteRecords (API 21): raises the log starts of partitions (KIP-107). */
@Component(service = ApiHandler.class)
public final class DeleteRecordsHandler implements ApiHandler {
    private final Partitions partitions;
    private final MetadataSource metadata;

    @Activate
    public DeleteRecordsHandler(@Reference Partitions partitions, @Reference MetadataSource metadata) {
        this.partitions = partitions;
        this.metadata = metadata;
    }

    @Override
    public ApiKey api() {
        return ApiKey.DELETE_RECORDS;
    }

    @Override
    public void handle(Request request) {
        DeleteRecordsRequest asked = request.read(new DeleteRecordsRequest());
        DeleteRecordsResponse response = new DeleteRecordsResponse();
        List<CompletableFuture<?>> pending = new ArrayList<>();
        for (DeleteRecordsTopic topic : asked.topics()) {
            ErrorCode refusal = refusal(request, topic.name());
            DeleteRecordsTopicResult result = new DeleteRecordsTopicResult().setName(topic.name());
            for (DeleteRecordsPartition partition : topic.partitions()) {
                DeleteRecordsPartitionResult answer =
                        new DeleteRecordsPartitionResult().setPartitionIndex(partition.partitionIndex());
                result.partitions().add(answer);
                pending.add(delete(topic.name(), partition, refusal)
                        .handle((outcome, failure) -> fill(answer, outcome, failure)));
            }
            response.topics().add(result);
        }
        LateAnswer.to(
                request,
                CompletableFuture.allOf(pending.toArray(CompletableFuture[]::new)),
                (done, failure) -> response);
    }

    private static ErrorCode refusal(Request request, String topic) {
        return request.mayDo(Operation.DELETE, Resource.topic(topic))
                ? ErrorCode.NONE
                : ErrorCode.TOPIC_AUTHORIZATION_FAILED;
    }

    private CompletableFuture<DeleteRecordsOutcome> delete(
            String topic, DeleteRecordsPartition asked, ErrorCode refusal) {
        TopicPartition partition = new TopicPartition(topic, asked.partitionIndex());
        MetadataImage image = metadata.image();
        ErrorCode error = refusal;
        if (error == ErrorCode.NONE && image.partition(partition) == null) {
            error = ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
        } else if (error == ErrorCode.NONE && TopicNames.isInternal(topic)) {
            error = ErrorCode.INVALID_TOPIC_EXCEPTION;
        }
        return error == ErrorCode.NONE
                ? partitions.deleteRecords(partition, asked.offset())
                : CompletableFuture.completedFuture(new DeleteRecordsOutcome(error, -1L));
    }

    private static DeleteRecordsPartitionResult fill(
            DeleteRecordsPartitionResult answer, DeleteRecordsOutcome outcome, Throwable failure) {
        if (failure != null) {
            return answer.setErrorCode(Refusal.of(failure).code()).setLowWatermark(-1L);
        }
        return answer.setErrorCode(outcome.error().code()).setLowWatermark(outcome.lowWatermark());
    }
}
