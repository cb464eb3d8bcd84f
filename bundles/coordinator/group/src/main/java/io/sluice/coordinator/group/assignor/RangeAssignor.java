package io.sluice.coordinator.group.assignor;

import io.sluice.base.Uuid;
import io.sluice.coordinator.api.PartitionId;
import io.sluice.coordinator.api.Subscriber;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Gives each subscriber of a topic a range of adjacent partitions. Where all subscribe to the same topics and these have equally many partitions,
 * a member has the same numbers of each, so that it can join them.
 *
 * <p>Static members come first and are ordered by their instance ids, so that a restart changes nothing.
 */
final class RangeAssignor implements PartitionAssignor {
    private static final Comparator<Subscriber> ORDER = Comparator.comparing(
                    Subscriber::instanceId, Comparator.nullsLast(Comparator.naturalOrder()))
            .thenComparing(Subscriber::memberId);

    @Override
    public String name() {
        return "range";
    }

    @Override
    public Map<String, Set<PartitionId>> assign(List<Subscriber> members, Map<Uuid, Integer> partitionCounts) {
        List<Subscriber> ordered = new ArrayList<>(members);
        ordered.sort(ORDER);
        Map<String, Set<PartitionId>> assignment = new HashMap<>();
        Map<Uuid, List<Subscriber>> subscribers = new HashMap<>();
        for (Subscriber member : ordered) {
            assignment.put(member.memberId(), new TreeSet<>());
            for (Uuid topic : member.topics()) {
                subscribers.computeIfAbsent(topic, id -> new ArrayList<>()).add(member);
            }
        }
        subscribers.forEach((topic, takers) -> {
            int count = partitionCounts.getOrDefault(topic, 0);
            int share = count / takers.size();
            int extras = count % takers.size();
            int next = 0;
            for (Subscriber taker : takers) {
                int end = next + share + (extras-- > 0 ? 1 : 0);
                Set<PartitionId> range = assignment.get(taker.memberId());
                for (; next < end && range != null; next++) {
                    range.add(new PartitionId(topic, next));
                }
            }
        });
        return assignment;
    }
}
