package io.sluice.coordinator.group.assignor;

import io.sluice.base.Uuid;
import io.sluice.coordinator.api.PartitionId;
import io.sluice.coordinator.api.Subscriber;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The uniform assignment of members that all subscribe to the same topics: a quota for each, of which it keeps as much as it holds. The quotas
 * that are larger by one go to those who hold the most, so that nothing moves without need.
 */
final class EqualShares {
    private final List<Subscriber> members;
    private final Map<Uuid, Integer> partitionCounts;
    private final Map<String, Set<PartitionId>> assignment = new HashMap<>();
    private final Set<PartitionId> unassigned = new TreeSet<>();

    EqualShares(List<Subscriber> members, Map<Uuid, Integer> partitionCounts) {
        this.members = members;
        this.partitionCounts = partitionCounts;
    }

    Map<String, Set<PartitionId>> assign() {
        if (members.isEmpty()) {
            return assignment;
        }
        for (Uuid topic : members.get(0).topics()) {
            for (int i = 0; i < partitionCounts.getOrDefault(topic, 0); i++) {
                unassigned.add(new PartitionId(topic, i));
            }
        }
        int share = unassigned.size() / members.size();
        int extras = unassigned.size() % members.size();
        List<Subscriber> byHolding = new ArrayList<>(members);
        byHolding.sort(Comparator.comparingInt(this::holding).reversed());
        for (int i = 0; i < byHolding.size(); i++) {
            keep(byHolding.get(i), share + (i < extras ? 1 : 0));
        }
        fill(byHolding, share, extras);
        return assignment;
    }

    private int holding(Subscriber member) {
        int count = 0;
        for (PartitionId held : member.held()) {
            if (exists(held)) {
                count++;
            }
        }
        return count;
    }

    private boolean exists(PartitionId partition) {
        return members.get(0).topics().contains(partition.topicId())
                && partition.partition() < partitionCounts.getOrDefault(partition.topicId(), 0);
    }

    private void keep(Subscriber member, int quota) {
        Set<PartitionId> kept = new TreeSet<>();
        for (PartitionId held : new TreeSet<>(member.held())) {
            if (kept.size() < quota && unassigned.remove(held)) {
                kept.add(held);
            }
        }
        assignment.put(member.memberId(), kept);
    }

    private void fill(List<Subscriber> byHolding, int share, int extras) {
        Deque<PartitionId> left = new ArrayDeque<>(unassigned);
        for (int i = 0; i < byHolding.size(); i++) {
            Set<PartitionId> kept = assignment.get(byHolding.get(i).memberId());
            int quota = share + (i < extras ? 1 : 0);
            while (kept != null && kept.size() < quota && !left.isEmpty()) {
                kept.add(left.poll());
            }
        }
    }
}
