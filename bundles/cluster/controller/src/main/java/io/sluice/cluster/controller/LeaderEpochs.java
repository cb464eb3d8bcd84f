package io.sluice.cluster.controller;

import io.sluice.base.TopicIdPartition;
import io.sluice.cluster.api.PartitionImage;
import io.sluice.cluster.api.TopicImage;
import io.sluice.cluster.api.image.ClusterImage;
import io.sluice.protocol.Message;
import io.sluice.protocol.metadata.PartitionChangeRecord;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Raises leader epochs: naming a partition's leader anew is what raises its epoch. */
final class LeaderEpochs {
    private LeaderEpochs() {}

    /** All partitions of a topic that this node leads; the answer has their new epochs. */
    static Decision<Map<Integer, Integer>> bump(String name, Situation situation) {
        TopicImage topic = situation.image().topic(name);
        List<Message> records = new ArrayList<>();
        Map<Integer, Integer> epochs = new TreeMap<>();
        if (topic != null) {
            for (PartitionImage partition : topic.partitions()) {
                if (partition.leader() == situation.nodeId()) {
                    records.add(lead(topic, partition, situation.nodeId()));
                    epochs.put(partition.partition(), partition.leaderEpoch() + 1);
                }
            }
        }
        return new Decision<>(records, epochs);
    }

    /** One partition, if this node leads it; the answer is its new epoch, or -1. */
    static Decision<Integer> bump(TopicIdPartition wanted, Situation situation) {
        TopicImage topic = situation.image().topic(wanted.topicId());
        if (topic == null || wanted.partition() >= topic.partitions().size()) {
            return new Decision<>(List.of(), -1);
        }
        PartitionImage partition = topic.partitions().get(wanted.partition());
        return partition.leader() == situation.nodeId()
                ? new Decision<>(List.of(lead(topic, partition, situation.nodeId())), partition.leaderEpoch() + 1)
                : new Decision<>(List.of(), -1);
    }

    /**
     * What a new incarnation of a broker changes: after an unclean stop its partitions begin a new epoch, because their ends
     * may have been lost; and it takes those over that have no leader while it is in sync.
     */
    static List<Message> afterRestart(ClusterImage image, int broker, boolean cleanShutdown) {
        List<Message> records = new ArrayList<>();
        image.topics().stream().sorted(Comparator.comparing(TopicImage::name)).forEach(topic -> topic.partitions()
                .forEach(partition -> {
                    boolean leads = partition.leader() == broker;
                    boolean orphaned =
                            partition.leader() < 0 && partition.inSyncReplicas().contains(broker);
                    if (orphaned || (leads && !cleanShutdown)) {
                        records.add(lead(topic, partition, broker));
                    }
                }));
        return records;
    }

    private static Message lead(TopicImage topic, PartitionImage partition, int broker) {
        return new PartitionChangeRecord()
                .setTopicId(topic.id())
                .setPartitionId(partition.partition())
                .setLeader(broker);
    }
}
