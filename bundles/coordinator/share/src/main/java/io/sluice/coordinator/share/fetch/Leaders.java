package io.sluice.coordinator.share.fetch;

import io.sluice.base.Uuid;
import io.sluice.cluster.api.BrokerImage;
import io.sluice.cluster.api.MetadataImage;
import io.sluice.cluster.api.PartitionImage;
import io.sluice.cluster.api.TopicImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What a client is told of the leaders of partitions that are not here any more (KIP-951). For one answer. */
final class Leaders {
    private final MetadataImage image;
    private final String listenerName;
    private final Set<Integer> named = new TreeSet<>();

    /** An address of a broker. */
    record Address(
            int nodeId, String host, int port, @Nullable String rack) {}

    Leaders(MetadataImage image, String listenerName) {
        this.image = image;
        this.listenerName = listenerName;
    }

    /** The leader as the metadata has it, whose address is told then; null when none is known. */
    @Nullable
    PartitionImage of(Uuid topicId, int partition) {
        TopicImage topic = image.topic(topicId);
        if (topic == null || partition < 0 || partition >= topic.partitions().size()) {
            return null;
        }
        PartitionImage known = topic.partitions().get(partition);
        if (known.leader() >= 0) {
            named.add(known.leader());
        }
        return known;
    }

    /** The addresses of all leaders that were asked for. */
    List<Address> addresses() {
        List<Address> addresses = new ArrayList<>(named.size());
        for (int id : named) {
            BrokerImage broker = image.brokers().get(id);
            if (broker == null) {
                continue;
            }
            for (BrokerImage.Listener listener : broker.listeners()) {
                if (listener.name().equals(listenerName)) {
                    addresses.add(new Address(id, listener.host(), listener.port(), broker.rack()));
                }
            }
        }
        return addresses;
    }
}
