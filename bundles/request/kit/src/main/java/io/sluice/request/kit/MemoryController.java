package io.sluice.request.kit;

import io.sluice.base.ErrorCode;
import io.sluice.base.TopicIdPartition;
import io.sluice.base.Uuid;
import io.sluice.cluster.api.Controller;
import io.sluice.cluster.api.NotControllerException;
import io.sluice.cluster.api.TopicImage;
import io.sluice.protocol.Message;
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
import io.sluice.protocol.message.CreateTopicsRequest.CreatableTopic;
import io.sluice.protocol.message.CreateTopicsResponse;
import io.sluice.protocol.message.CreateTopicsResponse.CreatableTopicResult;
import io.sluice.protocol.message.DeleteTopicsRequest;
import io.sluice.protocol.message.DeleteTopicsRequest.DeleteTopicState;
import io.sluice.protocol.message.DeleteTopicsResponse;
import io.sluice.protocol.message.DeleteTopicsResponse.DeletableTopicResult;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * A controller over {@link MemoryMetadata} that makes topics, deletes them, and accepts every other change as it comes.
 * It keeps what it was asked; {@link #hold} makes it answer only when told to, {@link #fail} not at all.
 */
public final class MemoryController implements Controller {
    private final MemoryMetadata metadata;
    private final List<Message> requests = new ArrayList<>();
    private final List<Runnable> held = new ArrayList<>();
    private boolean holding;
    private boolean failing;
    private long nextProducerId = 1000L;

    public MemoryController(MemoryMetadata metadata) {
        this.metadata = metadata;
    }

    /** Every request, in order. */
    public synchronized List<Message> requests() {
        return List.copyOf(requests);
    }

    public synchronized void hold() {
        holding = true;
    }

    /** Answers everything that was held back. */
    public void release() {
        List<Runnable> now;
        synchronized (this) {
            holding = false;
            now = List.copyOf(held);
            held.clear();
        }
        now.forEach(Runnable::run);
    }

    /** From now on no controller is active. */
    public synchronized void fail() {
        failing = true;
    }

    @Override
    public CompletableFuture<CreateTopicsResponse> createTopics(CreateTopicsRequest request) {
        return answer(request, () -> {
            CreateTopicsResponse response = new CreateTopicsResponse();
            for (CreatableTopic topic : request.topics()) {
                response.topics().add(create(topic, request.validateOnly()));
            }
            return response;
        });
    }

    private CreatableTopicResult create(CreatableTopic topic, boolean validateOnly) {
        CreatableTopicResult result = new CreatableTopicResult().setName(topic.name());
        if (metadata.image().topic(topic.name()) != null) {
            return result.setErrorCode(ErrorCode.TOPIC_ALREADY_EXISTS.code());
        }
        int partitions = topic.numPartitions() < 0 ? 1 : topic.numPartitions();
        Uuid id = validateOnly
                ? Uuid.ZERO
                : metadata.topic(topic.name(), partitions).id();
        return result.setTopicId(id).setNumPartitions(partitions).setReplicationFactor((short) 1);
    }

    @Override
    public CompletableFuture<DeleteTopicsResponse> deleteTopics(DeleteTopicsRequest request) {
        return answer(request, () -> {
            DeleteTopicsResponse response = new DeleteTopicsResponse();
            for (DeleteTopicState topic : request.topics()) {
                TopicImage known = metadata.image().topic(topic.topicId());
                ErrorCode error = known == null ? ErrorCode.UNKNOWN_TOPIC_ID : ErrorCode.NONE;
                if (known != null) {
                    metadata.delete(known.name());
                }
                response.responses()
                        .add(new DeletableTopicResult()
                                .setTopicId(topic.topicId())
                                .setErrorCode(error.code()));
            }
            return response;
        });
    }

    @Override
    public CompletableFuture<CreatePartitionsResponse> createPartitions(CreatePartitionsRequest request) {
        return answer(request, () -> {
            CreatePartitionsResponse response = new CreatePartitionsResponse();
            request.topics().forEach(topic -> response.results()
                    .add(new CreatePartitionsResponse.CreatePartitionsTopicResult().setName(topic.name())));
            return response;
        });
    }

    @Override
    public CompletableFuture<IncrementalAlterConfigsResponse> incrementalAlterConfigs(
            IncrementalAlterConfigsRequest request) {
        return answer(request, () -> {
            IncrementalAlterConfigsResponse response = new IncrementalAlterConfigsResponse();
            request.resources().forEach(resource -> response.responses()
                    .add(new IncrementalAlterConfigsResponse.AlterConfigsResourceResponse()
                            .setErrorMessage(null)
                            .setResourceType(resource.resourceType())
                            .setResourceName(resource.resourceName())));
            return response;
        });
    }

    @Override
    public CompletableFuture<AlterConfigsResponse> alterConfigs(AlterConfigsRequest request) {
        return answer(request, () -> {
            AlterConfigsResponse response = new AlterConfigsResponse();
            request.resources().forEach(resource -> response.responses()
                    .add(new AlterConfigsResponse.AlterConfigsResourceResponse()
                            .setErrorMessage(null)
                            .setResourceType(resource.resourceType())
                            .setResourceName(resource.resourceName())));
            return response;
        });
    }

    @Override
    public CompletableFuture<AllocateProducerIdsResponse> allocateProducerIds(AllocateProducerIdsRequest request) {
        return answer(request, () -> {
            AllocateProducerIdsResponse response = new AllocateProducerIdsResponse()
                    .setProducerIdStart(nextProducerId)
                    .setProducerIdLen(1000);
            nextProducerId += 1000;
            return response;
        });
    }

    @Override
    public CompletableFuture<BrokerRegistrationResponse> registerBroker(
            BrokerRegistrationRequest request, boolean cleanShutdown) {
        return answer(request, () -> new BrokerRegistrationResponse().setBrokerEpoch(1L));
    }

    @Override
    public CompletableFuture<Map<Integer, Integer>> bumpLeaderEpochs(String topic) {
        return CompletableFuture.failedFuture(new UnsupportedOperationException("not kept here"));
    }

    @Override
    public CompletableFuture<Integer> bumpLeaderEpoch(TopicIdPartition partition) {
        return CompletableFuture.failedFuture(new UnsupportedOperationException("not kept here"));
    }

    @Override
    public CompletableFuture<Boolean> assignStorageEngine(Uuid topicId, String engine) {
        return CompletableFuture.failedFuture(new UnsupportedOperationException("not kept here"));
    }

    @Override
    public CompletableFuture<AlterUserScramCredentialsResponse> alterUserScramCredentials(
            AlterUserScramCredentialsRequest request) {
        return answer(request, () -> {
            AlterUserScramCredentialsResponse response = new AlterUserScramCredentialsResponse();
            request.upsertions().forEach(upsertion -> response.results().add(scramResult(upsertion.name())));
            request.deletions().forEach(deletion -> response.results().add(scramResult(deletion.name())));
            return response;
        });
    }

    @Override
    public CompletableFuture<AlterClientQuotasResponse> alterClientQuotas(AlterClientQuotasRequest request) {
        return answer(request, () -> {
            AlterClientQuotasResponse response = new AlterClientQuotasResponse();
            request.entries().forEach(entry -> response.entries().add(quotaResult(entry)));
            return response;
        });
    }

    @Override
    public CompletableFuture<UpdateFeaturesResponse> updateFeatures(UpdateFeaturesRequest request) {
        return answer(request, UpdateFeaturesResponse::new);
    }

    @Override
    public CompletableFuture<ElectLeadersResponse> electLeaders(ElectLeadersRequest request) {
        return answer(request, ElectLeadersResponse::new);
    }

    @Override
    public CompletableFuture<UnregisterBrokerResponse> unregisterBroker(UnregisterBrokerRequest request) {
        return answer(request, UnregisterBrokerResponse::new);
    }

    @Override
    public CompletableFuture<DescribeQuorumResponse> describeQuorum(DescribeQuorumRequest request) {
        return answer(request, DescribeQuorumResponse::new);
    }

    @Override
    public CompletableFuture<AddRaftVoterResponse> addRaftVoter(AddRaftVoterRequest request) {
        return answer(request, AddRaftVoterResponse::new);
    }

    @Override
    public CompletableFuture<RemoveRaftVoterResponse> removeRaftVoter(RemoveRaftVoterRequest request) {
        return answer(request, RemoveRaftVoterResponse::new);
    }

    @Override
    public CompletableFuture<UnregisterControllerResponse> unregisterController(UnregisterControllerRequest request) {
        return answer(request, UnregisterControllerResponse::new);
    }

    private static AlterUserScramCredentialsResponse.AlterUserScramCredentialsResult scramResult(String user) {
        return new AlterUserScramCredentialsResponse.AlterUserScramCredentialsResult()
                .setUser(user)
                .setErrorMessage(null);
    }

    private static AlterClientQuotasResponse.EntryData quotaResult(AlterClientQuotasRequest.EntryData entry) {
        AlterClientQuotasResponse.EntryData result = new AlterClientQuotasResponse.EntryData().setErrorMessage(null);
        entry.entity().forEach(part -> result.entity()
                .add(new AlterClientQuotasResponse.EntityData()
                        .setEntityType(part.entityType())
                        .setEntityName(part.entityName())));
        return result;
    }

    private <R> CompletableFuture<R> answer(Message request, Supplier<R> work) {
        CompletableFuture<R> future = new CompletableFuture<>();
        Runnable run = () -> future.complete(work.get());
        synchronized (this) {
            requests.add(request);
            if (failing) {
                return CompletableFuture.failedFuture(new NotControllerException("no controller is active"));
            }
            if (holding) {
                held.add(run);
                return future;
            }
        }
        run.run();
        return future;
    }
}
