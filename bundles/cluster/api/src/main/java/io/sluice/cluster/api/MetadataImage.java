package io.sluice.cluster.api;

import io.sluice.base.TopicPartition;
import io.sluice.base.Uuid;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/** The cluster's metadata at one offset of its log. Immutable; any thread. */
@ProviderType
public interface MetadataImage {
    /** The last offset that is in it; -1 for the empty image. */
    long offset();

    /** The controller's epoch at that offset. */
    int epoch();

    /** The node id of the active controller, or -1. */
    int controllerId();

    Map<Integer, BrokerImage> brokers();

    Collection<TopicImage> topics();

    @Nullable
    TopicImage topic(String name);

    @Nullable
    TopicImage topic(Uuid id);

    default @Nullable PartitionImage partition(TopicPartition partition) {
        TopicImage topic = topic(partition.topic());
        if (topic == null
                || partition.partition() < 0
                || partition.partition() >= topic.partitions().size()) {
            return null;
        }
        return topic.partitions().get(partition.partition());
    }

    /** The keys that were set on a resource; empty when none were. */
    Map<String, String> config(ConfigResource resource);

    /** Finalised features and their levels. */
    Map<String, Short> features();

    /** The resources that have keys set. */
    default Collection<ConfigResource> configuredResources() {
        return List.of();
    }

    /** The users that have SCRAM credentials. */
    default Collection<String> scramUsers() {
        return List.of();
    }

    /** A user's SCRAM credentials; empty when there are none. */
    default Map<ScramMechanism, ScramCredential> scramCredentials(String user) {
        return Map.of();
    }

    /** Who has quotas. */
    default Collection<QuotaEntity> quotaEntities() {
        return List.of();
    }

    /** The quotas of exactly this entity, by key; empty when it has none. */
    default Map<String, Double> quotas(QuotaEntity entity) {
        return Map.of();
    }
}
