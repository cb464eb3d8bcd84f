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
    private TopologyChecks() {}

    /** In words; null when nothing is wrong. */
    static @Nullable String flaw(Topology topology) {
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
