package io.sluice.coordinator.group.offset;

import io.sluice.base.TopicPartition;
import io.sluice.coordinator.group.record.CommittedOffset;
import io.sluice.coordinator.group.record.OffsetRecord;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** The committed offsets of one partition's groups. Changed by records alone. */
public final class OffsetTable {
    private final Map<String, Map<TopicPartition, CommittedOffset>> byGroup = new HashMap<>();

    public void replay(OffsetRecord record) {
        if (record.value() != null) {
            byGroup.computeIfAbsent(record.groupId(), id -> new HashMap<>()).put(record.partition(), record.value());
            return;
        }
        Map<TopicPartition, CommittedOffset> offsets = byGroup.get(record.groupId());
        if (offsets != null && offsets.remove(record.partition()) != null && offsets.isEmpty()) {
            byGroup.remove(record.groupId());
        }
    }

    public @Nullable CommittedOffset find(String groupId, TopicPartition partition) {
        return of(groupId).get(partition);
    }

    public Map<TopicPartition, CommittedOffset> of(String groupId) {
        Map<TopicPartition, CommittedOffset> offsets = byGroup.get(groupId);
        return offsets == null ? Map.of() : Collections.unmodifiableMap(offsets);
    }

    public List<String> groupIds() {
        return new ArrayList<>(byGroup.keySet());
    }

    /** The tombstones of those of a group's offsets that are chosen. */
    public List<OffsetRecord> tombstones(String groupId, BiPredicate<TopicPartition, CommittedOffset> chosen) {
        List<OffsetRecord> tombstones = new ArrayList<>();
        of(groupId).forEach((partition, offset) -> {
            if (chosen.test(partition, offset)) {
                tombstones.add(new OffsetRecord(groupId, partition, null));
            }
        });
        return tombstones;
    }
}
