package io.sluice.handlers.admin;

import io.sluice.base.ErrorCode;
import io.sluice.cluster.api.Controller;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.ElectLeadersRequest;
import io.sluice.protocol.message.ElectLeadersResponse;
import io.sluice.protocol.message.ElectLeadersResponse.PartitionResult;
import io.sluice.protocol.message.ElectLeadersResponse.ReplicaElectionResult;
import io.sluice.request.api.ApiHandler;
import io.sluice.request.api.LateAnswer;
import io.sluice.request.api.Request;
import io.sluice.security.api.Operation;
import io.sluice.security.api.Resource;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** ElectLeaders (API 43): gives partitions the leader that they should have (KIP-183), or one at all (KIP-460). */
@Component(service = ApiHandler.class)
public final class ElectLeadersHandler implements ApiHandler {
    private static final short FIRST_WITH_ERROR = 1;

    private final Controller controller;

    @Activate
    public ElectLeadersHandler(@Reference Controller controller) {
        this.controller = controller;
    }

    @Override
    public ApiKey api() {
        return ApiKey.ELECT_LEADERS;
    }

    @Override
    public void handle(Request request) {
        ElectLeadersRequest asked = request.read(new ElectLeadersRequest());
        if (!request.mayDo(Operation.ALTER, Resource.CLUSTER)) {
            request.respond(refused(asked, request.version(), Refusal.of(ErrorCode.CLUSTER_AUTHORIZATION_FAILED)));
            return;
        }
        LateAnswer.to(
                request,
                controller.electLeaders(asked),
                (answer, failure) -> answer == null ? refused(asked, request.version(), Refusal.of(failure)) : answer);
    }

    /** The same error for the whole and for each part; version 0 has no place for the first. */
    private static ElectLeadersResponse refused(ElectLeadersRequest asked, short version, Refusal refusal) {
        ElectLeadersResponse response = new ElectLeadersResponse();
        if (version >= FIRST_WITH_ERROR) {
            response.setErrorCode(refusal.code());
        }
        List<ElectLeadersRequest.TopicPartitions> topics = asked.topicPartitions();
        for (ElectLeadersRequest.TopicPartitions topic :
                topics == null ? List.<ElectLeadersRequest.TopicPartitions>of() : topics) {
            ReplicaElectionResult result = new ReplicaElectionResult().setTopic(topic.topic());
            topic.partitions().forEach(partition -> result.partitionResult()
                    .add(new PartitionResult()
                            .setPartitionId(partition)
                            .setErrorCode(refusal.code())
                            .setErrorMessage(refusal.message())));
            response.replicaElectionResults().add(result);
        }
        return response;
    }
}
