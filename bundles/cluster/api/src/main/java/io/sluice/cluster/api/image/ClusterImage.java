package io.sluice.cluster.api.image;

import io.sluice.base.Uuid;
import io.sluice.cluster.api.BrokerImage;
import io.sluice.cluster.api.ConfigResource;
import io.sluice.cluster.api.MetadataDelta;
import io.sluice.cluster.api.MetadataImage;
import io.sluice.cluster.api.QuotaEntity;
import io.sluice.cluster.api.ScramCredential;
import io.sluice.cluster.api.ScramMechanism;
import io.sluice.cluster.api.TopicImage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The image that is made by replaying metadata records, with what only the controller needs beside the public view.
 * Immutable; images share what did not change. Equal when they hold the same, whatever their offsets.
 */
public final class ClusterImage implements MetadataImage {
    /** Before the first record. */
    public static final ClusterImage EMPTY = new ClusterImage(
            -1,
            0,
            -1,
            Collections.emptySortedMap(),
            ShardedMap.empty(),
            ShardedMap.empty(),
            ShardedMap.empty(),
            ShardedMap.empty(),
            Collections.emptySortedMap(),
            0,
            AccessImage.EMPTY);

    private final long offset;
    private final int epoch;
    private final int controllerId;
    private final SortedMap<Integer, BrokerRegistration> registrations;
    private final Map<Integer, BrokerImage> brokers;
    private final ShardedMap<String, TopicImage> topicsByName;
    private final ShardedMap<Uuid, TopicImage> topicsById;
    private final ShardedMap<String, String> namesByMetricName;
    private final ShardedMap<ConfigResource, Map<String, String>> configs;
    private final SortedMap<String, Short> features;
    private final long nextProducerId;
    private final AccessImage access;

    ClusterImage(
            long offset,
            int epoch,
            int controllerId,
            SortedMap<Integer, BrokerRegistration> registrations,
            ShardedMap<String, TopicImage> topicsByName,
            ShardedMap<Uuid, TopicImage> topicsById,
            ShardedMap<String, String> namesByMetricName,
            ShardedMap<ConfigResource, Map<String, String>> configs,
            SortedMap<String, Short> features,
            long nextProducerId,
            AccessImage access) {
        this.offset = offset;
        this.epoch = epoch;
        this.controllerId = controllerId;
        this.registrations = registrations;
        this.brokers = brokersOf(registrations);
        this.topicsByName = topicsByName;
        this.topicsById = topicsById;
        this.namesByMetricName = namesByMetricName;
        this.configs = configs;
        this.features = features;
        this.nextProducerId = nextProducerId;
        this.access = access;
    }

    @Override
    public long offset() {
        return offset;
    }

    @Override
    public int epoch() {
        return epoch;
    }

    @Override
    public int controllerId() {
        return controllerId;
    }

    @Override
    public Map<Integer, BrokerImage> brokers() {
        return brokers;
    }

    /** By node id. */
    public SortedMap<Integer, BrokerRegistration> registrations() {
        return registrations;
    }

    @Override
    public Collection<TopicImage> topics() {
        return topicsByName.values();
    }

    @Override
    public @Nullable TopicImage topic(String name) {
        return topicsByName.get(name);
    }

    @Override
    public @Nullable TopicImage topic(Uuid id) {
        return topicsById.get(id);
    }

    @Override
    public Map<String, String> config(ConfigResource resource) {
        Map<String, String> config = configs.get(resource);
        return config == null ? Map.of() : config;
    }

    @Override
    public Map<String, Short> features() {
        return features;
    }

    @Override
    public Collection<ConfigResource> configuredResources() {
        List<ConfigResource> resources = new ArrayList<>(configs.size());
        configs.forEach((resource, values) -> resources.add(resource));
        return resources;
    }

    @Override
    public Collection<String> scramUsers() {
        List<String> users = new ArrayList<>(access.scram().size());
        access.scram().forEach((user, credentials) -> users.add(user));
        return users;
    }

    @Override
    public Map<ScramMechanism, ScramCredential> scramCredentials(String user) {
        Map<ScramMechanism, ScramCredential> credentials = access.scram().get(user);
        return credentials == null ? Map.of() : credentials;
    }

    @Override
    public Collection<QuotaEntity> quotaEntities() {
        List<QuotaEntity> entities = new ArrayList<>(access.quotas().size());
        access.quotas().forEach((entity, quotas) -> entities.add(entity));
        return entities;
    }

    @Override
    public Map<String, Double> quotas(QuotaEntity entity) {
        Map<String, Double> quotas = access.quotas().get(entity);
        return quotas == null ? Map.of() : quotas;
    }

    /** A topic whose name becomes the same as this one when dots become underscores, as they do in names of metrics. */
    public @Nullable String topicLike(String name) {
        return hasMetricName(name) ? namesByMetricName.get(metricName(name)) : null;
    }

    /** The first producer id that nobody has. */
    public long nextProducerId() {
        return nextProducerId;
    }

    /** The same content, with another controller. */
    public ClusterImage ledBy(int newEpoch, int newControllerId) {
        return new ClusterImage(
                offset,
                newEpoch,
                newControllerId,
                registrations,
                topicsByName,
                topicsById,
                namesByMetricName,
                configs,
                features,
                nextProducerId,
                access);
    }

    /** What differs from the empty image: everything. */
    public MetadataDelta asDelta() {
        Set<String> names = new HashSet<>();
        topicsByName.forEach((name, topic) -> names.add(name));
        Set<ConfigResource> resources = new HashSet<>();
        configs.forEach((resource, values) -> resources.add(resource));
        return new MetadataDelta(names, Map.of(), resources, true);
    }

    ShardedMap<String, TopicImage> topicsByName() {
        return topicsByName;
    }

    ShardedMap<Uuid, TopicImage> topicsById() {
        return topicsById;
    }

    ShardedMap<String, String> namesByMetricName() {
        return namesByMetricName;
    }

    /** Names without a dot or an underscore are like no other. */
    static boolean hasMetricName(String name) {
        return name.indexOf('.') >= 0 || name.indexOf('_') >= 0;
    }

    static String metricName(String name) {
        return name.replace('.', '_');
    }

    ShardedMap<String, Map<ScramMechanism, ScramCredential>> scram() {
        return access.scram();
    }

    ShardedMap<QuotaEntity, Map<String, Double>> quotas() {
        return access.quotas();
    }

    ShardedMap<ConfigResource, Map<String, String>> configs() {
        return configs;
    }

    private static Map<Integer, BrokerImage> brokersOf(SortedMap<Integer, BrokerRegistration> registrations) {
        TreeMap<Integer, BrokerImage> brokers = new TreeMap<>();
        registrations.forEach((id, registration) -> brokers.put(id, registration.image()));
        return Collections.unmodifiableMap(brokers);
    }

    /** All content as plain values, for comparison and for people. */
    private Map<String, Object> content() {
        Map<String, Object> content = new HashMap<>();
        content.put("brokers", registrations);
        content.put("topics", topicsByName);
        content.put("topicIds", topicsById);
        content.put("configs", configs);
        content.put("features", features);
        content.put("nextProducerId", nextProducerId);
        content.put("access", access);
        return content;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ClusterImage that && content().equals(that.content());
    }

    @Override
    public int hashCode() {
        return content().hashCode();
    }

    @Override
    public String toString() {
        return "ClusterImage(offset " + offset + ", epoch " + epoch + ", controller " + controllerId + ", "
                + registrations.size() + " brokers, " + topicsByName.size() + " topics)";
    }
}
