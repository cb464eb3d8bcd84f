package io.sluice.broker.kernel;

import io.sluice.base.TopicIdPartition;
import io.sluice.base.TopicPartition;
import io.sluice.cluster.api.ConfigResource;
import io.sluice.cluster.api.MetadataDelta;
import io.sluice.cluster.api.MetadataImage;
import io.sluice.cluster.api.MetadataListener;
import io.sluice.cluster.api.PartitionImage;
import io.sluice.cluster.api.TopicImage;
import io.sluice.replication.api.LeaderState;
import io.sluice.storage.api.LogConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Makes the broker's partitions what the metadata says: they start, change and stop on deltas of the image and on nothing
 * else. A partition is in the table when this returns; its log is opened in the background, and what comes before waits.
 */
final class PartitionAssignments implements MetadataListener {
    private final int nodeId;
    private final PartitionTable table;
    private final EngineHosts engines;
    private final KernelServices services;
    private final TopicConfigs configs;
    private final TopicMigrations migrations;

    /** Effective configuration of a topic under an image. */
    @FunctionalInterface
    interface TopicConfigs {
        Map<String, String> effective(MetadataImage image, String topic);
    }

    PartitionAssignments(
            int nodeId,
            PartitionTable table,
            EngineHosts engines,
            KernelServices services,
            TopicConfigs configs,
            TopicMigrations migrations) {
        this.nodeId = nodeId;
        this.table = table;
        this.engines = engines;
        this.services = services;
        this.configs = configs;
        this.migrations = migrations;
    }

    @Override
    public void changed(MetadataDelta delta, MetadataImage image) {
        removeDeleted(delta);
        for (String name : delta.changedTopics()) {
            TopicImage topic = image.topic(name);
            if (topic != null) {
                apply(topic, image);
            }
        }
        reconfigure(delta, image);
    }

    private void removeDeleted(MetadataDelta delta) {
        if (delta.deletedTopics().isEmpty()) {
            return;
        }
        List<Partition> gone = new ArrayList<>();
        for (Partition partition : table.all()) {
            if (delta.deletedTopics().containsKey(partition.id().topicId())) {
                gone.add(partition);
            }
        }
        for (Partition partition : gone) {
            table.remove(partition.id().topicPartition());
            services.traffic().forget(partition.id().topicId(), partition.id().topic());
            engines.delete(partition, () -> migrations.topicDeleted(partition));
            table.leadership().resigned(partition.id().topic(), partition.id().partition());
        }
    }

    private void apply(TopicImage topic, MetadataImage image) {
        Map<String, String> effective = configs.effective(image, topic.name());
        LogConfig config = LogConfig.from(effective);
        for (PartitionImage partition : topic.partitions()) {
            if (partition.replicas().contains(nodeId)) {
                apply(topic, partition, config, engineOf(effective));
            }
        }
    }

    private static String engineOf(Map<String, String> effective) {
        return effective.getOrDefault("storage.engine", "segment");
    }

    private void apply(TopicImage topic, PartitionImage image, LogConfig config, String engine) {
        TopicPartition name = new TopicPartition(topic.name(), image.partition());
        LeaderState state = new LeaderState(
                image.leaderEpoch(),
                image.partitionEpoch(),
                image.replicas(),
                image.inSyncReplicas(),
                Math.min(config.minInsyncReplicas(), image.replicas().size()));
        boolean leading = image.leader() == nodeId;
        Partition present = table.find(name);
        if (present == null) {
            TopicIdPartition id = new TopicIdPartition(topic.id(), name);
            Partition made = new Partition(id, migrations.engineOf(id, engine), config, state, leading, services);
            table.add(made);
            if (migrations.admit(made)) {
                engines.host(made.engine()).add(made);
            }
            if (leading) {
                table.leadership().elected(topic.name(), image.partition(), image.leaderEpoch());
            }
            return;
        }
        boolean was = present.isLeading();
        int epochBefore = present.leaderEpoch();
        present.updateLeadership(state, leading);
        if (leading && (!was || epochBefore != state.leaderEpoch())) {
            table.leadership().elected(topic.name(), image.partition(), image.leaderEpoch());
        } else if (was && !leading) {
            table.leadership().resigned(topic.name(), image.partition());
        }
    }

    private void reconfigure(MetadataDelta delta, MetadataImage image) {
        boolean all = delta.changedConfigs().stream().anyMatch(r -> r.type() == ConfigResource.Type.BROKER);
        for (Partition partition : table.all()) {
            String topic = partition.id().topic();
            if (all || delta.changedConfigs().contains(new ConfigResource(ConfigResource.Type.TOPIC, topic))) {
                partition.reconfigure(LogConfig.from(configs.effective(image, topic)));
            }
        }
    }
}
