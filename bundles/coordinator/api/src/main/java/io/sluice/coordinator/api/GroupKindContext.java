package io.sluice.coordinator.api;

import io.sluice.base.RandomSource;
import io.sluice.cluster.api.MetadataImage;
import io.sluice.coordinator.runtime.Reply;
import io.sluice.coordinator.runtime.Timers;
import io.sluice.coordinator.runtime.Turn;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What the state of one kind in one partition has to work with. Valid as long as the state; to be used within its calls but for {@link #submit}.
 *
 * @param <S> the state
 */
@ProviderType
public interface GroupKindContext<S extends GroupKindState> {
    /** The partition of {@code __consumer_offsets}. */
    int partition();

    /** Timers of this state alone, fired in turns; their keys need not differ from those of other kinds. */
    Timers<KindRecord> timers();

    RandomSource random();

    /** The metadata as it is now. */
    MetadataImage image();

    /** The value that holds now for a key of the broker; null when the key has no default. */
    @Nullable
    String config(String key);

    /** The value that holds now for a key of a group ({@code share.session.timeout.ms}): its own, else that of the broker's key, else the default. */
    @Nullable
    String groupConfig(String groupId, String key);

    /** True when a group of another kind, installed or not, has the id. */
    boolean isTaken(String groupId);

    /**
     * Makes the id free for a group of this kind: an empty group of another kind is removed when that kind allows it, but for its offsets.
     *
     * @return false when the id stays taken; {@code true} also when it was free
     */
    boolean vacate(Turn<KindRecord> turn, String groupId);

    /** Removes all committed offsets of a group, pending ones of transactions too. */
    void forgetOffsets(Turn<KindRecord> turn, String groupId);

    /** True when offsets are committed in the group, or pending in a transaction. */
    boolean hasOffsets(String groupId);

    /** Hands an event to this state, from any thread; refused with {@code NOT_COORDINATOR} when the state is no longer in use. */
    void submit(Reply<?> reply, KindWork<S> work);
}
