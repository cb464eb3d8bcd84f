package io.sluice.coordinator.share.group;

import io.sluice.base.Uuid;
import io.sluice.cluster.api.MetadataImage;
import io.sluice.cluster.api.TopicImage;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The topics that a group's members read, as they are in one image. */
final class SubscribedTopics {
    private static final long PRIME = 1_099_511_628_211L;
    private static final long BASIS = -3_750_763_034_362_895_579L;

    private final MetadataImage image;
    private final Map<String, TopicImage> topics = new TreeMap<>();

    SubscribedTopics(MetadataImage image, ShareGroup group) {
        this.image = image;
        for (ShareMember member : group.members()) {
            for (String name : member.topics()) {
                TopicImage topic = image.topic(name);
                if (topic != null) {
                    topics.put(name, topic);
                }
            }
        }
    }

    /** Differs when a topic came, went, or has more partitions. */
    long hash() {
        long hash = BASIS;
        for (TopicImage topic : topics.values()) {
            hash = mix(hash, topic.id().mostSignificantBits());
            hash = mix(hash, topic.id().leastSignificantBits());
            hash = mix(hash, topic.partitions().size());
        }
        return topics.isEmpty() ? 0L : hash;
    }

    private static long mix(long hash, long value) {
        long mixed = (hash ^ value) * PRIME;
        return mixed ^ (mixed >>> 29);
    }

    PartitionSet partitions() {
        Map<Uuid, Set<Integer>> all = new HashMap<>();
        for (TopicImage topic : topics.values()) {
            Set<Integer> numbers = new TreeSet<>();
            for (int i = 0; i < topic.partitions().size(); i++) {
                numbers.add(i);
            }
            all.put(topic.id(), numbers);
        }
        return PartitionSet.of(all);
    }

    Map<Uuid, String> names() {
        Map<Uuid, String> names = new HashMap<>();
        topics.values().forEach(topic -> names.put(topic.id(), topic.name()));
        return names;
    }

    Set<Uuid> of(ShareMember member) {
        Set<Uuid> ids = new HashSet<>();
        for (String name : member.topics()) {
            TopicImage topic = image.topic(name);
            if (topic != null) {
                ids.add(topic.id());
            }
        }
        return ids;
    }
}
