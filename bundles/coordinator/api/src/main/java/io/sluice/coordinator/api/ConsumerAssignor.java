package io.sluice.coordinator.api;

import io.sluice.base.Uuid;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Distributes the partitions of the topics that a consumer group subscribes to (KIP-848). A whiteboard service: it is used when
 * {@code group.consumer.assignors} names it, for groups most of whose members ask for it, and for those that ask for none when it is named first.
 *
 * <p>A pure computation that does not block; the same input has the same result. Any thread.
 */
@ConsumerType
public interface ConsumerAssignor {
    /** The name by which members ask for it. */
    String name();

    /**
     * Each partition goes to at most one of its topic's subscribers. A result that breaks this, and whatever is thrown, refuses the heartbeat for which
     * it was asked, and the group stays as it is.
     *
     * @param members in the order of their ids
     * @param topics every topic that a member subscribes to
     * @return what each member is to have; members that are left out get nothing
     */
    Map<String, Set<PartitionId>> assign(List<Subscriber> members, Map<Uuid, AssignableTopic> topics);
}
