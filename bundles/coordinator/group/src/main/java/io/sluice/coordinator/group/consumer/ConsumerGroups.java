package io.sluice.coordinator.group.consumer;

import io.sluice.coordinator.group.record.ConsumerGroupRecord;
import io.sluice.coordinator.group.record.GroupRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The consumer groups of one partition. Changed by records alone. */
public final class ConsumerGroups {
    /** How groups of this type are listed. */
    public static final String TYPE = "consumer";

    private final Map<String, ConsumerGroup> groups = new LinkedHashMap<>();

    public @Nullable ConsumerGroup find(String groupId) {
        return groups.get(groupId);
    }

    public boolean contains(String groupId) {
        return groups.containsKey(groupId);
    }

    public Collection<ConsumerGroup> all() {
        return Collections.unmodifiableCollection(groups.values());
    }

    /** The groups' ids now, for walks during which groups may go. */
    public List<String> ids() {
        return new ArrayList<>(groups.keySet());
    }

    /** Takes a record; the first of a group makes it, the removal of its epoch ends it. */
    public void replay(ConsumerGroupRecord record) {
        String groupId = record.groupId();
        if (record instanceof ConsumerGroupRecord.Epoch && record.isTombstone()) {
            groups.remove(groupId);
            return;
        }
        ConsumerGroup group = groups.get(groupId);
        if (group == null) {
            if (record.isTombstone()) {
                return;
            }
            group = new ConsumerGroup(groupId);
            groups.put(groupId, group);
        }
        group.replay(record);
    }

    /** What removes a group that has no members. */
    public List<GroupRecord> tombstones(ConsumerGroup group) {
        return GroupRecords.groupGone(group);
    }
}
