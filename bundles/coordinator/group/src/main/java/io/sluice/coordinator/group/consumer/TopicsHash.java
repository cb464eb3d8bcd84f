package io.sluice.coordinator.group.consumer;

import io.sluice.cluster.api.BrokerImage;
import io.sluice.cluster.api.MetadataImage;
import io.sluice.cluster.api.PartitionImage;
import io.sluice.cluster.api.TopicImage;
import java.util.Collection;
import java.util.SortedSet;
import java.util.TreeSet;

/** Tells whether anything about the topics of a group has changed that its assignment depends on (KIP-1101). Stateless. */
final class TopicsHash {
    private static final long SEED = 0xcbf29ce484222325L;
    private static final long PRIME = 0x100000001b3L;

    private TopicsHash() {}

    /** Changes when one of the topics comes, goes, is made anew, gets more partitions or other racks; 0 when there are none. */
    static long of(Collection<String> names, MetadataImage image) {
        long hash = 0L;
        for (String name : new TreeSet<>(names)) {
            TopicImage topic = image.topic(name);
            if (topic != null) {
                hash = mix(hash == 0L ? SEED : hash, topic, image);
            }
        }
        return hash;
    }

    private static long mix(long seed, TopicImage topic, MetadataImage image) {
        long hash = mix(seed, topic.id().mostSignificantBits());
        hash = mix(hash, topic.id().leastSignificantBits());
        hash = mix(hash, topic.partitions().size());
        for (PartitionImage partition : topic.partitions()) {
            for (String rack : racksOf(partition, image)) {
                hash = mix(mix(hash, partition.partition()), rack.hashCode());
            }
        }
        return hash;
    }

    private static long mix(long hash, long value) {
        long mixed = (hash ^ value) * PRIME;
        return mixed ^ (mixed >>> 29);
    }

    /** The racks of a partition's replicas, as far as their brokers say. */
    static SortedSet<String> racksOf(PartitionImage partition, MetadataImage image) {
        SortedSet<String> racks = new TreeSet<>();
        for (int replica : partition.replicas()) {
            BrokerImage broker = image.brokers().get(replica);
            if (broker != null && broker.rack() != null) {
                racks.add(broker.rack());
            }
        }
        return racks;
    }
}
