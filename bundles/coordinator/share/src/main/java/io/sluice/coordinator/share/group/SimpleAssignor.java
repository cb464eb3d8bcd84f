package io.sluice.coordinator.share.group;

import io.sluice.base.Uuid;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The assignor of share groups, {@code simple}: every partition is read by somebody, everybody who can reads something, and nobody reads much more than
 * another. Where there are more members than partitions, several read one. What a member has it keeps, as far as that leaves enough for the others.
 * Stateless.
 */
final class SimpleAssignor {
    static final String NAME = "simple";

    /**
     * A member as the assignor sees it.
     *
     * @param topics what it may be given
     * @param present what it was given last
     */
    record Reader(String memberId, Set<Uuid> topics, PartitionSet present) {}

    private record Slot(Uuid topic, int partition) {}

    private final List<Reader> readers;
    private final PartitionSet partitions;
    private final Map<String, Map<Uuid, Set<Integer>>> given = new TreeMap<>();
    private final Map<String, Integer> counts = new HashMap<>();

    private SimpleAssignor(List<Reader> readers, PartitionSet partitions) {
        this.readers = readers;
        this.partitions = partitions;
        for (Reader reader : readers) {
            given.put(reader.memberId(), new HashMap<>());
            counts.put(reader.memberId(), 0);
        }
    }

    /** @return for each member what it is to read */
    static Map<String, PartitionSet> assign(List<Reader> readers, PartitionSet partitions) {
        return new SimpleAssignor(readers, partitions).assign();
    }

    private Map<String, PartitionSet> assign() {
        Map<Slot, List<Reader>> wanted = new HashMap<>();
        List<Slot> slots = new ArrayList<>();
        long places = 0L;
        for (Map.Entry<Uuid, Set<Integer>> topic : partitions.byTopic().entrySet()) {
            List<Reader> subscribers = readers.stream()
                    .filter(reader -> reader.topics().contains(topic.getKey()))
                    .toList();
            for (int partition : topic.getValue()) {
                Slot slot = new Slot(topic.getKey(), partition);
                slots.add(slot);
                wanted.put(slot, subscribers);
            }
            places += (long) sharing(subscribers.size(), topic.getValue().size())
                    * topic.getValue().size();
        }
        int fair = readers.isEmpty() ? 0 : (int) ((places + readers.size() - 1) / readers.size());
        for (Slot slot : slots) {
            fill(slot, wanted.getOrDefault(slot, List.of()), fair);
        }
        Map<String, PartitionSet> result = new TreeMap<>();
        given.forEach((member, set) -> result.put(member, PartitionSet.of(set)));
        return result;
    }

    /** How many read one partition. */
    private static int sharing(int subscribers, int partitionCount) {
        return Math.max(1, (subscribers + partitionCount - 1) / Math.max(1, partitionCount));
    }

    private void fill(Slot slot, List<Reader> subscribers, int fair) {
        int left = Math.min(
                subscribers.size(),
                sharing(subscribers.size(), partitions.of(slot.topic()).size()));
        List<Reader> others = new ArrayList<>();
        for (Reader reader : subscribers) {
            boolean had = reader.present().contains(slot.topic(), slot.partition());
            if (had && left > 0 && counts.getOrDefault(reader.memberId(), 0) < fair) {
                give(reader, slot);
                left--;
            } else {
                others.add(reader);
            }
        }
        others.sort(Comparator.comparingInt((Reader reader) -> counts.getOrDefault(reader.memberId(), 0))
                .thenComparing(Reader::memberId));
        for (Reader reader : others.subList(0, Math.min(left, others.size()))) {
            give(reader, slot);
        }
    }

    private void give(Reader reader, Slot slot) {
        given.getOrDefault(reader.memberId(), new HashMap<>())
                .computeIfAbsent(slot.topic(), topic -> new TreeSet<>())
                .add(slot.partition());
        counts.merge(reader.memberId(), 1, Integer::sum);
    }
}
