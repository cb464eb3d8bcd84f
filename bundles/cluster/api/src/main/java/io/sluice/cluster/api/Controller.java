package io.sluice.cluster.api;

import io.sluice.base.TopicIdPartition;
import io.sluice.base.Uuid;
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
import org.osgi.annotation.versioning.ProviderType;

/**
 * Every change of the cluster's metadata goes through here: in this process now, forwarded to the active controller
 * later. Requests and answers are the protocol's own. A future completes when the change is committed AND this broker's
 * {@link MetadataSource} shows it; on a thread of the controller's, which the receiver must not block. It completes
 * exceptionally with {@link NotControllerException} when no controller is active: surely not applied, the caller's request is
 * to be retried. It completes with an {@link java.io.IOException} when the log could not be written, and the change may or may
 * not be there later.
 */
@ProviderType
public interface Controller {
    CompletableFuture<CreateTopicsResponse> createTopics(CreateTopicsRequest request);

    /** Names or ids. */
    CompletableFuture<DeleteTopicsResponse> deleteTopics(DeleteTopicsRequest request);

    CompletableFuture<CreatePartitionsResponse> createPartitions(CreatePartitionsRequest request);

    CompletableFuture<IncrementalAlterConfigsResponse> incrementalAlterConfigs(IncrementalAlterConfigsRequest request);

    CompletableFuture<AlterConfigsResponse> alterConfigs(AlterConfigsRequest request);

    /** A block of producer ids that nobody gets again, even after a crash. */
    CompletableFuture<AllocateProducerIdsResponse> allocateProducerIds(AllocateProducerIdsRequest request);

    /**
     * Registers this broker; the answer carries its broker epoch. A broker that did not shut down cleanly has the leader
     * epochs of its partitions raised.
     *
     * @param cleanShutdown whether the previous run of this broker ended cleanly
     */
    CompletableFuture<BrokerRegistrationResponse> registerBroker(
            BrokerRegistrationRequest request, boolean cleanShutdown);

    /** Raises the leader epoch of a topic's partitions that this broker leads (a cut-over, an engine that lost its contents). */
    CompletableFuture<Map<Integer, Integer>> bumpLeaderEpochs(String topic);

    /** The same for one of its partitions; the answer is its new epoch, or -1 when this broker does not lead it. */
    CompletableFuture<Integer> bumpLeaderEpoch(TopicIdPartition partition);

    /**
     * Sets {@code storage.engine} in the topic's configuration, which no client can alter: its records have been moved. Answers whether
     * there is such a topic.
     */
    CompletableFuture<Boolean> assignStorageEngine(Uuid topicId, String engine);

    /** Sets and removes SCRAM credentials; each user as a whole or not at all. */
    CompletableFuture<AlterUserScramCredentialsResponse> alterUserScramCredentials(
            AlterUserScramCredentialsRequest request);

    /** Sets and removes quotas; each entity as a whole or not at all. Names of hosts are taken as they are. */
    CompletableFuture<AlterClientQuotasResponse> alterClientQuotas(AlterClientQuotasRequest request);

    /** Finalises features at other levels: all that are named, or none. */
    CompletableFuture<UpdateFeaturesResponse> updateFeatures(UpdateFeaturesRequest request);

    /** Gives partitions the leader that they should have, or one at all. */
    CompletableFuture<ElectLeadersResponse> electLeaders(ElectLeadersRequest request);

    /** Forgets a broker that is gone for good. */
    CompletableFuture<UnregisterBrokerResponse> unregisterBroker(UnregisterBrokerRequest request);

    /** Who votes on the metadata and how far they are. */
    CompletableFuture<DescribeQuorumResponse> describeQuorum(DescribeQuorumRequest request);

    CompletableFuture<AddRaftVoterResponse> addRaftVoter(AddRaftVoterRequest request);

    CompletableFuture<RemoveRaftVoterResponse> removeRaftVoter(RemoveRaftVoterRequest request);

    CompletableFuture<UnregisterControllerResponse> unregisterController(UnregisterControllerRequest request);
}
