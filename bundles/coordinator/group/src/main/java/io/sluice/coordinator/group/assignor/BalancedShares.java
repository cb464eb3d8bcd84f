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
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The uniform assignment of members with different subscriptions. Everybody keeps what it may keep, what nobody holds goes to the subscriber with
 * the fewest partitions, and then single partitions move from those who have most to those who have fewest, until no move evens anything out.
 *
 * <p>Each move makes the sum of the squares of the sizes smaller, so that it ends. In the end no topic has a holder with two partitions more than
 * another of its subscribers.
 */
final class BalancedShares {
    /** Who has what while it is worked out. */
    private static final class Share {
        final Subscriber member;
        final Map<Uuid, TreeSet<PartitionId>> byTopic = new HashMap<>();
        int size;

        Share(Subscriber member) {
            this.member = member;
        }

        void add(PartitionId partition) {
            byTopic.computeIfAbsent(partition.topicId(), id -> new TreeSet<>()).add(partition);
            size++;
        }

        int of(Uuid topic) {
            TreeSet<PartitionId> partitions = byTopic.get(topic);
            return partitions == null ? 0 : partitions.size();
        }

        /** Gives a partition of a topic away, one that it did not hold before where there is one. */
        PartitionId give(Uuid topic) {
            TreeSet<PartitionId> partitions = byTopic.getOrDefault(topic, new TreeSet<>());
            PartitionId given = partitions.last();
            for (PartitionId partition : partitions) {
                if (!member.held().contains(partition)) {
                    given = partition;
                    break;
                }
            }
            partitions.remove(given);
            size--;
            return given;
        }
    }

    private final Map<Uuid, Integer> partitionCounts;
    private final List<Share> shares = new ArrayList<>();
    private final Map<Uuid, List<Share>> subscribers = new TreeMap<>();

    BalancedShares(List<Subscriber> members, Map<Uuid, Integer> partitionCounts) {
        this.partitionCounts = partitionCounts;
        for (Subscriber member : members) {
            Share share = new Share(member);
            shares.add(share);
            for (Uuid topic : member.topics()) {
                subscribers.computeIfAbsent(topic, id -> new ArrayList<>()).add(share);
            }
        }
    }

    Map<String, Set<PartitionId>> assign() {
        List<Uuid> topics = new ArrayList<>(subscribers.keySet());
        topics.sort(Comparator.comparingInt(topic -> takers(topic).size()));
        List<PartitionId> unassigned = keep(topics);
        for (PartitionId partition : unassigned) {
            smallest(takers(partition.topicId())).add(partition);
        }
        boolean moved = true;
        while (moved) {
            moved = false;
            for (Uuid topic : topics) {
                moved |= even(topic);
            }
        }
        Map<String, Set<PartitionId>> assignment = new HashMap<>();
        for (Share share : shares) {
            Set<PartitionId> all = new TreeSet<>();
            share.byTopic.values().forEach(all::addAll);
            assignment.put(share.member.memberId(), all);
        }
        return assignment;
    }

    private List<Share> takers(Uuid topic) {
        return subscribers.getOrDefault(topic, List.of());
    }

    /** Lets everybody keep what it holds and may have; gives back what is left, the topics with the fewest subscribers first. */
    private List<PartitionId> keep(List<Uuid> topics) {
        Map<PartitionId, Share> keepers = new HashMap<>();
        for (Share share : shares) {
            for (PartitionId held : share.member.held()) {
                if (share.member.topics().contains(held.topicId())) {
                    keepers.putIfAbsent(held, share);
                }
            }
        }
        List<PartitionId> left = new ArrayList<>();
        for (Uuid topic : topics) {
            for (int i = 0; i < partitionCounts.getOrDefault(topic, 0); i++) {
                PartitionId partition = new PartitionId(topic, i);
                Share keeper = keepers.get(partition);
                if (keeper == null) {
                    left.add(partition);
                } else {
                    keeper.add(partition);
                }
            }
        }
        return left;
    }

    private static Share smallest(List<Share> among) {
        Share smallest = among.get(0);
        for (Share share : among) {
            if (share.size < smallest.size) {
                smallest = share;
            }
        }
        return smallest;
    }

    private boolean even(Uuid topic) {
        boolean moved = false;
        List<Share> takers = takers(topic);
        while (true) {
            Share most = null;
            for (Share share : takers) {
                if (share.of(topic) > 0 && (most == null || share.size > most.size)) {
                    most = share;
                }
            }
            Share fewest = smallest(takers);
            if (most == null || most.size - fewest.size < 2) {
                return moved;
            }
            fewest.add(most.give(topic));
            moved = true;
        }
    }
}
