package io.sluice.coordinator.share;

import io.sluice.broker.api.Broker;
import io.sluice.broker.api.LocalClient;
import io.sluice.broker.api.Partitions;
import io.sluice.cluster.api.ConfigResource;
import io.sluice.cluster.api.Controller;
import io.sluice.cluster.api.MetadataImage;
import io.sluice.cluster.api.MetadataSource;
import io.sluice.coordinator.share.fetch.ShareSessions;
import io.sluice.coordinator.share.partition.DeadLetterTopics;
import io.sluice.coordinator.share.partition.ShareEnvironment;
import io.sluice.coordinator.share.partition.SharePartitions;
import io.sluice.coordinator.share.state.ForgetfulPersister;
import io.sluice.coordinator.share.state.ShareStateCoordinator;
import io.sluice.coordinator.share.state.StatePersister;
import io.sluice.coordinator.share.state.StateTopic;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The share groups' part of a broker: the coordinator of their state, and the share partitions that are led here.
 *
 * <p>Configuration is read each time it is needed, so that a change holds from the next event on.
 */
public final class ShareService implements ShareCoordinator, AutoCloseable {
    private static final int SESSIONS_MAX_DEFAULT = 2_000;

    private final Broker broker;
    private final Partitions partitions;
    private final MetadataSource metadata;
    private final ShareStateCoordinator states;
    private final SharePartitions sharePartitions;
    private final ShareSessions sessions;
    private MetadataSource.@Nullable Subscription subscription;

    /** @param sabotage the fault that a proof has switched on; null for none */
    public ShareService(
            Broker broker,
            Partitions partitions,
            MetadataSource metadata,
            Controller controller,
            LocalClient client,
            @Nullable String sabotage) {
        this.broker = broker;
        this.partitions = partitions;
        this.metadata = metadata;
        this.states = new ShareStateCoordinator(broker, partitions, metadata, new StateTopic(client, broker.time()));
        DeadLetterTopics deadLetters = new DeadLetterTopics(broker, partitions, metadata, controller, this::settings);
        StatePersister persister = ForgetfulPersister.NAME.equals(sabotage) ? new ForgetfulPersister(states) : states;
        ShareEnvironment environment = new ShareEnvironment(
                persister, partitions, broker.scheduler(), broker.time(), this::settings, deadLetters);
        this.sharePartitions = new SharePartitions(environment, broker.nodeId());
        this.sessions = new ShareSessions(
                sharePartitions,
                broker.time(),
                () -> ShareGroupSettings.number(
                        broker::config, "group.share.max.share.sessions", SESSIONS_MAX_DEFAULT));
    }

    public void start() {
        states.start();
        subscription = metadata.subscribe((delta, image) -> {
            if (!delta.changedTopics().isEmpty() || !delta.deletedTopics().isEmpty()) {
                sharePartitions.follow(image);
            }
        });
    }

    @Override
    public void close() {
        if (subscription != null) {
            subscription.close();
        }
        sharePartitions.close();
        states.close();
    }

    @Override
    public ShareStateCoordinator states() {
        return states;
    }

    @Override
    public SharePartitions sharePartitions() {
        return sharePartitions;
    }

    @Override
    public ShareSessions sessions() {
        return sessions;
    }

    @Override
    public ShareGroupSettings settings(String groupId) {
        Map<String, String> group = metadata.image().config(new ConfigResource(ConfigResource.Type.GROUP, groupId));
        return ShareGroupSettings.from(group::get, broker::config);
    }

    @Override
    public Broker broker() {
        return broker;
    }

    @Override
    public Partitions partitions() {
        return partitions;
    }

    @Override
    public MetadataImage image() {
        return metadata.image();
    }
}
