package io.sluice.cluster.api.image;

import io.sluice.cluster.api.MetadataDelta;
import io.sluice.protocol.Message;
import io.sluice.protocol.metadata.BrokerRegistrationChangeRecord;
import io.sluice.protocol.metadata.ClientQuotaRecord;
import io.sluice.protocol.metadata.ConfigRecord;
import io.sluice.protocol.metadata.FeatureLevelRecord;
import io.sluice.protocol.metadata.NoOpRecord;
import io.sluice.protocol.metadata.PartitionChangeRecord;
import io.sluice.protocol.metadata.PartitionRecord;
import io.sluice.protocol.metadata.ProducerIdsRecord;
import io.sluice.protocol.metadata.RegisterBrokerRecord;
import io.sluice.protocol.metadata.RemoveTopicRecord;
import io.sluice.protocol.metadata.RemoveUserScramCredentialRecord;
import io.sluice.protocol.metadata.TopicRecord;
import io.sluice.protocol.metadata.UnregisterBrokerRecord;
import io.sluice.protocol.metadata.UserScramCredentialRecord;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Replays metadata records onto an image and makes the next one. The cost is that of what the records touch, not of the
 * image. For one thread.
 */
public final class ImageBuilder {
    private final ClusterImage base;
    private final TopicChanges topics;
    private final ConfigChanges configs;
    private final BrokerChanges brokers;
    private final ScramChanges scram;
    private final QuotaChanges quotas;
    private @Nullable SortedMap<String, Short> features;
    private long nextProducerId;

    public ImageBuilder(ClusterImage base) {
        this.base = base;
        this.topics = new TopicChanges(base);
        this.configs = new ConfigChanges(base);
        this.brokers = new BrokerChanges(base);
        this.scram = new ScramChanges(base);
        this.quotas = new QuotaChanges(base);
        this.nextProducerId = base.nextProducerId();
    }

    /** @throws UnusableRecordException when the record cannot be applied; the builder must not be used again */
    public void replay(Message message) {
        if (message instanceof TopicRecord topic) {
            topics.add(topic);
        } else if (message instanceof PartitionRecord partition) {
            topics.add(partition);
        } else if (message instanceof PartitionChangeRecord change) {
            topics.change(change);
        } else if (message instanceof RemoveTopicRecord removed) {
            configs.removeTopic(topics.remove(removed));
        } else if (message instanceof ConfigRecord config) {
            configs.set(config);
        } else if (message instanceof RegisterBrokerRecord broker) {
            brokers.register(broker);
        } else if (message instanceof BrokerRegistrationChangeRecord change) {
            brokers.change(change);
        } else if (message instanceof UnregisterBrokerRecord broker) {
            brokers.unregister(broker);
        } else if (message instanceof FeatureLevelRecord feature) {
            setFeature(feature);
        } else if (message instanceof UserScramCredentialRecord credential) {
            scram.set(credential);
        } else if (message instanceof RemoveUserScramCredentialRecord removed) {
            scram.remove(removed);
        } else if (message instanceof ClientQuotaRecord quota) {
            quotas.set(quota);
        } else if (message instanceof ProducerIdsRecord ids) {
            nextProducerId = ids.nextProducerId();
        } else if (!(message instanceof NoOpRecord)) {
            throw new UnusableRecordException("A metadata record of the type "
                    + message.getClass().getSimpleName() + " cannot be applied by this version");
        }
    }

    /**
     * The image with everything that was replayed.
     *
     * @param offset of the last record
     */
    public ImageChange build(long offset, int epoch, int controllerId) {
        MetadataDelta delta =
                new MetadataDelta(topics.changed(), topics.removed(), configs.changed(), brokers.anyChanged());
        ClusterImage image = new ClusterImage(
                offset,
                epoch,
                controllerId,
                brokers.registrations(),
                topics.byName(),
                topics.byId(),
                topics.byMetricName(),
                configs.all(),
                features == null ? Collections.unmodifiableSortedMap(new TreeMap<>(base.features())) : features,
                nextProducerId,
                new AccessImage(scram.all(), quotas.all()));
        return new ImageChange(delta, image);
    }

    private void setFeature(FeatureLevelRecord record) {
        TreeMap<String, Short> levels = new TreeMap<>(features == null ? base.features() : features);
        if (record.featureLevel() == 0) {
            levels.remove(record.name());
        } else {
            levels.put(record.name(), record.featureLevel());
        }
        features = Collections.unmodifiableSortedMap(levels);
    }
}
