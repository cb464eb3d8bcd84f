package io.sluice.cluster.api.image;

import io.sluice.base.Uuid;
import io.sluice.cluster.api.ConfigResource;
import io.sluice.cluster.api.PartitionImage;
import io.sluice.cluster.api.QuotaEntity;
import io.sluice.cluster.api.ScramCredential;
import io.sluice.cluster.api.ScramMechanism;
import io.sluice.cluster.api.TopicImage;
import io.sluice.protocol.Message;
import io.sluice.protocol.metadata.ClientQuotaRecord;
import io.sluice.protocol.metadata.ConfigRecord;
import io.sluice.protocol.metadata.FeatureLevelRecord;
import io.sluice.protocol.metadata.PartitionRecord;
import io.sluice.protocol.metadata.ProducerIdsRecord;
import io.sluice.protocol.metadata.RegisterBrokerRecord;
import io.sluice.protocol.metadata.RegisterBrokerRecord.BrokerEndpoint;
import io.sluice.protocol.metadata.RegisterBrokerRecord.BrokerFeature;
import io.sluice.protocol.metadata.TopicRecord;
import io.sluice.protocol.metadata.UserScramCredentialRecord;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The records that make an image from nothing: the content of a snapshot. In an order of its own that is always the same. */
public final class ImageRecords {
    private ImageRecords() {}

    public static List<Message> of(ClusterImage image) {
        List<Message> records = new ArrayList<>();
        image.features()
                .forEach((name, level) ->
                        records.add(new FeatureLevelRecord().setName(name).setFeatureLevel(level)));
        image.registrations().values().forEach(broker -> records.add(register(broker)));
        image.topics().stream()
                .sorted(Comparator.comparing(TopicImage::name))
                .forEach(topic -> addTopic(topic, records));
        addConfigs(image, records);
        addScram(image, records);
        addQuotas(image, records);
        if (image.nextProducerId() > 0) {
            records.add(new ProducerIdsRecord().setBrokerId(-1).setNextProducerId(image.nextProducerId()));
        }
        return records;
    }

    /** A partition as it is. */
    public static PartitionRecord partition(Uuid topicId, PartitionImage partition) {
        return new PartitionRecord()
                .setTopicId(topicId)
                .setPartitionId(partition.partition())
                .setReplicas(partition.replicas())
                .setIsr(partition.inSyncReplicas())
                .setLeader(partition.leader())
                .setLeaderEpoch(partition.leaderEpoch())
                .setPartitionEpoch(partition.partitionEpoch())
                .setDirectories(partition.directories());
    }

    /** A broker as it is. */
    public static RegisterBrokerRecord register(BrokerRegistration broker) {
        List<BrokerEndpoint> endpoints = broker.listeners().stream()
                .map(listener -> new BrokerEndpoint()
                        .setName(listener.name())
                        .setHost(listener.host())
                        .setPort(listener.port())
                        .setSecurityProtocol(SecurityProtocols.code(listener.securityProtocol())))
                .toList();
        List<BrokerFeature> features = new ArrayList<>();
        broker.features()
                .forEach((name, range) -> features.add(new BrokerFeature()
                        .setName(name)
                        .setMinSupportedVersion(range.lowest())
                        .setMaxSupportedVersion(range.highest())));
        return new RegisterBrokerRecord()
                .setBrokerId(broker.nodeId())
                .setBrokerEpoch(broker.brokerEpoch())
                .setIncarnationId(broker.incarnationId())
                .setEndPoints(endpoints)
                .setFeatures(features)
                .setRack(broker.rack())
                .setFenced(broker.fenced())
                .setInControlledShutdown(broker.inControlledShutdown())
                .setLogDirs(broker.logDirs());
    }

    private static void addTopic(TopicImage topic, List<Message> records) {
        records.add(new TopicRecord().setName(topic.name()).setTopicId(topic.id()));
        topic.partitions().forEach(partition -> records.add(partition(topic.id(), partition)));
    }

    private static void addConfigs(ClusterImage image, List<Message> records) {
        Map<ConfigResource, Map<String, String>> sorted =
                new TreeMap<>(Comparator.comparing(ConfigResource::type).thenComparing(ConfigResource::name));
        image.configs().forEach(sorted::put);
        sorted.forEach((resource, values) -> values.forEach((name, value) -> records.add(new ConfigRecord()
                .setResourceType(resource.type().code())
                .setResourceName(resource.name())
                .setName(name)
                .setValue(value))));
    }

    private static void addScram(ClusterImage image, List<Message> records) {
        image.scramUsers().stream().sorted().forEach(user -> image.scramCredentials(user)
                .forEach((mechanism, credential) -> records.add(scram(user, mechanism, credential))));
    }

    /** A user's credential as it is. */
    public static UserScramCredentialRecord scram(String user, ScramMechanism mechanism, ScramCredential credential) {
        return new UserScramCredentialRecord()
                .setName(user)
                .setMechanism(mechanism.code())
                .setSalt(credential.salt())
                .setStoredKey(credential.storedKey())
                .setServerKey(credential.serverKey())
                .setIterations(credential.iterations());
    }

    private static void addQuotas(ClusterImage image, List<Message> records) {
        image.quotaEntities().stream()
                .sorted(Comparator.comparing(QuotaEntity::toString))
                .forEach(entity -> image.quotas(entity)
                        .forEach((key, value) -> records.add(quota(entity, key).setValue(value))));
    }

    /** The record of one quota of an entity, without its value. */
    public static ClientQuotaRecord quota(QuotaEntity entity, String key) {
        List<ClientQuotaRecord.EntityData> parts = new ArrayList<>();
        entity.names()
                .forEach((type, name) -> parts.add(new ClientQuotaRecord.EntityData()
                        .setEntityType(type)
                        .setEntityName(name.equals(QuotaEntity.DEFAULT) ? null : name)));
        return new ClientQuotaRecord().setEntity(parts).setKey(key);
    }
}
