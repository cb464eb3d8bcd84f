package io.sluice.coordinator.share.handler;

import io.sluice.base.ErrorCode;
import io.sluice.coordinator.runtime.Reply;
import io.sluice.coordinator.share.ShareCoordinator;
import io.sluice.coordinator.share.state.StateOutcome;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.DeleteShareGroupStateRequest;
import io.sluice.protocol.message.DeleteShareGroupStateResponse;
import io.sluice.protocol.message.DeleteShareGroupStateResponse.DeleteStateResult;
import io.sluice.protocol.message.DeleteShareGroupStateResponse.PartitionResult;
import io.sluice.request.api.ApiHandler;
import io.sluice.request.api.Request;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** DeleteShareGroupState (KIP-932): a group's coordinator has the state of share partitions forgotten. */
@Component(service = ApiHandler.class)
public final class DeleteShareGroupStateHandler implements ApiHandler {
    private final ShareCoordinator coordinator;

    @Activate
    public DeleteShareGroupStateHandler(@Reference ShareCoordinator coordinator) {
        this.coordinator = coordinator;
    }

    @Override
    public ApiKey api() {
        return ApiKey.DELETE_SHARE_GROUP_STATE;
    }

    @Override
    public void handle(Request request) {
        DeleteShareGroupStateRequest asked = request.read(new DeleteShareGroupStateRequest());
        StateParts<PartitionResult, DeleteStateResult> parts = new StateParts<>(coordinator.states());
        for (DeleteShareGroupStateRequest.DeleteStateData topic : asked.topics()) {
            for (DeleteShareGroupStateRequest.PartitionData partition : topic.partitions()) {
                parts.add(asked.groupId(), topic.topicId(), partition.partition(), (states, key, gathering, part) -> {
                    Reply<StateOutcome> reply = StateParts.reply(
                            gathering,
                            part,
                            outcome -> result(key.partition(), outcome.error(), outcome.message()),
                            error -> result(key.partition(), error, null));
                    states.submit(key, reply, (shard, turn) -> shard.delete(turn, key, reply));
                });
            }
        }
        parts.answer(
                request,
                (partition, error) -> result(partition, error, null),
                (id, results) -> new DeleteStateResult().setTopicId(id).setPartitions(results),
                topics -> new DeleteShareGroupStateResponse().setResults(topics));
    }

    private static PartitionResult result(int partition, ErrorCode error, @Nullable String message) {
        return new PartitionResult()
                .setPartition(partition)
                .setErrorCode(error.code())
                .setErrorMessage(message);
    }
}
