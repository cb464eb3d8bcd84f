package io.sluice.coordinator.group.classic;

import io.sluice.coordinator.group.record.ForeignRecord;
import io.sluice.coordinator.group.record.GroupMetadataRecord;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The classic groups of one partition, and the ids that groups of other types reserve.
 *
 * <p>While the log is replayed, records make the groups. Afterwards the groups change first and their records only tell of it, so that nothing
 * but a removal is taken from one.
 */
public final class ClassicGroups {
    private final Map<String, ClassicGroup> groups = new HashMap<>();
    private final Map<String, Set<ByteBuffer>> reserved = new HashMap<>();
    private final Predicate<String> elsewhere;
    private boolean live;

    /** @param elsewhere whether a group of another kind that is known here has an id */
    public ClassicGroups(Predicate<String> elsewhere) {
        this.elsewhere = elsewhere;
    }

    public @Nullable ClassicGroup find(String groupId) {
        return groups.get(groupId);
    }

    public boolean contains(String groupId) {
        return groups.containsKey(groupId);
    }

    /** True when a group of a kind that another bundle brings has the id, be that installed or not. */
    public boolean isReserved(String groupId) {
        return !groups.containsKey(groupId) && (reserved.containsKey(groupId) || elsewhere.test(groupId));
    }

    /** True when a group has the id whose kind is not installed. */
    public boolean isOpaque(String groupId) {
        return reserved.containsKey(groupId);
    }

    public ClassicGroup findOrCreate(String groupId) {
        return groups.computeIfAbsent(groupId, ClassicGroup::new);
    }

    /** Puts in a group whose record has just been written. */
    void adopt(ClassicGroup group) {
        groups.put(group.groupId(), group);
    }

    void forget(String groupId) {
        groups.remove(groupId);
    }

    public Collection<ClassicGroup> all() {
        return groups.values();
    }

    /** The groups' ids now, for walks during which groups may go. */
    public List<String> ids() {
        return new ArrayList<>(groups.keySet());
    }

    public void replay(GroupMetadataRecord record) {
        if (record.value() == null) {
            groups.remove(record.groupId());
        } else if (!live) {
            groups.put(record.groupId(), GroupRecords.read(record.groupId(), record.value()));
        }
    }

    /** Takes a record of a kind that is not installed. */
    public void reserve(ForeignRecord record) {
        ByteBuffer key = record.record().key();
        if (!record.record().isTombstone()) {
            reserved.computeIfAbsent(record.groupId(), id -> new HashSet<>()).add(key);
            return;
        }
        Set<ByteBuffer> keys = reserved.get(record.groupId());
        if (keys != null && keys.remove(key) && keys.isEmpty()) {
            reserved.remove(record.groupId());
        }
    }

    /** A commit tells of a group that has no record of its own: a simple consumer's. */
    public void replayOffsetOf(String groupId) {
        if (!isReserved(groupId)) {
            findOrCreate(groupId);
        }
    }

    /**
     * The id belongs to a group of another type. What is left here is what commits told of, before the log came to that group's records: compaction
     * may have left them in this order.
     */
    public void yieldTo(String groupId) {
        ClassicGroup group = groups.get(groupId);
        if (group != null && group.size() == 0) {
            groups.remove(groupId);
        }
    }

    /** The log is replayed. */
    public void goLive() {
        live = true;
    }
}
