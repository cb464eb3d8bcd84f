package io.sluice.coordinator.share.state;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The share partitions of one partition of {@code __share_group_state}, made by replay alone. For one state machine. */
final class ShareStateTable {
    private final Map<SharePartitionKey, Entry> entries = new HashMap<>();

    /** A share partition, and how many updates of it follow its last snapshot in the log. */
    private static final class Entry {
        private ShareState state;
        private int updates;

        Entry(ShareState state) {
            this.state = state;
        }
    }

    void replay(ShareStateRecord record) {
        if (record instanceof ShareStateRecord.Snapshot snapshot) {
            if (snapshot.state() == null) {
                entries.remove(snapshot.key());
            } else {
                entries.put(snapshot.key(), new Entry(snapshot.state()));
            }
        } else if (record instanceof ShareStateRecord.Update update) {
            Entry entry = entries.get(update.key());
            if (entry != null) {
                // An update without its snapshot was left over by a deletion that took the snapshot.
                entry.state = applied(entry.state, update);
                entry.updates++;
            }
        }
    }

    private static ShareState applied(ShareState state, ShareStateRecord.Update update) {
        StateChange change = new StateChange(
                state.stateEpoch(),
                update.leaderEpoch(),
                update.startOffset(),
                update.deliveryCompleteCount(),
                update.batches());
        return state.with(change, state.writeTimestampMs());
    }

    @Nullable
    ShareState state(SharePartitionKey key) {
        Entry entry = entries.get(key);
        return entry == null ? null : entry.state;
    }

    /** How many updates follow the last snapshot. */
    int updates(SharePartitionKey key) {
        Entry entry = entries.get(key);
        return entry == null ? 0 : entry.updates;
    }

    int size() {
        return entries.size();
    }

    List<SharePartitionKey> keys() {
        return List.copyOf(entries.keySet());
    }

    /** The share partitions of these topics' ids. */
    List<SharePartitionKey> ofTopics(Set<io.sluice.base.Uuid> topics) {
        List<SharePartitionKey> found = new ArrayList<>();
        for (SharePartitionKey key : entries.keySet()) {
            if (topics.contains(key.topicId())) {
                found.add(key);
            }
        }
        return found;
    }
}
