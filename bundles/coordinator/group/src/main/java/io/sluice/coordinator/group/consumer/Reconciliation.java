package io.sluice.coordinator.group.consumer;

import io.sluice.coordinator.api.PartitionId;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One step of a member towards its target (KIP-848): first it gives up what it is not to have any more, and only when it has said so does it come
 * to the target's epoch; then it gets what it is to have as soon as nobody else has it. It never has partitions of topics to which it does not
 * subscribe any more, be the target as old as it may.
 *
 * @param targetEpoch of the target assignment
 * @param target what the member is to have
 * @param isSubscribed whether the member subscribes to the topic of a partition, and the topic exists
 * @param changed whether its subscription has changed just now
 * @param isFree whether no other member has a partition
 * @param reported what the member says that it has, or null when it did not say
 */
record Reconciliation(
        int targetEpoch,
        Set<PartitionId> target,
        Predicate<PartitionId> isSubscribed,
        boolean changed,
        Predicate<PartitionId> isFree,
        @Nullable Set<PartitionId> reported) {

    CurrentAssignment next(CurrentAssignment current) {
        return switch (current.state()) {
            case STABLE -> current.epoch() == targetEpoch ? shed(current) : step(current);
            case UNREVOKED_PARTITIONS -> stillHas(current.revoking().keySet()) ? shed(current) : step(current);
            case UNRELEASED_PARTITIONS, UNKNOWN -> step(current);
        };
    }

    /** What the member does not want any more it gives up at once, and not only with the next target. */
    private CurrentAssignment shed(CurrentAssignment current) {
        if (!changed) {
            return current;
        }
        SortedMap<PartitionId, Integer> assigned = new TreeMap<>();
        SortedMap<PartitionId, Integer> revoking = new TreeMap<>(current.revoking());
        current.assigned().forEach((partition, since) -> (isSubscribed.test(partition) ? assigned : revoking)
                .put(partition, since));
        if (assigned.size() == current.assigned().size()) {
            return current;
        }
        return stillHas(revoking.keySet())
                ? new CurrentAssignment(
                        current.epoch(), current.epoch(), MemberState.UNREVOKED_PARTITIONS, assigned, revoking)
                : new CurrentAssignment(
                        current.epoch(), current.epoch(), current.state(), assigned, current.revoking());
    }

    private CurrentAssignment step(CurrentAssignment current) {
        SortedMap<PartitionId, Integer> assigned = new TreeMap<>();
        SortedMap<PartitionId, Integer> revoking = new TreeMap<>();
        current.assigned()
                .forEach((partition, since) -> (isWanted(partition) ? assigned : revoking).put(partition, since));
        if (!revoking.isEmpty() && stillHas(revoking.keySet())) {
            return new CurrentAssignment(
                    current.epoch(), current.epoch(), MemberState.UNREVOKED_PARTITIONS, assigned, revoking);
        }
        boolean waits = false;
        for (PartitionId partition : target) {
            if (assigned.containsKey(partition) || !isSubscribed.test(partition)) {
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

    private boolean isWanted(PartitionId partition) {
        return target.contains(partition) && isSubscribed.test(partition);
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
