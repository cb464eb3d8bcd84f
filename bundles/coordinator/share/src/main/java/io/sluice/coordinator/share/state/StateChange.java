package io.sluice.coordinator.share.state;

import java.util.List;

/**
 * What the leader of a share partition has to tell of it.
 *
 * @param startOffset -1 when it has not moved
 * @param deliveryCompleteCount -1 when it is not told
 * @param batches what is known anew; in any order
 */
public record StateChange(
        int stateEpoch, int leaderEpoch, long startOffset, int deliveryCompleteCount, List<StateBatch> batches) {
    public StateChange {
        batches = List.copyOf(batches);
    }
}
