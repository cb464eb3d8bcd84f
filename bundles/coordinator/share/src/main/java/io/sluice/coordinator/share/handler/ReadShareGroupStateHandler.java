package io.sluice.coordinator.share.handler;

import io.sluice.base.ErrorCode;
import io.sluice.coordinator.runtime.Reply;
import io.sluice.coordinator.share.ShareCoordinator;
import io.sluice.coordinator.share.state.ReadOutcome;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.ReadShareGroupStateRequest;
import io.sluice.protocol.message.ReadShareGroupStateResponse;
import io.sluice.protocol.message.ReadShareGroupStateResponse.PartitionResult;
import io.sluice.protocol.message.ReadShareGroupStateResponse.ReadStateResult;
import io.sluice.protocol.message.ReadShareGroupStateResponse.StateBatch;
import io.sluice.request.api.ApiHandler;
import io.sluice.request.api.Request;
import java.util.ArrayList;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** ReadShareGroupState (KIP-932): the leader of share partitions takes their state over. */
@Component(service = ApiHandler.class)
public final class ReadShareGroupStateHandler implements ApiHandler {
    private final ShareCoordinator coordinator;

    @Activate
    public ReadShareGroupStateHandler(@Reference ShareCoordinator coordinator) {
        this.coordinator = coordinator;
    }

    @Override
    public ApiKey api() {
        return ApiKey.READ_SHARE_GROUP_STATE;
    }

    @Override
    public void handle(Request request) {
        ReadShareGroupStateRequest asked = request.read(new ReadShareGroupStateRequest());
        StateParts<PartitionResult, ReadStateResult> parts = new StateParts<>(coordinator.states());
        for (ReadShareGroupStateRequest.ReadStateData topic : asked.topics()) {
            for (ReadShareGroupStateRequest.PartitionData partition : topic.partitions()) {
                parts.add(asked.groupId(), topic.topicId(), partition.partition(), (states, key, gathering, part) -> {
                    Reply<ReadOutcome> reply = StateParts.reply(
                            gathering,
                            part,
                            outcome -> result(key.partition(), outcome),
                            error -> result(key.partition(), ReadOutcome.refused(error, null)));
                    states.submit(key, reply, (shard, turn) -> shard.read(turn, key, partition.leaderEpoch(), reply));
                });
            }
        }
        parts.answer(
                request,
                (partition, error) -> result(partition, ReadOutcome.refused(error, null)),
                (id, results) -> new ReadStateResult().setTopicId(id).setPartitions(results),
                topics -> new ReadShareGroupStateResponse().setResults(topics));
    }

    private static PartitionResult result(int partition, ReadOutcome outcome) {
        PartitionResult result = new PartitionResult()
                .setPartition(partition)
                .setErrorCode(outcome.error().code())
                .setErrorMessage(outcome.message());
        if (outcome.error() == ErrorCode.NONE) {
            List<StateBatch> batches = new ArrayList<>(outcome.batches().size());
            for (io.sluice.coordinator.share.state.StateBatch batch : outcome.batches()) {
                batches.add(new StateBatch()
                        .setFirstOffset(batch.firstOffset())
                        .setLastOffset(batch.lastOffset())
                        .setDeliveryState(batch.deliveryState())
                        .setDeliveryCount(batch.deliveryCount()));
            }
            result.setStateEpoch(outcome.stateEpoch())
                    .setStartOffset(outcome.startOffset())
                    .setStateBatches(batches);
        }
        return result;
    }
}
