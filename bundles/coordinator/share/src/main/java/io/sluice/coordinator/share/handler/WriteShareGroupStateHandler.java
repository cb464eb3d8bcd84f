package io.sluice.coordinator.share.handler;

import io.sluice.base.ErrorCode;
import io.sluice.coordinator.runtime.Reply;
import io.sluice.coordinator.share.ShareCoordinator;
import io.sluice.coordinator.share.state.StateBatch;
import io.sluice.coordinator.share.state.StateChange;
import io.sluice.coordinator.share.state.StateOutcome;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.WriteShareGroupStateRequest;
import io.sluice.protocol.message.WriteShareGroupStateResponse;
import io.sluice.protocol.message.WriteShareGroupStateResponse.PartitionResult;
import io.sluice.protocol.message.WriteShareGroupStateResponse.WriteStateResult;
import io.sluice.request.api.ApiHandler;
import io.sluice.request.api.Request;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** WriteShareGroupState (KIP-932): the leader of share partitions tells what has become of their records. */
@Component(service = ApiHandler.class)
public final class WriteShareGroupStateHandler implements ApiHandler {
    private final ShareCoordinator coordinator;

    @Activate
    public WriteShareGroupStateHandler(@Reference ShareCoordinator coordinator) {
        this.coordinator = coordinator;
    }

    @Override
    public ApiKey api() {
        return ApiKey.WRITE_SHARE_GROUP_STATE;
    }

    @Override
    public void handle(Request request) {
        WriteShareGroupStateRequest asked = request.read(new WriteShareGroupStateRequest());
        StateParts<PartitionResult, WriteStateResult> parts = new StateParts<>(coordinator.states());
        for (WriteShareGroupStateRequest.WriteStateData topic : asked.topics()) {
            for (WriteShareGroupStateRequest.PartitionData partition : topic.partitions()) {
                parts.add(asked.groupId(), topic.topicId(), partition.partition(), (states, key, gathering, part) -> {
                    Reply<StateOutcome> reply = StateParts.reply(
                            gathering,
                            part,
                            outcome -> result(key.partition(), outcome.error(), outcome.message()),
                            error -> result(key.partition(), error, null));
                    StateChange change = change(partition);
                    if (change == null) {
                        reply.answer(new StateOutcome(ErrorCode.INVALID_REQUEST, "A batch ends before it begins."));
                    } else {
                        states.submit(key, reply, (shard, turn) -> shard.write(turn, key, change, reply));
                    }
                });
            }
        }
        parts.answer(
                request,
                (partition, error) -> result(partition, error, null),
                (id, results) -> new WriteStateResult().setTopicId(id).setPartitions(results),
                topics -> new WriteShareGroupStateResponse().setResults(topics));
    }

    /** Null for batches that are none. */
    private static @Nullable StateChange change(WriteShareGroupStateRequest.PartitionData partition) {
        List<StateBatch> batches = new ArrayList<>(partition.stateBatches().size());
        for (WriteShareGroupStateRequest.StateBatch batch : partition.stateBatches()) {
            if (batch.lastOffset() < batch.firstOffset()) {
                return null;
            }
            batches.add(new StateBatch(
                    batch.firstOffset(), batch.lastOffset(), batch.deliveryState(), batch.deliveryCount()));
        }
        return new StateChange(
                partition.stateEpoch(),
                partition.leaderEpoch(),
                partition.startOffset(),
                partition.deliveryCompleteCount(),
                batches);
    }

    private static PartitionResult result(int partition, ErrorCode error, @Nullable String message) {
        return new PartitionResult()
                .setPartition(partition)
                .setErrorCode(error.code())
                .setErrorMessage(message);
    }
}
