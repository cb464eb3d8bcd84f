package io.sluice.coordinator.share.handler;

import io.sluice.base.ErrorCode;
import io.sluice.coordinator.runtime.Reply;
import io.sluice.coordinator.share.ShareCoordinator;
import io.sluice.coordinator.share.state.SummaryOutcome;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.ReadShareGroupStateSummaryRequest;
import io.sluice.protocol.message.ReadShareGroupStateSummaryResponse;
import io.sluice.protocol.message.ReadShareGroupStateSummaryResponse.PartitionResult;
import io.sluice.protocol.message.ReadShareGroupStateSummaryResponse.ReadStateSummaryResult;
import io.sluice.request.api.ApiHandler;
import io.sluice.request.api.Request;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** ReadShareGroupStateSummary (KIP-932): how far a group has come in share partitions. */
@Component(service = ApiHandler.class)
public final class ReadShareGroupStateSummaryHandler implements ApiHandler {
    private final ShareCoordinator coordinator;

    @Activate
    public ReadShareGroupStateSummaryHandler(@Reference ShareCoordinator coordinator) {
        this.coordinator = coordinator;
    }

    @Override
    public ApiKey api() {
        return ApiKey.READ_SHARE_GROUP_STATE_SUMMARY;
    }

    @Override
    public void handle(Request request) {
        ReadShareGroupStateSummaryRequest asked = request.read(new ReadShareGroupStateSummaryRequest());
        StateParts<PartitionResult, ReadStateSummaryResult> parts = new StateParts<>(coordinator.states());
        for (ReadShareGroupStateSummaryRequest.ReadStateSummaryData topic : asked.topics()) {
            for (ReadShareGroupStateSummaryRequest.PartitionData partition : topic.partitions()) {
                parts.add(asked.groupId(), topic.topicId(), partition.partition(), (states, key, gathering, part) -> {
                    Reply<SummaryOutcome> reply = StateParts.reply(
                            gathering,
                            part,
                            outcome -> result(key.partition(), outcome),
                            error -> result(key.partition(), SummaryOutcome.refused(error, null)));
                    states.submit(key, reply, (shard, turn) -> shard.summarize(turn, key, reply));
                });
            }
        }
        parts.answer(
                request,
                (partition, error) -> result(partition, SummaryOutcome.refused(error, null)),
                (id, results) -> new ReadStateSummaryResult().setTopicId(id).setPartitions(results),
                topics -> new ReadShareGroupStateSummaryResponse().setResults(topics));
    }

    private static PartitionResult result(int partition, SummaryOutcome outcome) {
        PartitionResult result = new PartitionResult()
                .setPartition(partition)
                .setErrorCode(outcome.error().code())
                .setErrorMessage(outcome.message());
        if (outcome.error() == ErrorCode.NONE) {
            result.setStateEpoch(outcome.stateEpoch())
                    .setLeaderEpoch(outcome.leaderEpoch())
                    .setStartOffset(outcome.startOffset())
                    .setDeliveryCompleteCount(outcome.deliveryCompleteCount());
        }
        return result;
    }
}
