package io.sluice.coordinator.group.consumer;

import io.sluice.base.Uuid;
import io.sluice.cluster.api.MetadataImage;
import io.sluice.cluster.api.PartitionImage;
import io.sluice.cluster.api.TopicImage;
import io.sluice.coordinator.api.AssignableTopic;
import io.sluice.coordinator.api.ConsumerAssignor;
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
import java.util.function.Function;

/**
 * The topics that members subscribe to and that exist in one image.
 *
 * @param regexes the topics of each regular expression that has been looked up
 */
record Subscriptions(Collection<ConsumerMember> members, Map<String, Set<String>> regexes, MetadataImage image) {
    private Set<String> namesOf(ConsumerMember member) {
        MemberMetadata metadata = member.metadata();
        if (!metadata.hasRegex()) {
            return metadata.topics();
        }
        Set<String> names = new HashSet<>(metadata.topics());
        names.addAll(regexes.getOrDefault(metadata.regex(), Set.of()));
        return names;
    }

    /** What each member is to have, if they have been to have this so far. */
    Map<String, Set<PartitionId>> assign(ConsumerAssignor assignor, Function<String, Set<PartitionId>> heldBy) {
        Map<Uuid, AssignableTopic> described = new HashMap<>();
        List<Subscriber> subscribers = new ArrayList<>(members.size());
        for (ConsumerMember member : members) {
            Set<Uuid> topics = new HashSet<>();
            for (String name : namesOf(member)) {
                TopicImage topic = image.topic(name);
                if (topic != null) {
                    topics.add(topic.id());
                    described.computeIfAbsent(topic.id(), id -> describe(topic));
                }
            }
            subscribers.add(new Subscriber(
                    member.memberId(),
                    member.metadata().instanceId(),
                    member.metadata().rackId(),
                    topics,
                    heldBy.apply(member.memberId())));
        }
        subscribers.sort(Comparator.comparing(Subscriber::memberId));
        return checked(subscribers, described, assignor.assign(List.copyOf(subscribers), Map.copyOf(described)));
    }

    /** An assignor of another bundle may be wrong: then there is no assignment. The result is our own, whatever the assignor keeps. */
    private static Map<String, Set<PartitionId>> checked(
            List<Subscriber> subscribers, Map<Uuid, AssignableTopic> topics, Map<String, Set<PartitionId>> assignment) {
        Map<String, Set<PartitionId>> copy = new HashMap<>();
        Set<PartitionId> given = new HashSet<>();
        for (Subscriber subscriber : subscribers) {
            Set<PartitionId> share = Set.copyOf(assignment.getOrDefault(subscriber.memberId(), Set.of()));
            for (PartitionId partition : share) {
                AssignableTopic topic = topics.get(partition.topicId());
                boolean exists =
                        topic != null && partition.partition() >= 0 && partition.partition() < topic.partitionCount();
                if (!exists || !subscriber.topics().contains(partition.topicId()) || !given.add(partition)) {
                    throw new IllegalStateException("the assignor gave " + partition + " to " + subscriber.memberId()
                            + ", which may not have it");
                }
            }
            copy.put(subscriber.memberId(), share);
        }
        return copy;
    }

    private AssignableTopic describe(TopicImage topic) {
        List<Set<String>> racks = new ArrayList<>(topic.partitions().size());
        for (PartitionImage partition : topic.partitions()) {
            racks.add(Set.copyOf(TopicsHash.racksOf(partition, image)));
        }
        return new AssignableTopic(racks.size(), racks);
    }
}
