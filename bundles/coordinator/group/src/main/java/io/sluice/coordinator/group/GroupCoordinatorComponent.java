package io.sluice.coordinator.group;

import io.sluice.broker.api.Broker;
import io.sluice.broker.api.Partitions;
import io.sluice.cluster.api.MetadataImage;
import io.sluice.cluster.api.MetadataSource;
import io.sluice.coordinator.group.record.GroupRecord;
import io.sluice.coordinator.runtime.Reply;
import io.sluice.coordinator.runtime.Work;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Starts the coordinator with its bundle, and stops it within the time that an update allows. */
@Component(service = GroupCoordinator.class, immediate = true)
public final class GroupCoordinatorComponent implements GroupCoordinator {
    private final ShardedGroupCoordinator coordinator;

    @Activate
    public GroupCoordinatorComponent(
            @Reference Broker broker, @Reference Partitions partitions, @Reference MetadataSource metadata) {
        coordinator = new ShardedGroupCoordinator(broker, partitions, metadata);
        coordinator.start();
    }

    @Deactivate
    void deactivate() {
        coordinator.close();
    }

    @Override
    public void submit(String groupId, Reply<?> reply, Work<GroupShard, GroupRecord> work) {
        coordinator.submit(groupId, reply, work);
    }

    @Override
    public void submit(int partition, Reply<?> reply, Work<GroupShard, GroupRecord> work) {
        coordinator.submit(partition, reply, work);
    }

    @Override
    public List<Integer> partitions() {
        return coordinator.partitions();
    }

    @Override
    public GroupConfig config() {
        return coordinator.config();
    }

    @Override
    public MetadataImage image() {
        return coordinator.image();
    }
}
