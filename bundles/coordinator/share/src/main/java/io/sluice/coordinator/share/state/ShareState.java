package io.sluice.coordinator.share.state;

import java.util.List;

/**
 * What is known of a share partition.
 *
 * @param snapshotEpoch rises with each snapshot
 * @param stateEpoch rises when an administrator or the group's coordinator sets the state anew
 * @param leaderEpoch of the leader that wrote or read last
 * @param startOffset below it everything is done with; -1 when nobody has read yet
 * @param deliveryCompleteCount how many offsets from the start on are done with; -1 when that is not known
 * @param batches from the start on, in order and without overlap
 */
public record ShareState(
        int snapshotEpoch,
        int stateEpoch,
        int leaderEpoch,
        long startOffset,
        int deliveryCompleteCount,
        long createTimestampMs,
        long writeTimestampMs,
        List<StateBatch> batches) {
    /** Stands for a start that nobody has chosen yet. */
    public static final long NO_START_OFFSET = -1L;

    /** Stands for a number of finished deliveries that nobody has told. */
    public static final int NO_COUNT = -1;

    public ShareState {
        batches = List.copyOf(batches);
    }

    /** With what a leader writes. */
    ShareState with(StateChange change, long nowMs) {
        long start = change.startOffset() == NO_START_OFFSET ? startOffset : change.startOffset();
        return new ShareState(
                snapshotEpoch,
                Math.max(stateEpoch, change.stateEpoch()),
                Math.max(leaderEpoch, change.leaderEpoch()),
                start,
                change.deliveryCompleteCount() == NO_COUNT ? deliveryCompleteCount : change.deliveryCompleteCount(),
                createTimestampMs,
                nowMs,
                StateBatches.merge(batches, change.batches(), start));
    }

    /** The same as a snapshot of its own. */
    ShareState asNextSnapshot(long nowMs) {
        return new ShareState(
                snapshotEpoch + 1,
                stateEpoch,
                leaderEpoch,
                startOffset,
                deliveryCompleteCount,
                createTimestampMs,
                nowMs,
                batches);
    }
}
