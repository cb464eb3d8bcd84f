package io.sluice.coordinator.group.consumer;

import io.sluice.coordinator.api.PartitionId;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a member has.
 *
 * @param epoch of the member
 * @param previousEpoch with which it may come once more when it did not hear of its epoch
 * @param assigned partitions that it may use, each with the epoch at which it got it
 * @param revoking partitions that it must give up before it goes on
 */
public record CurrentAssignment(
        int epoch,
        int previousEpoch,
        MemberState state,
        SortedMap<PartitionId, Integer> assigned,
        SortedMap<PartitionId, Integer> revoking) {
    /** A member that has only just come. */
    public static final CurrentAssignment NONE =
            new CurrentAssignment(0, 0, MemberState.STABLE, Collections.emptySortedMap(), Collections.emptySortedMap());

    public CurrentAssignment {
        assigned = Collections.unmodifiableSortedMap(new TreeMap<>(assigned));
        revoking = Collections.unmodifiableSortedMap(new TreeMap<>(revoking));
    }

    boolean isReconciledTo(int targetEpoch) {
        return state == MemberState.STABLE && epoch == targetEpoch;
    }

    /** The same, for the next member under a static member's instance id. */
    CurrentAssignment forSuccessor() {
        return new CurrentAssignment(0, 0, state, assigned, revoking);
    }

    /** A static member is away for a while, and keeps what it has. */
    CurrentAssignment away() {
        return new CurrentAssignment(
                ConsumerGroup.EPOCH_OF_ABSENT_STATIC_MEMBER,
                previousEpoch,
                state,
                assigned,
                Collections.emptySortedMap());
    }
}
