package io.sluice.request.kit;

import io.sluice.base.RandomSource;
import io.sluice.base.Uuid;
import io.sluice.cluster.api.BrokerImage;
import io.sluice.cluster.api.ConfigResource;
import io.sluice.cluster.api.MetadataDelta;
import io.sluice.cluster.api.MetadataImage;
import io.sluice.cluster.api.MetadataListener;
import io.sluice.cluster.api.MetadataSource;
import io.sluice.cluster.api.PartitionImage;
import io.sluice.cluster.api.TopicImage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Metadata that a test writes. Broker 1 is there from the beginning, on {@code localhost:9092}. Any thread. */
public final class MemoryMetadata implements MetadataSource {
    private final RandomSource random = RandomSource.seeded(1L);
    private volatile Image image = new Image(0L, new TreeMap<>(), new TreeMap<>(), Map.of());

    public MemoryMetadata() {
        broker(1, false, null, new BrokerImage.Listener(RecordingRequest.LISTENER, "PLAINTEXT", "localhost", 9092));
    }

    /** Adds or replaces a broker. */
    public synchronized MemoryMetadata broker(
            int id, boolean fenced, @Nullable String rack, BrokerImage.Listener... listeners) {
        TreeMap<Integer, BrokerImage> brokers = new TreeMap<>(image.brokers);
        brokers.put(id, new BrokerImage(id, 1L, fenced, rack, List.of(listeners)));
        image = new Image(image.offset + 1, brokers, image.byName, image.configs);
        return this;
    }

    /** Adds a topic whose partitions are all on broker 1. */
    public TopicImage topic(String name, int partitions) {
        List<PartitionImage> list = new ArrayList<>();
        for (int i = 0; i < partitions; i++) {
            list.add(new PartitionImage(i, List.of(1), List.of(1), 1, 0, 0, List.of(Uuid.ZERO)));
        }
        return topic(name, list);
    }

    public synchronized TopicImage topic(String name, List<PartitionImage> partitions) {
        TreeMap<String, TopicImage> topics = new TreeMap<>(image.byName);
        TopicImage topic = new TopicImage(name, Uuid.random(random), partitions);
        topics.put(name, topic);
        image = new Image(image.offset + 1, image.brokers, topics, image.configs);
        return topic;
    }

    public synchronized void delete(String name) {
        TreeMap<String, TopicImage> topics = new TreeMap<>(image.byName);
        topics.remove(name);
        image = new Image(image.offset + 1, image.brokers, topics, image.configs);
    }

    /** Replaces what is set on a resource. */
    public synchronized MemoryMetadata config(ConfigResource resource, Map<String, String> values) {
        Map<ConfigResource, Map<String, String>> configs = new HashMap<>(image.configs);
        configs.put(resource, Map.copyOf(values));
        image = new Image(image.offset + 1, image.brokers, image.byName, configs);
        return this;
    }

    @Override
    public MetadataImage image() {
        return image;
    }

    @Override
    public Subscription subscribe(MetadataListener listener) {
        listener.changed(
                new MetadataDelta(image.byName.keySet(), Map.of(), Set.copyOf(image.configs.keySet()), true), image);
        return () -> {};
    }

    private record Image(
            long offset,
            TreeMap<Integer, BrokerImage> brokers,
            TreeMap<String, TopicImage> byName,
            Map<ConfigResource, Map<String, String>> configs)
            implements MetadataImage {
        @Override
        public int epoch() {
            return 1;
        }

        @Override
        public int controllerId() {
            return 1;
        }

        @Override
        public Collection<TopicImage> topics() {
            return byName.values();
        }

        @Override
        public @Nullable TopicImage topic(String name) {
            return byName.get(name);
        }

        @Override
        public @Nullable TopicImage topic(Uuid id) {
            return byName.values().stream()
                    .filter(topic -> topic.id().equals(id))
                    .findFirst()
                    .orElse(null);
        }

        @Override
        public Map<String, String> config(ConfigResource resource) {
            return configs.getOrDefault(resource, Map.of());
        }

        @Override
        public Map<String, Short> features() {
            return Map.of("group.version", (short) 1, "metadata.version", (short) 33);
        }
    }
}
