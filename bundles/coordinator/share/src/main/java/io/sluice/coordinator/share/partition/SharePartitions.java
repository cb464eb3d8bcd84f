package io.sluice.coordinator.share.partition;

import io.sluice.base.TopicIdPartition;
import io.sluice.cluster.api.MetadataImage;
import io.sluice.cluster.api.PartitionImage;
import io.sluice.cluster.api.TopicImage;
import io.sluice.coordinator.share.state.SharePartitionKey;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The share partitions that this broker leads and that somebody has asked for. One that is closed, because it was fenced, lost its leadership or could
 * not keep what it knew, makes room for another. Any thread.
 */
public final class SharePartitions {
    private final ShareEnvironment environment;
    private final int nodeId;
    private final Map<SharePartitionKey, SharePartition> partitions = new ConcurrentHashMap<>();
    private volatile boolean closed;

    public SharePartitions(ShareEnvironment environment, int nodeId) {
        this.environment = environment;
        this.nodeId = nodeId;
    }

    /** The share partition, loaded or about to be; null when this broker does not lead the partition. */
    public @Nullable SharePartition get(SharePartitionKey key, MetadataImage image) {
        TopicImage topic = image.topic(key.topicId());
        PartitionImage led = ledHere(key, topic);
        if (topic == null || led == null || closed) {
            return null;
        }
        SharePartition present = partitions.get(key);
        if (present != null && present.leaderEpoch() < led.leaderEpoch()) {
            present.close();
            present = null;
        }
        if (present != null) {
            return present;
        }
        TopicIdPartition partition = new TopicIdPartition(topic.id(), topic.name(), key.partition());
        SharePartition fresh = new SharePartition(key, partition, led.leaderEpoch(), environment, this::forget);
        SharePartition other = partitions.putIfAbsent(key, fresh);
        if (other != null) {
            return other;
        }
        fresh.load();
        if (closed) {
            // It came too late to be closed with all others.
            fresh.close();
        }
        return fresh;
    }

    /** The share partition if somebody has asked for it before; else null. */
    public @Nullable SharePartition find(SharePartitionKey key) {
        return partitions.get(key);
    }

    private @Nullable PartitionImage ledHere(SharePartitionKey key, @Nullable TopicImage topic) {
        if (topic == null
                || key.partition() < 0
                || key.partition() >= topic.partitions().size()) {
            return null;
        }
        PartitionImage partition = topic.partitions().get(key.partition());
        return partition.leader() == nodeId ? partition : null;
    }

    private void forget(SharePartition partition) {
        partitions.remove(partition.key(), partition);
    }

    /** Closes those that a newer leader has taken over, and those of topics that are gone. */
    public void follow(MetadataImage image) {
        closeIf(partition -> {
            PartitionImage led =
                    ledHere(partition.key(), image.topic(partition.key().topicId()));
            return led == null || led.leaderEpoch() > partition.leaderEpoch();
        });
    }

    /** Nobody reads any more in this group: its share partitions are loaded again for whoever comes. */
    public void retireGroup(String groupId) {
        for (SharePartition partition : List.copyOf(partitions.values())) {
            if (partition.key().groupId().equals(groupId)) {
                partition.retire();
            }
        }
    }

    /** Closes all, for good. */
    public void close() {
        closed = true;
        closeIf(partition -> true);
    }

    private void closeIf(Predicate<SharePartition> condition) {
        for (SharePartition partition : List.copyOf(partitions.values())) {
            if (condition.test(partition)) {
                partition.close();
            }
        }
    }
}
