package io.sluice.coordinator.share;

import io.sluice.broker.api.Broker;
import io.sluice.broker.api.LocalClient;
import io.sluice.broker.api.Partitions;
import io.sluice.cluster.api.Controller;
import io.sluice.cluster.api.MetadataImage;
import io.sluice.cluster.api.MetadataSource;
import io.sluice.coordinator.share.fetch.ShareSessions;
import io.sluice.coordinator.share.partition.SharePartitions;
import io.sluice.coordinator.share.state.ShareStateCoordinator;
import io.sluice.request.api.DisconnectListener;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Starts the coordinator with its bundle, and stops it within the time that an update allows. */
@Component(
        service = {ShareCoordinator.class, DisconnectListener.class},
        immediate = true)
public final class ShareCoordinatorComponent implements ShareCoordinator, DisconnectListener {
    private final ShareService service;

    @Activate
    public ShareCoordinatorComponent(
            @Reference Broker broker,
            @Reference Partitions partitions,
            @Reference MetadataSource metadata,
            @Reference Controller controller,
            @Reference LocalClient client) {
        service = new ShareService(
                broker, partitions, metadata, controller, client, System.getProperty("sluice.sabotage"));
        service.start();
    }

    @Deactivate
    void deactivate() {
        service.close();
    }

    @Override
    public void disconnected(long connectionId) {
        service.sessions().connectionLost(connectionId);
    }

    @Override
    public ShareStateCoordinator states() {
        return service.states();
    }

    @Override
    public SharePartitions sharePartitions() {
        return service.sharePartitions();
    }

    @Override
    public ShareSessions sessions() {
        return service.sessions();
    }

    @Override
    public ShareGroupSettings settings(String groupId) {
        return service.settings(groupId);
    }

    @Override
    public Broker broker() {
        return service.broker();
    }

    @Override
    public Partitions partitions() {
        return service.partitions();
    }

    @Override
    public MetadataImage image() {
        return service.image();
    }
}
