package io.sluice.coordinator.group.assignor;

import io.sluice.base.Uuid;
import io.sluice.coordinator.api.PartitionId;
import io.sluice.coordinator.api.Subscriber;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Gives all members as many partitions as each other, as far as their subscriptions allow, and moves as few as that takes. Balance goes before
 * stickiness.
 */
final class UniformAssignor implements PartitionAssignor {
    @Override
    public String name() {
        return "uniform";
    }

    @Override
    public Map<String, Set<PartitionId>> assign(List<Subscriber> members, Map<Uuid, Integer> partitionCounts) {
        return isHomogeneous(members)
                ? new EqualShares(members, partitionCounts).assign()
                : new BalancedShares(members, partitionCounts).assign();
    }

    private static boolean isHomogeneous(List<Subscriber> members) {
        for (Subscriber member : members) {
            if (!member.topics().equals(members.get(0).topics())) {
                return false;
            }
        }
        return true;
    }
}
