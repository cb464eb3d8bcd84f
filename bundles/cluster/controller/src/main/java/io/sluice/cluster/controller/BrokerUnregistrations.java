package io.sluice.cluster.controller;

import io.sluice.base.ErrorCode;
import io.sluice.cluster.api.PartitionImage;
import io.sluice.cluster.api.TopicImage;
import io.sluice.cluster.api.image.BrokerRegistration;
import io.sluice.protocol.Message;
import io.sluice.protocol.message.UnregisterBrokerRequest;
import io.sluice.protocol.message.UnregisterBrokerResponse;
import io.sluice.protocol.metadata.PartitionChangeRecord;
import io.sluice.protocol.metadata.UnregisterBrokerRecord;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Decides UnregisterBroker (KIP-746): a broker that is gone for good. It leaves the in-sync replicas, where it is not the last of them,
 * and leads nothing any more. The controller's own node runs, and cannot be unregistered: its partitions would be without a leader until
 * the next start.
 */
final class BrokerUnregistrations {
    private BrokerUnregistrations() {}

    static Decision<UnregisterBrokerResponse> decide(UnregisterBrokerRequest request, Situation situation) {
        int id = request.brokerId();
        BrokerRegistration broker = situation.image().registrations().get(id);
        if (broker == null) {
            return refused(ErrorCode.BROKER_ID_NOT_REGISTERED, "Broker ID " + id + " is not currently registered");
        }
        if (id == situation.nodeId()) {
            return refused(
                    ErrorCode.INVALID_REQUEST, "Broker " + id + " is running: stop it before it is unregistered");
        }
        List<Message> records = new ArrayList<>();
        situation.image().topics().stream()
                .sorted(Comparator.comparing(TopicImage::name))
                .forEach(topic ->
                        topic.partitions().forEach(partition -> leave(topic, partition, id, situation, records)));
        records.add(new UnregisterBrokerRecord().setBrokerId(id).setBrokerEpoch(broker.brokerEpoch()));
        return new Decision<>(records, new UnregisterBrokerResponse().setErrorMessage(null));
    }

    private static void leave(
            TopicImage topic, PartitionImage partition, int broker, Situation situation, List<Message> records) {
        List<Integer> others = partition.inSyncReplicas().stream()
                .filter(replica -> replica != broker)
                .toList();
        boolean leaves = others.size() < partition.inSyncReplicas().size() && !others.isEmpty();
        boolean leads = partition.leader() == broker;
        if (!leaves && !leads) {
            return;
        }
        PartitionChangeRecord record =
                new PartitionChangeRecord().setTopicId(topic.id()).setPartitionId(partition.partition());
        if (leaves) {
            record.setIsr(others);
        }
        if (leads) {
            record.setLeader(others.stream()
                    .filter(replica -> isThere(situation, replica))
                    .findFirst()
                    .orElse(-1));
        }
        records.add(record);
    }

    private static boolean isThere(Situation situation, int broker) {
        BrokerRegistration registration = situation.image().registrations().get(broker);
        return registration != null && !registration.fenced();
    }

    private static Decision<UnregisterBrokerResponse> refused(ErrorCode code, String message) {
        return Decision.unchanged(
                new UnregisterBrokerResponse().setErrorCode(code.code()).setErrorMessage(message));
    }
}
