package io.sluice.coordinator.api;

import io.sluice.base.ErrorCode;
import io.sluice.base.Uuid;
import io.sluice.coordinator.runtime.Reply;
import io.sluice.coordinator.runtime.StateMachine;
import io.sluice.coordinator.runtime.Turn;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * The groups of one kind in one partition of {@code __consumer_offsets}: a deterministic state machine, with all that {@link StateMachine} says. It
 * is called by one thread at a time, within the turns of the partition, never blocks, and must not use a turn after the call.
 *
 * <p>{@link #replay} gets the records of the kind's types: from the log while it is loaded, and at once when a turn of the kind has written them.
 * When an append fails, or a call throws, the whole partition is loaded again with a new state.
 */
@ConsumerType
public interface GroupKindState extends StateMachine<KindRecord> {
    /** True when a group of this kind has the id, with members or without. Its records reserve the id as long as this is true. */
    boolean contains(String groupId);

    /** All groups, for ListGroups. */
    List<ListedGroup> list();

    /**
     * Another kind wants the id of a group of this kind, because a member of that kind joins. Gives it free by writing the tombstones of the group
     * when the group has no members and the kind lets go of such groups; the group's committed offsets stay.
     *
     * @return false when the group stays, as all do by default; the member is refused then
     */
    default boolean vacate(Turn<KindRecord> turn, String groupId) {
        return false;
    }

    /**
     * DeleteGroups. Answers with {@code NONE} when the group is gone, or {@code NON_EMPTY_GROUP}; the answer may come in a later turn.
     * Whoever removes a group calls {@link GroupKindContext#forgetOffsets} in the same turn.
     */
    void delete(Turn<KindRecord> turn, String groupId, Reply<ErrorCode> reply);

    /** Whether somebody may commit offsets in a group of this kind; nobody may by default ({@code GROUP_ID_NOT_FOUND}). */
    default ErrorCode mayCommit(CommitClaim claim) {
        return ErrorCode.GROUP_ID_NOT_FOUND;
    }

    /**
     * Whether somebody may read committed offsets of a group of this kind; nobody may by default ({@code GROUP_ID_NOT_FOUND}).
     *
     * @param memberId null for whoever does not say that it is a member
     * @param memberEpoch negative for whoever is none
     */
    default ErrorCode mayFetchOffsets(String groupId, @Nullable String memberId, int memberEpoch) {
        return ErrorCode.GROUP_ID_NOT_FOUND;
    }

    /** Whether committed offsets of a group of this kind may be deleted; by default not ({@code GROUP_ID_NOT_FOUND}). */
    default ErrorCode mayDeleteOffsets(String groupId) {
        return ErrorCode.GROUP_ID_NOT_FOUND;
    }

    /** True when a member of the group consumes the topic: its offsets neither expire nor can be deleted. */
    default boolean isSubscribedTo(String groupId, String topic) {
        return false;
    }

    /** Asked from time to time for groups that have no committed offsets: a group that has no members either and is of no use is removed. */
    default void expire(Turn<KindRecord> turn, String groupId) {}

    /** Topics have come, changed or gone; {@link GroupKindContext#image} has them as they are now. */
    default void topicsChanged(Turn<KindRecord> turn) {}

    /** Topics are gone, by id and name; called at least once for each while the partition is loaded. */
    default void topicsDeleted(Turn<KindRecord> turn, Map<Uuid, String> topics) {}
}
