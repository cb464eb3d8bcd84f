package io.sluice.cluster.controller;

import io.sluice.base.ErrorCode;
import io.sluice.base.Uuid;
import io.sluice.cluster.api.BrokerImage.Listener;
import io.sluice.cluster.api.image.BrokerRegistration;
import io.sluice.cluster.api.image.BrokerRegistration.FeatureRange;
import io.sluice.cluster.api.image.ImageRecords;
import io.sluice.cluster.api.image.SecurityProtocols;
import io.sluice.protocol.Message;
import io.sluice.protocol.message.BrokerRegistrationRequest;
import io.sluice.protocol.message.BrokerRegistrationResponse;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Decides BrokerRegistration. The broker epoch is the offset of the registration's record, so it rises with each incarnation;
 * the same incarnation amends its registration and keeps its epoch.
 */
final class BrokerRegistrations {
    private final Situation situation;
    private final BrokerRegistrationRequest request;

    private BrokerRegistrations(Situation situation, BrokerRegistrationRequest request) {
        this.situation = situation;
        this.request = request;
    }

    static Decision<BrokerRegistrationResponse> decide(
            BrokerRegistrationRequest request, boolean cleanShutdown, Situation situation) {
        return new BrokerRegistrations(situation, request).decide(cleanShutdown);
    }

    private Decision<BrokerRegistrationResponse> decide(boolean cleanShutdown) {
        ErrorCode error = check();
        if (error != ErrorCode.NONE) {
            return Decision.unchanged(new BrokerRegistrationResponse().setErrorCode(error.code()));
        }
        BrokerRegistration existing = situation.image().registrations().get(request.brokerId());
        boolean amended = existing != null && existing.incarnationId().equals(request.incarnationId());
        List<Message> records = new ArrayList<>();
        if (existing != null && !amended) {
            records.addAll(LeaderEpochs.afterRestart(situation.image(), request.brokerId(), cleanShutdown));
        }
        long epoch = existing != null && amended ? existing.brokerEpoch() : situation.nextOffset() + records.size();
        records.add(ImageRecords.register(registration(epoch)));
        return new Decision<>(records, new BrokerRegistrationResponse().setBrokerEpoch(epoch));
    }

    private ErrorCode check() {
        if (!situation.clusterId().equals(request.clusterId())) {
            return ErrorCode.INCONSISTENT_CLUSTER_ID;
        }
        if (request.listeners().isEmpty() || directoriesRefused()) {
            return ErrorCode.INVALID_REGISTRATION;
        }
        for (BrokerRegistrationRequest.Listener listener : request.listeners()) {
            if (listener.securityProtocol() < 0 || listener.securityProtocol() > SecurityProtocols.code("SASL_SSL")) {
                return ErrorCode.INVALID_REGISTRATION;
            }
        }
        for (BrokerRegistrationRequest.Feature feature : request.features()) {
            Short level = situation.image().features().get(feature.name());
            if (level != null && (level < feature.minSupportedVersion() || level > feature.maxSupportedVersion())) {
                return ErrorCode.UNSUPPORTED_VERSION;
            }
        }
        return ErrorCode.NONE;
    }

    /** A directory belongs to one broker. */
    private boolean directoriesRefused() {
        List<Uuid> directories = request.logDirs();
        if (new HashSet<>(directories).size() < directories.size() || directories.contains(Uuid.ZERO)) {
            return true;
        }
        return situation.image().registrations().values().stream()
                .filter(other -> other.nodeId() != request.brokerId())
                .anyMatch(other -> other.logDirs().stream().anyMatch(directories::contains));
    }

    private BrokerRegistration registration(long epoch) {
        List<Listener> listeners = request.listeners().stream()
                .map(listener -> new Listener(
                        listener.name(),
                        SecurityProtocols.name(listener.securityProtocol()),
                        listener.host(),
                        listener.port()))
                .toList();
        Map<String, FeatureRange> features = new TreeMap<>();
        request.features()
                .forEach(feature -> features.put(
                        feature.name(),
                        new FeatureRange(feature.minSupportedVersion(), feature.maxSupportedVersion())));
        return new BrokerRegistration(
                request.brokerId(),
                epoch,
                request.incarnationId(),
                listeners,
                features,
                request.rack(),
                false,
                false,
                request.logDirs());
    }
}
