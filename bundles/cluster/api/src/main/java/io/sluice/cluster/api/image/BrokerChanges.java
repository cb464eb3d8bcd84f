package io.sluice.cluster.api.image;

import io.sluice.cluster.api.BrokerImage.Listener;
import io.sluice.cluster.api.image.BrokerRegistration.FeatureRange;
import io.sluice.protocol.metadata.BrokerRegistrationChangeRecord;
import io.sluice.protocol.metadata.RegisterBrokerRecord;
import io.sluice.protocol.metadata.UnregisterBrokerRecord;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The brokers that a run of records registers, changes and removes. */
final class BrokerChanges {
    private final ClusterImage base;
    private @Nullable TreeMap<Integer, BrokerRegistration> draft;

    BrokerChanges(ClusterImage base) {
        this.base = base;
    }

    void register(RegisterBrokerRecord record) {
        List<Listener> listeners = record.endPoints().stream()
                .map(endpoint -> new Listener(
                        endpoint.name(),
                        SecurityProtocols.name(endpoint.securityProtocol()),
                        endpoint.host(),
                        endpoint.port()))
                .toList();
        Map<String, FeatureRange> features = new TreeMap<>();
        record.features()
                .forEach(feature -> features.put(
                        feature.name(),
                        new FeatureRange(feature.minSupportedVersion(), feature.maxSupportedVersion())));
        draft().put(
                        record.brokerId(),
                        new BrokerRegistration(
                                record.brokerId(),
                                record.brokerEpoch(),
                                record.incarnationId(),
                                listeners,
                                features,
                                record.rack(),
                                record.fenced(),
                                record.inControlledShutdown(),
                                record.logDirs()));
    }

    void change(BrokerRegistrationChangeRecord record) {
        BrokerRegistration before = existing(record.brokerId(), record.brokerEpoch());
        boolean fenced = record.fenced() == 0 ? before.fenced() : record.fenced() > 0;
        boolean stopping =
                record.inControlledShutdown() == 0 ? before.inControlledShutdown() : record.inControlledShutdown() > 0;
        draft().put(
                        record.brokerId(),
                        before.changed(
                                fenced, stopping, record.logDirs().isEmpty() ? before.logDirs() : record.logDirs()));
    }

    void unregister(UnregisterBrokerRecord record) {
        existing(record.brokerId(), record.brokerEpoch());
        draft().remove(record.brokerId());
    }

    boolean anyChanged() {
        return draft != null;
    }

    SortedMap<Integer, BrokerRegistration> registrations() {
        return draft == null ? base.registrations() : Collections.unmodifiableSortedMap(draft);
    }

    private BrokerRegistration existing(int id, long epoch) {
        BrokerRegistration existing = draft == null ? base.registrations().get(id) : draft.get(id);
        if (existing == null || existing.brokerEpoch() != epoch) {
            throw new UnusableRecordException(
                    "A metadata record changes broker " + id + " of epoch " + epoch + ", which is not registered");
        }
        return existing;
    }

    private TreeMap<Integer, BrokerRegistration> draft() {
        if (draft == null) {
            draft = new TreeMap<>(base.registrations());
        }
        return draft;
    }
}
