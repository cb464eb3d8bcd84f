package io.sluice.handlers.metadata;

import io.sluice.base.ErrorCode;
import io.sluice.broker.api.Broker;
import io.sluice.broker.api.Endpoint;
import io.sluice.cluster.api.BrokerImage;
import io.sluice.cluster.api.MetadataImage;
import io.sluice.cluster.api.PartitionImage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The cluster as a client of one listener sees it: only brokers that have that listener can be reached. Immutable, over
 * one image.
 */
final class ClusterView {
    private final MetadataImage image;
    private final Broker local;
    private final String listenerName;

    ClusterView(MetadataImage image, Broker local, String listenerName) {
        this.image = image;
        this.local = local;
        this.listenerName = listenerName;
    }

    /** A broker's address on this listener. */
    record Node(int id, String host, int port, @Nullable String rack, boolean fenced) {}

    MetadataImage image() {
        return image;
    }

    /** Every broker with this listener, by id. */
    List<Node> nodes() {
        List<Node> nodes = new ArrayList<>();
        for (BrokerImage broker : image.brokers().values()) {
            Node node = node(broker);
            if (node != null) {
                nodes.add(node);
            }
        }
        nodes.sort(Comparator.comparingInt(Node::id));
        return nodes;
    }

    /** Those of them that are not fenced. */
    List<Node> aliveNodes() {
        List<Node> nodes = nodes();
        nodes.removeIf(Node::fenced);
        return nodes;
    }

    /** A broker that clients can send requests for the controller to; -1 when none is alive. */
    int controllerId() {
        int id = -1;
        for (Node node : aliveNodes()) {
            if (node.id() == image.controllerId()) {
                return node.id();
            }
            if (id == -1 || node.id() == local.nodeId()) {
                id = node.id();
            }
        }
        return id;
    }

    /** The address of a broker that is alive; null when it is not, or lacks the listener. */
    @Nullable
    Node aliveNode(int id) {
        BrokerImage broker = image.brokers().get(id);
        Node node = broker == null ? null : node(broker);
        return node == null || node.fenced() ? null : node;
    }

    /**
     * Why a partition's leader cannot be named to clients; {@code NONE} when it can.
     *
     * @param tellListener whether the client's version knows {@code LISTENER_NOT_FOUND}
     */
    ErrorCode leaderError(PartitionImage partition, boolean tellListener) {
        if (aliveNode(partition.leader()) != null) {
            return ErrorCode.NONE;
        }
        BrokerImage leader = image.brokers().get(partition.leader());
        return leader == null || leader.fenced() || !tellListener
                ? ErrorCode.LEADER_NOT_AVAILABLE
                : ErrorCode.LISTENER_NOT_FOUND;
    }

    List<Integer> offlineReplicas(PartitionImage partition) {
        List<Integer> offline = new ArrayList<>(0);
        for (Integer replica : partition.replicas()) {
            if (aliveNode(replica) == null) {
                offline.add(replica);
            }
        }
        return offline;
    }

    List<Integer> aliveOnly(List<Integer> brokers) {
        List<Integer> alive = new ArrayList<>(brokers.size());
        for (Integer broker : brokers) {
            if (aliveNode(broker) != null) {
                alive.add(broker);
            }
        }
        return alive;
    }

    private @Nullable Node node(BrokerImage broker) {
        if (broker.nodeId() == local.nodeId()) {
            Endpoint own = local.advertised(listenerName).orElse(null);
            if (own != null) {
                return new Node(broker.nodeId(), own.host(), own.port(), broker.rack(), broker.fenced());
            }
        }
        for (BrokerImage.Listener listener : broker.listeners()) {
            if (listener.name().equals(listenerName)) {
                return new Node(broker.nodeId(), listener.host(), listener.port(), broker.rack(), broker.fenced());
            }
        }
        return null;
    }
}
