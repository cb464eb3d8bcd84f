package io.sluice.coordinator.group.consumer;

import io.sluice.coordinator.api.PartitionId;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One step of a member towards its target (KIP-848): first it gives up what it is not to have any more, and only when it has said so does it come
 * to the target's epoch; then it gets what it is to have as soon as nobody else has it.
 *
 * @param targetEpoch of the target assignment
 * @param target what the member is to have
 * @param isFree whether no other member has a partition
 * @param reported what the member says that it has, or null when it did not say
 */
record Reconciliation(
        int targetEpoch,
        Set<PartitionId> target,
        Predicate<PartitionId> isFree,
        @Nullable Set<PartitionId> reported) {

    CurrentAssignment next(CurrentAssignment current) {
        return switch (current.state()) {
            case STABLE -> current.epoch() == targetEpoch ? current : step(current);
            case UNREVOKED_PARTITIONS -> stillHas(current.revoking().keySet()) ? current : step(current);
            case UNRELEASED_PARTITIONS, UNKNOWN -> step(current);
        };
    }

    private CurrentAssignment step(CurrentAssignment current) {
        SortedMap<PartitionId, Integer> assigned = new TreeMap<>();
        SortedMap<PartitionId, Integer> revoking = new TreeMap<>();
        current.assigned().forEach((partition, since) -> (target.contains(partition) ? assigned : revoking)
                .put(partition, since));
        if (!revoking.isEmpty() && stillHas(revoking.keySet())) {
            return new CurrentAssignment(
                    current.epoch(), current.epoch(), MemberState.UNREVOKED_PARTITIONS, assigned, revoking);
        }
        boolean waits = false;
        for (PartitionId partition : target) {
            if (assigned.containsKey(partition)) {
                continue;
            }
            if (isFree.test(partition)) {
                assigned.put(partition, targetEpoch);
            } else {
                waits = true;
            }
        }
        CurrentAssignment next = new CurrentAssignment(
                targetEpoch,
                current.epoch(),
                waits ? MemberState.UNRELEASED_PARTITIONS : MemberState.STABLE,
                assigned,
                new TreeMap<>());
        return isSame(current, next) ? current : next;
    }

    /** A member that goes on waiting is not written down again. */
    private static boolean isSame(CurrentAssignment current, CurrentAssignment next) {
        return current.epoch() == next.epoch()
                && current.state() == next.state()
                && current.assigned().equals(next.assigned())
                && current.revoking().equals(next.revoking());
    }

    private boolean stillHas(Set<PartitionId> partitions) {
        if (reported == null) {
            return true;
        }
        for (PartitionId partition : reported) {
            if (partitions.contains(partition)) {
                return true;
            }
        }
        return false;
    }
}
