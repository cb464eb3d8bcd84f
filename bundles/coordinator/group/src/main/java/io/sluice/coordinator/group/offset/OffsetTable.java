package io.sluice.coordinator.group.offset;

import io.sluice.base.TopicPartition;
import io.sluice.coordinator.group.record.CommittedOffset;
import io.sluice.coordinator.group.record.OffsetRecord;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** The committed offsets of one partition's groups, and those that wait for the end of a transaction. Changed by records and markers alone. */
public final class OffsetTable {
    private final Map<String, Map<TopicPartition, CommittedOffset>> byGroup = new HashMap<>();
    private final PendingOffsets pending = new PendingOffsets();
    private long order;

    public void replay(OffsetRecord record) {
        order++;
        if (record.value() != null) {
            put(record, record.value(), order);
            return;
        }
        pending.drop(record.groupId(), record.partition());
        Map<TopicPartition, CommittedOffset> offsets = byGroup.get(record.groupId());
        if (offsets != null && offsets.remove(record.partition()) != null && offsets.isEmpty()) {
            byGroup.remove(record.groupId());
        }
    }

    private void put(OffsetRecord record, CommittedOffset offset, long place) {
        byGroup.computeIfAbsent(record.groupId(), id -> new HashMap<>()).put(record.partition(), offset);
        pending.overtake(record.groupId(), record.partition(), place);
    }

    /** Takes an offset that a producer has committed in its transaction. */
    public void replayPending(long producerId, OffsetRecord record) {
        order++;
        if (record.value() != null) {
            pending.put(producerId, record, record.value(), order);
        }
    }

    /** The transaction of a producer has ended: its offsets count, or never will. */
    public void endTransaction(long producerId, boolean committed) {
        pending.end(producerId, committed ? this::count : null);
    }

    private void count(OffsetRecord record, long place) {
        if (record.value() != null) {
            put(record, record.value(), place);
        }
    }

    public @Nullable CommittedOffset find(String groupId, TopicPartition partition) {
        return of(groupId).get(partition);
    }

    public Map<TopicPartition, CommittedOffset> of(String groupId) {
        Map<TopicPartition, CommittedOffset> offsets = byGroup.get(groupId);
        return offsets == null ? Map.of() : Collections.unmodifiableMap(offsets);
    }

    /** True when an offset for the partition waits for the end of a transaction. */
    public boolean isPending(String groupId, TopicPartition partition) {
        return pending.isPending(groupId, partition);
    }

    /** True when nothing is committed in the group, nor waits to be. */
    public boolean isEmpty(String groupId) {
        return !byGroup.containsKey(groupId) && pending.partitions(groupId).isEmpty();
    }

    /** The groups with offsets, committed or pending. */
    public List<String> groupIds() {
        Set<String> ids = new HashSet<>(byGroup.keySet());
        ids.addAll(pending.groupIds());
        return new ArrayList<>(ids);
    }

    /** The tombstones of those of a group's committed offsets that are chosen. */
    public List<OffsetRecord> tombstones(String groupId, BiPredicate<TopicPartition, CommittedOffset> chosen) {
        List<OffsetRecord> tombstones = new ArrayList<>();
        of(groupId).forEach((partition, offset) -> {
            if (chosen.test(partition, offset)) {
                tombstones.add(new OffsetRecord(groupId, partition, null));
            }
        });
        return tombstones;
    }

    /** The tombstones of all that is committed or pending in a group for the partitions that are chosen. */
    public List<OffsetRecord> allTombstones(
            String groupId, BiPredicate<TopicPartition, @Nullable CommittedOffset> chosen) {
        List<OffsetRecord> tombstones = new ArrayList<>();
        Set<TopicPartition> partitions = new HashSet<>(of(groupId).keySet());
        partitions.addAll(pending.partitions(groupId));
        for (TopicPartition partition : partitions) {
            if (chosen.test(partition, find(groupId, partition))) {
                tombstones.add(new OffsetRecord(groupId, partition, null));
            }
        }
        return tombstones;
    }
}
