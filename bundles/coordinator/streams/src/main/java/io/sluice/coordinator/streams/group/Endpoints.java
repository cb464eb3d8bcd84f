package io.sluice.coordinator.streams.group;

import io.sluice.cluster.api.MetadataImage;
import io.sluice.cluster.api.TopicImage;
import io.sluice.coordinator.streams.task.TaskId;
import io.sluice.coordinator.streams.topology.ConfiguredTopology;
import io.sluice.coordinator.streams.topology.Subtopology;
import io.sluice.protocol.message.StreamsGroupHeartbeatResponse.Endpoint;
import io.sluice.protocol.message.StreamsGroupHeartbeatResponse.EndpointToPartitions;
import io.sluice.protocol.message.StreamsGroupHeartbeatResponse.TopicPartition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/** Which member answers queries of which partitions. */
final class Endpoints {
    private final Topologies topologies;
    private final Supplier<MetadataImage> images;

    Endpoints(Topologies topologies, Supplier<MetadataImage> images) {
        this.topologies = topologies;
        this.images = images;
    }

    /** One entry for each member that has an endpoint; nothing as long as topics are missing. */
    List<EndpointToPartitions> of(StreamsGroup group) {
        List<EndpointToPartitions> list = new ArrayList<>();
        ConfiguredTopology topology = topologies.of(group);
        if (topology == null || !topology.isReady()) {
            return list;
        }
        for (StreamsMember member : group.members()) {
            UserEndpoint endpoint = member.metadata().endpoint();
            if (endpoint != null) {
                Set<TaskId> copies = new TreeSet<>(member.current().tasks().standby());
                copies.addAll(member.current().tasks().warmup());
                list.add(new EndpointToPartitions()
                        .setUserEndpoint(new Endpoint().setHost(endpoint.host()).setPort(endpoint.port()))
                        .setActivePartitions(
                                partitions(topology, member.current().tasks().active()))
                        .setStandbyPartitions(partitions(topology, copies)));
            }
        }
        return list;
    }

    private List<TopicPartition> partitions(ConfiguredTopology topology, Set<TaskId> tasks) {
        Map<String, List<Integer>> byTopic = new TreeMap<>();
        for (TaskId task : tasks) {
            Subtopology subtopology = topology.topology().subtopology(task.subtopologyId());
            if (subtopology == null) {
                continue;
            }
            for (String name : subtopology.inputs()) {
                TopicImage topic = images.get().topic(name);
                if (topic != null && task.partition() < topic.partitions().size()) {
                    byTopic.computeIfAbsent(name, key -> new ArrayList<>()).add(task.partition());
                }
            }
        }
        List<TopicPartition> list = new ArrayList<>(byTopic.size());
        byTopic.forEach(
                (name, numbers) -> list.add(new TopicPartition().setTopic(name).setPartitions(numbers)));
        return list;
    }
}
