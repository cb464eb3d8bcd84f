package io.sluice.cluster.controller;

import io.sluice.base.TopicIdPartition;
import io.sluice.base.Uuid;
import io.sluice.cluster.api.Controller;
import io.sluice.protocol.message.AllocateProducerIdsRequest;
import io.sluice.protocol.message.AllocateProducerIdsResponse;
import io.sluice.protocol.message.AlterConfigsRequest;
import io.sluice.protocol.message.AlterConfigsResponse;
import io.sluice.protocol.message.BrokerRegistrationRequest;
import io.sluice.protocol.message.BrokerRegistrationResponse;
import io.sluice.protocol.message.CreatePartitionsRequest;
import io.sluice.protocol.message.CreatePartitionsResponse;
import io.sluice.protocol.message.CreateTopicsRequest;
import io.sluice.protocol.message.CreateTopicsResponse;
import io.sluice.protocol.message.DeleteTopicsRequest;
import io.sluice.protocol.message.DeleteTopicsResponse;
import io.sluice.protocol.message.IncrementalAlterConfigsRequest;
import io.sluice.protocol.message.IncrementalAlterConfigsResponse;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Brings each request to the one that decides it. */
final class MetadataController implements Controller {
    private final ControllerLoop loop;

    MetadataController(ControllerLoop loop) {
        this.loop = loop;
    }

    @Override
    public CompletableFuture<CreateTopicsResponse> createTopics(CreateTopicsRequest request) {
        return loop.request(situation -> TopicCreation.decide(request, situation));
    }

    @Override
    public CompletableFuture<DeleteTopicsResponse> deleteTopics(DeleteTopicsRequest request) {
        return loop.request(situation -> TopicDeletion.decide(request, situation));
    }

    @Override
    public CompletableFuture<CreatePartitionsResponse> createPartitions(CreatePartitionsRequest request) {
        return loop.request(situation -> PartitionCreation.decide(request, situation));
    }

    @Override
    public CompletableFuture<IncrementalAlterConfigsResponse> incrementalAlterConfigs(
            IncrementalAlterConfigsRequest request) {
        return loop.request(situation -> ConfigRequests.incremental(request, situation));
    }

    @Override
    public CompletableFuture<AlterConfigsResponse> alterConfigs(AlterConfigsRequest request) {
        return loop.request(situation -> ConfigRequests.replace(request, situation));
    }

    @Override
    public CompletableFuture<AllocateProducerIdsResponse> allocateProducerIds(AllocateProducerIdsRequest request) {
        return loop.request(situation -> ProducerIdBlocks.decide(request, situation));
    }

    @Override
    public CompletableFuture<BrokerRegistrationResponse> registerBroker(
            BrokerRegistrationRequest request, boolean cleanShutdown) {
        return loop.request(situation -> BrokerRegistrations.decide(request, cleanShutdown, situation));
    }

    @Override
    public CompletableFuture<Map<Integer, Integer>> bumpLeaderEpochs(String topic) {
        return loop.request(situation -> LeaderEpochs.bump(topic, situation));
    }

    @Override
    public CompletableFuture<Integer> bumpLeaderEpoch(TopicIdPartition partition) {
        return loop.request(situation -> LeaderEpochs.bump(partition, situation));
    }

    @Override
    public CompletableFuture<Boolean> assignStorageEngine(Uuid topicId, String engine) {
        return loop.request(situation -> EngineAssignment.decide(topicId, engine, situation));
    }
}
