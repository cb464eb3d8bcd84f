package io.sluice.coordinator.group.consumer;

import io.sluice.coordinator.group.classic.ClassicGroup;
import io.sluice.coordinator.group.record.ConsumerGroupRecord;
import io.sluice.coordinator.group.record.GroupMetadataRecord;
import io.sluice.coordinator.group.record.GroupRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The group that a heartbeat is for, and what it takes to have it. Nothing has happened yet: the records are written together with those of the
 * heartbeat, so that one that is refused leaves everything as it was.
 *
 * @param group as it is, or as it will be when the records are written
 * @param records that make room for the group
 * @param upgraded the classic group whose members it takes along, or null
 */
record Room(
        ConsumerGroup group,
        List<GroupRecord> records,
        @Nullable ClassicGroup upgraded) {
    static Room of(ConsumerGroup present) {
        return new Room(present, List.of(), null);
    }

    /** A group that begins, in the place of a classic one without members or of none. */
    static Room vacant(String groupId, @Nullable ClassicGroup empty) {
        return new Room(
                new ConsumerGroup(groupId),
                empty == null ? List.of() : List.of(new GroupMetadataRecord(groupId, null)),
                null);
    }

    /** A group that takes a classic one's members along, as the records say. */
    static Room ofUpgrade(ClassicGroup classic, List<GroupRecord> records) {
        ConsumerGroup group = new ConsumerGroup(classic.groupId());
        for (GroupRecord record : records) {
            if (record instanceof ConsumerGroupRecord change) {
                group.replay(change);
            }
        }
        return new Room(group, records, classic);
    }
}
