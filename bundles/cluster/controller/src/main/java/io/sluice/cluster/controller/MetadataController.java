package io.sluice.cluster.controller;

import io.sluice.base.Time;
import io.sluice.base.TopicIdPartition;
import io.sluice.base.Uuid;
import io.sluice.cluster.api.Controller;
import io.sluice.protocol.message.AddRaftVoterRequest;
import io.sluice.protocol.message.AddRaftVoterResponse;
import io.sluice.protocol.message.AllocateProducerIdsRequest;
import io.sluice.protocol.message.AllocateProducerIdsResponse;
import io.sluice.protocol.message.AlterClientQuotasRequest;
import io.sluice.protocol.message.AlterClientQuotasResponse;
import io.sluice.protocol.message.AlterConfigsRequest;
import io.sluice.protocol.message.AlterConfigsResponse;
import io.sluice.protocol.message.AlterUserScramCredentialsRequest;
import io.sluice.protocol.message.AlterUserScramCredentialsResponse;
import io.sluice.protocol.message.BrokerRegistrationRequest;
import io.sluice.protocol.message.BrokerRegistrationResponse;
import io.sluice.protocol.message.CreatePartitionsRequest;
import io.sluice.protocol.message.CreatePartitionsResponse;
import io.sluice.protocol.message.CreateTopicsRequest;
import io.sluice.protocol.message.CreateTopicsResponse;
import io.sluice.protocol.message.DeleteTopicsRequest;
import io.sluice.protocol.message.DeleteTopicsResponse;
import io.sluice.protocol.message.DescribeQuorumRequest;
import io.sluice.protocol.message.DescribeQuorumResponse;
import io.sluice.protocol.message.ElectLeadersRequest;
import io.sluice.protocol.message.ElectLeadersResponse;
import io.sluice.protocol.message.IncrementalAlterConfigsRequest;
import io.sluice.protocol.message.IncrementalAlterConfigsResponse;
import io.sluice.protocol.message.RemoveRaftVoterRequest;
import io.sluice.protocol.message.RemoveRaftVoterResponse;
import io.sluice.protocol.message.UnregisterBrokerRequest;
import io.sluice.protocol.message.UnregisterBrokerResponse;
import io.sluice.protocol.message.UnregisterControllerRequest;
import io.sluice.protocol.message.UnregisterControllerResponse;
import io.sluice.protocol.message.UpdateFeaturesRequest;
import io.sluice.protocol.message.UpdateFeaturesResponse;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Brings each request to the one that decides it. */
final class MetadataController implements Controller {
    private final ControllerLoop loop;
    private final Time time;

    MetadataController(ControllerLoop loop, Time time) {
        this.loop = loop;
        this.time = time;
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

    @Override
    public CompletableFuture<AlterUserScramCredentialsResponse> alterUserScramCredentials(
            AlterUserScramCredentialsRequest request) {
        return loop.request(situation -> ScramRequests.decide(request, situation));
    }

    @Override
    public CompletableFuture<AlterClientQuotasResponse> alterClientQuotas(AlterClientQuotasRequest request) {
        return loop.request(situation -> QuotaRequests.decide(request, situation));
    }

    @Override
    public CompletableFuture<UpdateFeaturesResponse> updateFeatures(UpdateFeaturesRequest request) {
        return loop.request(situation -> FeatureUpdates.decide(request, situation));
    }

    @Override
    public CompletableFuture<ElectLeadersResponse> electLeaders(ElectLeadersRequest request) {
        return loop.request(situation -> LeaderElections.decide(request, situation));
    }

    @Override
    public CompletableFuture<UnregisterBrokerResponse> unregisterBroker(UnregisterBrokerRequest request) {
        return loop.request(situation -> BrokerUnregistrations.decide(request, situation));
    }

    @Override
    public CompletableFuture<DescribeQuorumResponse> describeQuorum(DescribeQuorumRequest request) {
        return loop.request(situation -> Quorum.describe(request, time.milliseconds(), situation));
    }

    @Override
    public CompletableFuture<AddRaftVoterResponse> addRaftVoter(AddRaftVoterRequest request) {
        return loop.request(situation -> Quorum.add(request, situation));
    }

    @Override
    public CompletableFuture<RemoveRaftVoterResponse> removeRaftVoter(RemoveRaftVoterRequest request) {
        return loop.request(situation -> Quorum.remove(request, situation));
    }

    @Override
    public CompletableFuture<UnregisterControllerResponse> unregisterController(UnregisterControllerRequest request) {
        return loop.request(situation -> Quorum.unregister(request, situation));
    }
}
