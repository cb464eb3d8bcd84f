package io.sluice.cluster.api.image;

import io.sluice.base.Uuid;
import io.sluice.cluster.api.PartitionImage;
import io.sluice.cluster.api.TopicImage;
import io.sluice.protocol.metadata.PartitionChangeRecord;
import io.sluice.protocol.metadata.PartitionRecord;
import io.sluice.protocol.metadata.RemoveTopicRecord;
import io.sluice.protocol.metadata.TopicRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The topics and partitions that a run of records makes, changes and removes. */
final class TopicChanges {
    private static final int LEADER_UNCHANGED = -2;

    private final ClusterImage base;
    private final Map<Uuid, Draft> drafts = new HashMap<>();
    private final Map<Uuid, String> removed = new HashMap<>();

    TopicChanges(ClusterImage base) {
        this.base = base;
    }

    void add(TopicRecord record) {
        TopicImage sameName = base.topic(record.name());
        if (drafts.containsKey(record.topicId())
                || (base.topic(record.topicId()) != null && !removed.containsKey(record.topicId()))
                || (sameName != null && !removed.containsKey(sameName.id()))) {
            throw new UnusableRecordException("A metadata record makes the topic " + record.name() + " of the id "
                    + record.topicId() + ", of which one is taken");
        }
        drafts.put(record.topicId(), new Draft(record.name(), record.topicId(), new ArrayList<>()));
    }

    void add(PartitionRecord record) {
        refuse(record.addingReplicas(), "adding replicas");
        refuse(record.removingReplicas(), "removing replicas");
        refuse(record.eligibleLeaderReplicas(), "eligible leader replicas");
        refuse(record.lastKnownElr(), "last known eligible leader replicas");
        draft(record.topicId())
                .put(new PartitionImage(
                        record.partitionId(),
                        record.replicas(),
                        record.isr(),
                        record.leader(),
                        record.leaderEpoch(),
                        record.partitionEpoch(),
                        record.directories()));
    }

    void change(PartitionChangeRecord record) {
        refuse(record.addingReplicas(), "adding replicas");
        refuse(record.removingReplicas(), "removing replicas");
        refuse(record.eligibleLeaderReplicas(), "eligible leader replicas");
        refuse(record.lastKnownElr(), "last known eligible leader replicas");
        Draft draft = draft(record.topicId());
        PartitionImage before = draft.partition(record.partitionId());
        boolean led = record.leader() != LEADER_UNCHANGED;
        draft.put(new PartitionImage(
                before.partition(),
                or(record.replicas(), before.replicas()),
                or(record.isr(), before.inSyncReplicas()),
                led ? record.leader() : before.leader(),
                before.leaderEpoch() + (led ? 1 : 0),
                before.partitionEpoch() + 1,
                or(record.directories(), before.directories())));
    }

    /** @return the topic's name */
    String remove(RemoveTopicRecord record) {
        Draft draft = drafts.remove(record.topicId());
        TopicImage existing = removed.containsKey(record.topicId()) ? null : base.topic(record.topicId());
        if (existing != null) {
            removed.put(existing.id(), existing.name());
            return existing.name();
        }
        if (draft == null) {
            throw unknown(record.topicId());
        }
        return draft.name;
    }

    Set<String> changed() {
        Set<String> names = new HashSet<>();
        drafts.values().forEach(draft -> names.add(draft.name));
        return names;
    }

    Map<Uuid, String> removed() {
        return removed;
    }

    ShardedMap<String, TopicImage> byName() {
        Map<String, TopicImage> added = new HashMap<>();
        drafts.values().forEach(draft -> added.put(draft.name, draft.image()));
        return base.topicsByName().with(added, new HashSet<>(removed.values()));
    }

    ShardedMap<Uuid, TopicImage> byId() {
        Map<Uuid, TopicImage> added = new HashMap<>();
        drafts.values().forEach(draft -> added.put(draft.id, draft.image()));
        return base.topicsById().with(added, removed.keySet());
    }

    ShardedMap<String, String> byMetricName() {
        Set<String> gone = new HashSet<>();
        for (String name : removed.values()) {
            if (ClusterImage.hasMetricName(name)) {
                gone.add(ClusterImage.metricName(name));
            }
        }
        Map<String, String> added = new HashMap<>();
        for (Draft draft : drafts.values()) {
            String metricName = ClusterImage.metricName(draft.name);
            boolean known = base.topic(draft.name) != null && !gone.contains(metricName);
            if (ClusterImage.hasMetricName(draft.name) && !known) {
                added.put(metricName, draft.name);
            }
        }
        return base.namesByMetricName().with(added, gone);
    }

    private Draft draft(Uuid id) {
        Draft draft = drafts.get(id);
        if (draft == null) {
            TopicImage existing = removed.containsKey(id) ? null : base.topic(id);
            if (existing == null) {
                throw unknown(id);
            }
            draft = new Draft(existing.name(), id, new ArrayList<>(existing.partitions()));
            drafts.put(id, draft);
        }
        return draft;
    }

    private static UnusableRecordException unknown(Uuid id) {
        return new UnusableRecordException("A metadata record names the topic id " + id + ", which no topic has");
    }

    private static <T> List<T> or(@Nullable List<T> changed, List<T> before) {
        return changed == null ? before : changed;
    }

    private static void refuse(@Nullable Collection<Integer> replicas, String what) {
        if (replicas != null && !replicas.isEmpty()) {
            throw new UnusableRecordException("A metadata record sets " + what + ", which this version cannot apply");
        }
    }

    /** A topic in the making. */
    private static final class Draft {
        private final String name;
        private final Uuid id;
        private final ArrayList<@Nullable PartitionImage> partitions;
        private @Nullable TopicImage image;

        Draft(String name, Uuid id, ArrayList<@Nullable PartitionImage> partitions) {
            this.name = name;
            this.id = id;
            this.partitions = partitions;
        }

        void put(PartitionImage partition) {
            while (partitions.size() <= partition.partition()) {
                partitions.add(null);
            }
            partitions.set(partition.partition(), partition);
        }

        PartitionImage partition(int number) {
            PartitionImage partition = number >= 0 && number < partitions.size() ? partitions.get(number) : null;
            if (partition == null) {
                throw new UnusableRecordException(
                        "A metadata record changes " + name + "-" + number + ", which does not exist");
            }
            return partition;
        }

        TopicImage image() {
            if (image == null) {
                if (partitions.contains(null)) {
                    throw new UnusableRecordException("The metadata records leave a gap in the partitions of " + name);
                }
                image = new TopicImage(name, id, List.copyOf(partitions));
            }
            return image;
        }
    }
}
