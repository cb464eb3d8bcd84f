package io.sluice.coordinator.group.consumer;

import io.sluice.base.Uuid;
import io.sluice.cluster.api.MetadataImage;
import io.sluice.cluster.api.TopicImage;
import io.sluice.coordinator.group.assignor.PartitionAssignor;
import io.sluice.coordinator.api.PartitionId;
import io.sluice.coordinator.api.Subscriber;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The topics that members subscribe to and that exist in one image.
 *
 * @param regexes the topics of each regular expression that has been looked up
 */
record Subscriptions(Collection<ConsumerMember> members, Map<String, Set<String>> regexes, MetadataImage image) {
    private static final long HASH_SEED = 0xcbf29ce484222325L;
    private static final long HASH_PRIME = 0x100000001b3L;

    private Set<String> namesOf(ConsumerMember member) {
        MemberMetadata metadata = member.metadata();
        if (!metadata.hasRegex()) {
            return metadata.topics();
        }
        Set<String> names = new HashSet<>(metadata.topics());
        names.addAll(regexes.getOrDefault(metadata.regex(), Set.of()));
        return names;
    }

    /** Changes when one of the topics comes, goes, is made anew or gets more partitions; 0 when there are none. */
    long hash() {
        Map<String, TopicImage> topics = new TreeMap<>();
        for (ConsumerMember member : members) {
            for (String name : namesOf(member)) {
                TopicImage topic = image.topic(name);
                if (topic != null) {
                    topics.put(name, topic);
                }
            }
        }
        if (topics.isEmpty()) {
            return 0L;
        }
        long hash = HASH_SEED;
        for (TopicImage topic : topics.values()) {
            hash = mix(hash, topic.id().mostSignificantBits());
            hash = mix(hash, topic.id().leastSignificantBits());
            hash = mix(hash, topic.partitions().size());
        }
        return hash;
    }

    private static long mix(long hash, long value) {
        long mixed = (hash ^ value) * HASH_PRIME;
        return mixed ^ (mixed >>> 29);
    }

    /** What each member is to have, if they have been to have this so far. */
    Map<String, Set<PartitionId>> assign(PartitionAssignor assignor, Function<String, Set<PartitionId>> heldBy) {
        Map<Uuid, Integer> counts = new HashMap<>();
        List<Subscriber> subscribers = new ArrayList<>(members.size());
        for (ConsumerMember member : members) {
            Set<Uuid> topics = new HashSet<>();
            for (String name : namesOf(member)) {
                TopicImage topic = image.topic(name);
                if (topic != null) {
                    topics.add(topic.id());
                    counts.put(topic.id(), topic.partitions().size());
                }
            }
            subscribers.add(new Subscriber(
                    member.memberId(), member.metadata().instanceId(), topics, heldBy.apply(member.memberId())));
        }
        subscribers.sort(Comparator.comparing(Subscriber::memberId));
        return assignor.assign(subscribers, counts);
    }
}
