package io.sluice.coordinator.group.offset;

import io.sluice.base.TopicPartition;
import io.sluice.coordinator.group.record.CommittedOffset;
import io.sluice.coordinator.group.record.OffsetRecord;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Offsets that producers have committed in transactions which have not ended (KIP-98, KIP-447). Changed by records and markers alone.
 *
 * <p>When a transaction is committed its offsets count from the place of their records on: what was written for a partition after them stays.
 */
final class PendingOffsets {
    private record Place(String groupId, TopicPartition partition) {}

    /** @param counts false when a later record took its place */
    private record Pending(Place place, CommittedOffset offset, long order, boolean counts) {
        Pending overtaken() {
            return new Pending(place, offset, order, false);
        }
    }

    private final Map<Long, Map<Place, Pending>> byProducer = new HashMap<>();
    private final Map<String, Map<TopicPartition, Set<Long>>> producers = new HashMap<>();

    void put(long producerId, OffsetRecord record, CommittedOffset offset, long order) {
        Place place = new Place(record.groupId(), record.partition());
        byProducer
                .computeIfAbsent(producerId, id -> new HashMap<>())
                .put(place, new Pending(place, offset, order, true));
        producers
                .computeIfAbsent(record.groupId(), id -> new HashMap<>())
                .computeIfAbsent(record.partition(), partition -> new HashSet<>())
                .add(producerId);
    }

    boolean isPending(String groupId, TopicPartition partition) {
        return partitions(groupId).contains(partition);
    }

    /** The partitions of a group for which offsets are pending. */
    Set<TopicPartition> partitions(String groupId) {
        Map<TopicPartition, Set<Long>> pending = producers.get(groupId);
        return pending == null ? Set.of() : pending.keySet();
    }

    Set<String> groupIds() {
        return producers.keySet();
    }

    /** An offset was committed for a partition: what is pending since before that will not count. */
    void overtake(String groupId, TopicPartition partition, long order) {
        Map<TopicPartition, Set<Long>> pending = producers.get(groupId);
        Set<Long> holders = pending == null ? null : pending.get(partition);
        if (holders == null) {
            return;
        }
        Place place = new Place(groupId, partition);
        for (long producerId : holders) {
            Map<Place, Pending> offsets = byProducer.get(producerId);
            if (offsets != null) {
                offsets.computeIfPresent(place, (key, old) -> old.order() < order ? old.overtaken() : old);
            }
        }
    }

    /** An offset was removed, and with it all that is pending for its partition. */
    void drop(String groupId, TopicPartition partition) {
        Map<TopicPartition, Set<Long>> pending = producers.get(groupId);
        Set<Long> holders = pending == null ? null : pending.remove(partition);
        if (pending == null || holders == null) {
            return;
        }
        if (pending.isEmpty()) {
            producers.remove(groupId);
        }
        Place place = new Place(groupId, partition);
        for (long producerId : holders) {
            Map<Place, Pending> offsets = byProducer.get(producerId);
            if (offsets != null && offsets.remove(place) != null && offsets.isEmpty()) {
                byProducer.remove(producerId);
            }
        }
    }

    /** What an offset that counts now is to be put as. */
    @FunctionalInterface
    interface Sink {
        void count(OffsetRecord record, long order);
    }

    /** The transaction of a producer has ended: gives those of its offsets that count to the sink, in their order, or nothing. */
    void end(long producerId, @Nullable Sink sink) {
        Map<Place, Pending> offsets = byProducer.remove(producerId);
        if (offsets == null) {
            return;
        }
        List<Pending> ended = new ArrayList<>(offsets.values());
        ended.sort(Comparator.comparingLong(Pending::order));
        for (Pending offset : ended) {
            forget(producerId, offset.place());
        }
        for (Pending offset : ended) {
            if (sink != null && offset.counts()) {
                Place place = offset.place();
                sink.count(new OffsetRecord(place.groupId(), place.partition(), offset.offset()), offset.order());
            }
        }
    }

    private void forget(long producerId, Place place) {
        Map<TopicPartition, Set<Long>> pending = producers.get(place.groupId());
        Set<Long> holders = pending == null ? null : pending.get(place.partition());
        if (pending != null && holders != null && holders.remove(producerId) && holders.isEmpty()) {
            pending.remove(place.partition());
            if (pending.isEmpty()) {
                producers.remove(place.groupId());
            }
        }
    }
}
