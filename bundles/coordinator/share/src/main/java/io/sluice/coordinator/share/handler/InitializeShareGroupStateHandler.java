package io.sluice.coordinator.share.handler;

import io.sluice.base.ErrorCode;
import io.sluice.coordinator.runtime.Reply;
import io.sluice.coordinator.share.ShareCoordinator;
import io.sluice.coordinator.share.state.StateOutcome;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.InitializeShareGroupStateRequest;
import io.sluice.protocol.message.InitializeShareGroupStateResponse;
import io.sluice.protocol.message.InitializeShareGroupStateResponse.InitializeStateResult;
import io.sluice.protocol.message.InitializeShareGroupStateResponse.PartitionResult;
import io.sluice.request.api.ApiHandler;
import io.sluice.request.api.Request;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** InitializeShareGroupState (KIP-932): a group's coordinator begins the state of share partitions. */
@Component(service = ApiHandler.class)
public final class InitializeShareGroupStateHandler implements ApiHandler {
    private final ShareCoordinator coordinator;

    @Activate
    public InitializeShareGroupStateHandler(@Reference ShareCoordinator coordinator) {
        this.coordinator = coordinator;
    }

    @Override
    public ApiKey api() {
        return ApiKey.INITIALIZE_SHARE_GROUP_STATE;
    }

    @Override
    public void handle(Request request) {
        InitializeShareGroupStateRequest asked = request.read(new InitializeShareGroupStateRequest());
        StateParts<PartitionResult, InitializeStateResult> parts = new StateParts<>(coordinator.states());
        for (InitializeShareGroupStateRequest.InitializeStateData topic : asked.topics()) {
            for (InitializeShareGroupStateRequest.PartitionData partition : topic.partitions()) {
                parts.add(asked.groupId(), topic.topicId(), partition.partition(), (states, key, gathering, part) -> {
                    Reply<StateOutcome> reply = StateParts.reply(
                            gathering,
                            part,
                            outcome -> result(key.partition(), outcome.error(), outcome.message()),
                            error -> result(key.partition(), error, null));
                    states.submit(
                            key,
                            reply,
                            (shard, turn) -> shard.initialize(
                                    turn, key, partition.stateEpoch(), partition.startOffset(), reply));
                });
            }
        }
        parts.answer(
                request,
                (partition, error) -> result(partition, error, null),
                (id, results) -> new InitializeStateResult().setTopicId(id).setPartitions(results),
                topics -> new InitializeShareGroupStateResponse().setResults(topics));
    }

    private static PartitionResult result(int partition, ErrorCode error, @Nullable String message) {
        return new PartitionResult()
                .setPartition(partition)
                .setErrorCode(error.code())
                .setErrorMessage(message);
    }
}
