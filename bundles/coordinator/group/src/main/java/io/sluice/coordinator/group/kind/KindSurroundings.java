package io.sluice.coordinator.group.kind;

import io.sluice.base.RandomSource;
import io.sluice.coordinator.api.GroupKind;
import io.sluice.coordinator.api.GroupKindState;
import io.sluice.coordinator.api.KindWork;
import io.sluice.coordinator.group.GroupSettings;
import io.sluice.coordinator.group.record.GroupRecord;
import io.sluice.coordinator.runtime.Reply;
import io.sluice.coordinator.runtime.Timers;
import io.sluice.coordinator.runtime.Turn;

/**
 * The partition around the states of kinds.
 *
 * @param own the groups of the kinds that the group bundle has itself
 */
public record KindSurroundings(
        int partition,
        Timers<GroupRecord> timers,
        RandomSource random,
        GroupSettings settings,
        OwnGroups own,
        Submission submission) {
    /** The classic and the consumer groups, ids that nobody here knows, and the offsets of all groups. */
    public interface OwnGroups {
        boolean contains(String groupId);

        /** Makes the id free if it is one of these groups'; false when that cannot be. */
        boolean vacate(Turn<GroupRecord> turn, String groupId);

        boolean hasOffsets(String groupId);

        void forgetOffsets(Turn<GroupRecord> turn, String groupId);
    }

    /** Hands an event to the present state of a kind in the partition. */
    @FunctionalInterface
    public interface Submission {
        <S extends GroupKindState> void submit(GroupKind<S> kind, int partition, Reply<?> reply, KindWork<S> work);
    }
}
