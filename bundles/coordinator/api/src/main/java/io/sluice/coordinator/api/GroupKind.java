package io.sluice.coordinator.api;

import java.util.Set;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A kind of groups beside the classic and the consumer groups: share groups (KIP-932), streams groups (KIP-1071). A whiteboard service and a cheap
 * factory: nothing that it is asked does any I/O or takes long. Any thread.
 *
 * <p>While the service is there, the group coordinator has one state of it for each partition of {@code __consumer_offsets} that it leads, and gives
 * that the records whose keys are of the kind's types. When the service comes or goes the coordinator loads all states again, which clients notice
 * as a pause of milliseconds; without the service its records lie in the log untouched and reserve the ids of their groups.
 *
 * @param <S> the state of one partition
 */
@ConsumerType
public interface GroupKind<S extends GroupKindState> {
    /** How ListGroups names groups of this kind, in lower case: {@code share}. No two services may have the same. */
    String type();

    /** The types of the record keys that belong to the kind. Each belongs to one kind only. */
    Set<Short> recordTypes();

    /** Makes the empty state of one partition, before its records are replayed. */
    S create(GroupKindContext<S> context);
}
