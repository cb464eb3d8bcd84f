package io.sluice.coordinator.streams.group;

import io.sluice.cluster.api.MetadataImage;
import io.sluice.coordinator.streams.topology.ConfiguredTopology;
import io.sluice.coordinator.streams.topology.Topology;
import io.sluice.coordinator.streams.topology.TopologyConfigurer;
import io.sluice.coordinator.streams.topology.TopologyMessages;
import io.sluice.protocol.message.StreamsGroupHeartbeatRequest;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The topologies of groups, and how they fit the topics that are there. */
final class Topologies {
    private final Supplier<MetadataImage> images;

    Topologies(Supplier<MetadataImage> images) {
        this.images = images;
    }

    /** The topology that a heartbeat is about: the group's, else the one that it brings; null when there is neither. */
    static @Nullable Topology of(@Nullable StreamsGroup group, StreamsGroupHeartbeatRequest request) {
        Topology present = group == null ? null : group.topology();
        if (present != null || request.topology() == null) {
            return present;
        }
        return TopologyMessages.fromRequest(request.topology());
    }

    /** Whether a heartbeat brings another topology than the group's that is not an older one, which members cannot change yet, as in Kafka 4.4. */
    static boolean isUpdate(Topology present, StreamsGroupHeartbeatRequest request) {
        StreamsGroupHeartbeatRequest.Topology brought = request.topology();
        return brought != null
                && brought.epoch() >= present.epoch()
                && !TopologyMessages.fromRequest(brought).equals(present);
    }

    /** As a topology fits the topics now; what is known of the group's is taken as long as no topic has changed. */
    ConfiguredTopology configure(@Nullable StreamsGroup group, Topology topology) {
        ConfiguredTopology known = group == null ? null : group.configured();
        return known != null ? known : TopologyConfigurer.configure(topology, images.get());
    }

    /** A group's topology as it fits the topics; null when it has none. */
    @Nullable
    ConfiguredTopology of(StreamsGroup group) {
        Topology topology = group.topology();
        if (topology == null) {
            return null;
        }
        ConfiguredTopology configured = configure(group, topology);
        group.configured(configured);
        return configured;
    }

    /** The same after topics have changed; null when it has none, or nothing of it has changed. */
    @Nullable
    ConfiguredTopology refresh(StreamsGroup group) {
        Topology topology = group.topology();
        if (topology == null) {
            return null;
        }
        ConfiguredTopology former = group.configured();
        long hash = TopologyConfigurer.hash(topology, images.get());
        boolean same = hash == group.epochRecord().metadataHash();
        if (same && former != null && former.metadataHash() == hash) {
            return null;
        }
        ConfiguredTopology configured = TopologyConfigurer.configure(topology, images.get());
        group.configured(configured);
        return same ? null : configured;
    }
}
