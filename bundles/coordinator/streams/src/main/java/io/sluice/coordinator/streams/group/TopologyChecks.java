package io.sluice.coordinator.streams.group;

import io.sluice.protocol.message.StreamsGroupHeartbeatRequest.CopartitionGroup;
import io.sluice.protocol.message.StreamsGroupHeartbeatRequest.Subtopology;
import io.sluice.protocol.message.StreamsGroupHeartbeatRequest.TopicInfo;
import io.sluice.protocol.message.StreamsGroupHeartbeatRequest.Topology;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What may be wrong with a topology by itself. Stateless. */
final class TopologyChecks {
    /** More would keep everybody else waiting while it is looked at; nothing that large fits into a record. */
    static final int TOPICS_MAX = 10_000;

    private TopologyChecks() {}

    /** In words; null when nothing is wrong. */
    static @Nullable String flaw(Topology topology) {
        if (size(topology) > TOPICS_MAX) {
            return "The topology has more than " + TOPICS_MAX + " subtopologies and topics.";
        }
        Set<String> ids = new HashSet<>();
        for (Subtopology subtopology : topology.subtopologies()) {
            if (!ids.add(subtopology.subtopologyId())) {
                return "There is more than one subtopology " + subtopology.subtopologyId() + ".";
            }
            String flaw = flaw(subtopology);
            if (flaw != null) {
                return flaw;
            }
        }
        return null;
    }

    private static long size(Topology topology) {
        long size = topology.subtopologies().size();
        for (Subtopology subtopology : topology.subtopologies()) {
            size += subtopology.sourceTopics().size();
            size += subtopology.repartitionSourceTopics().size();
            size += subtopology.repartitionSinkTopics().size();
            size += subtopology.stateChangelogTopics().size();
            for (CopartitionGroup group : subtopology.copartitionGroups()) {
                size += 1L
                        + group.sourceTopics().size()
                        + group.repartitionSourceTopics().size();
            }
        }
        return size;
    }

    private static @Nullable String flaw(Subtopology subtopology) {
        for (TopicInfo changelog : subtopology.stateChangelogTopics()) {
            if (changelog.partitions() != 0) {
                return "Changelog topic " + changelog.name()
                        + " must have an undefined partition count, but it is set to " + changelog.partitions() + ".";
            }
        }
        for (TopicInfo repartition : subtopology.repartitionSourceTopics()) {
            if (repartition.partitions() < 0) {
                return "Repartition topic " + repartition.name() + " must not have " + repartition.partitions()
                        + " partitions.";
            }
        }
        for (CopartitionGroup group : subtopology.copartitionGroups()) {
            if (isBeyond(group.sourceTopics(), subtopology.sourceTopics().size())
                    || isBeyond(
                            group.repartitionSourceTopics(),
                            subtopology.repartitionSourceTopics().size())) {
                return "A copartition group of subtopology " + subtopology.subtopologyId()
                        + " names topics that it does not have.";
            }
        }
        return null;
    }

    private static boolean isBeyond(List<Short> indexes, int size) {
        for (short index : indexes) {
            if (index < 0 || index >= size) {
                return true;
            }
        }
        return false;
    }
}
