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
import io.sluice.cluster.api.QuotaEntity;
import io.sluice.cluster.api.ScramCredential;
import io.sluice.cluster.api.ScramMechanism;
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
    private volatile Image image = new Image(0L, new TreeMap<>(), new TreeMap<>(), Map.of(), Map.of(), Map.of());

    public MemoryMetadata() {
        broker(1, false, null, new BrokerImage.Listener(RecordingRequest.LISTENER, "PLAINTEXT", "localhost", 9092));
    }

    /** Adds or replaces a broker. */
    public synchronized MemoryMetadata broker(
            int id, boolean fenced, @Nullable String rack, BrokerImage.Listener... listeners) {
        TreeMap<Integer, BrokerImage> brokers = new TreeMap<>(image.brokers);
        brokers.put(id, new BrokerImage(id, 1L, fenced, rack, List.of(listeners)));
        image = new Image(image.offset + 1, brokers, image.byName, image.configs, image.scram, image.quotas);
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
        image = new Image(image.offset + 1, image.brokers, topics, image.configs, image.scram, image.quotas);
        return topic;
    }

    public synchronized void delete(String name) {
        TreeMap<String, TopicImage> topics = new TreeMap<>(image.byName);
        topics.remove(name);
        image = new Image(image.offset + 1, image.brokers, topics, image.configs, image.scram, image.quotas);
    }

    /** Replaces what is set on a resource. */
    public synchronized MemoryMetadata config(ConfigResource resource, Map<String, String> values) {
        Map<ConfigResource, Map<String, String>> configs = new HashMap<>(image.configs);
        configs.put(resource, Map.copyOf(values));
        image = new Image(image.offset + 1, image.brokers, image.byName, configs, image.scram, image.quotas);
        return this;
    }

    /** Replaces the SCRAM credentials of a user. */
    public synchronized MemoryMetadata scram(String user, Map<ScramMechanism, ScramCredential> credentials) {
        Map<String, Map<ScramMechanism, ScramCredential>> scram = new TreeMap<>(image.scram);
        scram.put(user, Map.copyOf(credentials));
        image = new Image(image.offset + 1, image.brokers, image.byName, image.configs, scram, image.quotas);
        return this;
    }

    /** Replaces the quotas of an entity. */
    public synchronized MemoryMetadata quotas(QuotaEntity entity, Map<String, Double> values) {
        Map<QuotaEntity, Map<String, Double>> quotas = new HashMap<>(image.quotas);
        quotas.put(entity, Map.copyOf(values));
        image = new Image(image.offset + 1, image.brokers, image.byName, image.configs, image.scram, quotas);
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
            Map<ConfigResource, Map<String, String>> configs,
            Map<String, Map<ScramMechanism, ScramCredential>> scram,
            Map<QuotaEntity, Map<String, Double>> quotas)
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
        public Collection<ConfigResource> configuredResources() {
            return configs.keySet();
        }

        @Override
        public Collection<String> scramUsers() {
            return scram.keySet();
        }

        @Override
        public Map<ScramMechanism, ScramCredential> scramCredentials(String user) {
            return scram.getOrDefault(user, Map.of());
        }

        @Override
        public Collection<QuotaEntity> quotaEntities() {
            return quotas.keySet();
        }

        @Override
        public Map<String, Double> quotas(QuotaEntity entity) {
            return quotas.getOrDefault(entity, Map.of());
        }

        @Override
        public Map<String, Short> features() {
            return Map.of("group.version", (short) 1, "metadata.version", (short) 33);
        }
    }
}
