package io.sluice.coordinator.api;

import io.sluice.coordinator.runtime.Reply;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The way from the request handlers of a kind's bundle to the states of its kind. A service of the group coordinator's. Any thread; nothing blocks.
 *
 * <p>A kind that is not in use (its service is gone, or another of the same type took precedence) is refused with {@code NOT_COORDINATOR}; one that is
 * just being taken into use waits like any event that comes while a partition is loaded.
 */
@ProviderType
public interface GroupKinds {
    /** Hands an event to the state that holds the group; refused with {@code NOT_COORDINATOR} when it is not here. */
    <S extends GroupKindState> void submit(GroupKind<S> kind, String groupId, Reply<?> reply, KindWork<S> work);

    /** Hands an event to the state of one partition. */
    <S extends GroupKindState> void submit(GroupKind<S> kind, int partition, Reply<?> reply, KindWork<S> work);

    /** The partitions whose groups are coordinated here. */
    List<Integer> partitions();
}
