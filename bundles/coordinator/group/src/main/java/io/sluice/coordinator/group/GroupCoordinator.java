package io.sluice.coordinator.group;

import io.sluice.cluster.api.MetadataImage;
import io.sluice.coordinator.group.record.GroupRecord;
import io.sluice.coordinator.runtime.Reply;
import io.sluice.coordinator.runtime.Work;
import java.util.List;

/** The coordinator as request handlers see it. Safe for use from any thread; nothing blocks. */
public interface GroupCoordinator {
    /** Hands an event to the state that holds the group; refused with {@code NOT_COORDINATOR} when it is not here. */
    void submit(String groupId, Reply<?> reply, Work<GroupShard, GroupRecord> work);

    /** Hands an event to the state of one partition. */
    void submit(int partition, Reply<?> reply, Work<GroupShard, GroupRecord> work);

    /** The partition of {@code __consumer_offsets} that holds the group; -1 while there is no such topic. */
    int partitionOf(String groupId);

    /** The partitions whose groups are coordinated here. */
    List<Integer> partitions();

    GroupConfig config();

    MetadataImage image();
}
