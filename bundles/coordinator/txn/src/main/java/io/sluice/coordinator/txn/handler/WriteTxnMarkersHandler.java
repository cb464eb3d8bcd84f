package io.sluice.coordinator.txn.handler;

import io.sluice.base.ErrorCode;
import io.sluice.base.TopicPartition;
import io.sluice.coordinator.txn.TransactionCoordinator;
import io.sluice.coordinator.txn.marker.Markers;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.WriteTxnMarkersRequest;
import io.sluice.protocol.message.WriteTxnMarkersRequest.WritableTxnMarker;
import io.sluice.protocol.message.WriteTxnMarkersRequest.WritableTxnMarkerTopic;
import io.sluice.protocol.message.WriteTxnMarkersResponse;
import io.sluice.protocol.message.WriteTxnMarkersResponse.WritableTxnMarkerPartitionResult;
import io.sluice.protocol.message.WriteTxnMarkersResponse.WritableTxnMarkerResult;
import io.sluice.protocol.message.WriteTxnMarkersResponse.WritableTxnMarkerTopicResult;
import io.sluice.request.api.ApiHandler;
import io.sluice.request.api.Request;
import io.sluice.security.api.Operation;
import io.sluice.security.api.Resource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** WriteTxnMarkers (API 27), by which another coordinator, or an administrator who ends a hanging transaction, writes markers here. */
@Component(service = ApiHandler.class)
public final class WriteTxnMarkersHandler implements ApiHandler {
    private final TransactionCoordinator transactions;

    @Activate
    public WriteTxnMarkersHandler(@Reference TransactionCoordinator transactions) {
        this.transactions = transactions;
    }

    @Override
    public ApiKey api() {
        return ApiKey.WRITE_TXN_MARKERS;
    }

    @Override
    public Execution execution() {
        return Execution.IO_THREAD;
    }

    @Override
    public void handle(Request request) {
        List<WritableTxnMarker> asked =
                request.read(new WriteTxnMarkersRequest()).markers();
        boolean may = request.mayDo(Operation.ALTER, Resource.CLUSTER)
                || request.mayDo(Operation.CLUSTER_ACTION, Resource.CLUSTER);
        Gathering<WritableTxnMarkerResult> gathering = new Gathering<>(
                asked.size(), results -> request.respond(new WriteTxnMarkersResponse().setMarkers(results)));
        for (int i = 0; i < asked.size(); i++) {
            WritableTxnMarker marker = asked.get(i);
            int part = i;
            Set<TopicPartition> partitions = partitionsOf(marker);
            if (!may) {
                Map<TopicPartition, ErrorCode> refused = new LinkedHashMap<>();
                partitions.forEach(each -> refused.put(each, ErrorCode.CLUSTER_AUTHORIZATION_FAILED));
                gathering.put(part, result(marker, refused));
                continue;
            }
            Markers markers = new Markers(
                    marker.producerId(),
                    marker.producerEpoch(),
                    marker.transactionResult(),
                    marker.coordinatorEpoch(),
                    marker.transactionVersion(),
                    partitions);
            transactions.writeMarkers(markers).thenAccept(outcomes -> gathering.put(part, result(marker, outcomes)));
        }
    }

    private static Set<TopicPartition> partitionsOf(WritableTxnMarker marker) {
        Set<TopicPartition> partitions = new LinkedHashSet<>();
        for (WritableTxnMarkerTopic topic : marker.topics()) {
            topic.partitionIndexes().forEach(index -> partitions.add(new TopicPartition(topic.name(), index)));
        }
        return partitions;
    }

    private static WritableTxnMarkerResult result(WritableTxnMarker marker, Map<TopicPartition, ErrorCode> outcomes) {
        Map<String, WritableTxnMarkerTopicResult> topics = new LinkedHashMap<>();
        outcomes.forEach((partition, error) -> topics.computeIfAbsent(
                        partition.topic(),
                        name -> new WritableTxnMarkerTopicResult().setName(name).setPartitions(new ArrayList<>()))
                .partitions()
                .add(new WritableTxnMarkerPartitionResult()
                        .setPartitionIndex(partition.partition())
                        .setErrorCode(error.code())));
        return new WritableTxnMarkerResult()
                .setProducerId(marker.producerId())
                .setTopics(new ArrayList<>(topics.values()));
    }
}
