package io.sluice.handlers.admin;

import io.sluice.base.ErrorCode;
import io.sluice.base.Uuid;
import io.sluice.cluster.api.Controller;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.DescribeQuorumRequest;
import io.sluice.protocol.message.DescribeQuorumResponse;
import io.sluice.request.api.ApiHandler;
import io.sluice.request.api.LateAnswer;
import io.sluice.request.api.Request;
import io.sluice.security.api.Operation;
import io.sluice.security.api.Resource;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** DescribeQuorum (API 55): who keeps the metadata, and how far each of them is (KIP-595, KIP-836, KIP-853). */
@Component(service = ApiHandler.class)
public final class DescribeQuorumHandler implements ApiHandler {
    private static final short FIRST_WITH_DIRECTORIES = 2;

    private final Controller controller;

    @Activate
    public DescribeQuorumHandler(@Reference Controller controller) {
        this.controller = controller;
    }

    @Override
    public ApiKey api() {
        return ApiKey.DESCRIBE_QUORUM;
    }

    @Override
    public void handle(Request request) {
        DescribeQuorumRequest asked = request.read(new DescribeQuorumRequest());
        if (!request.mayDo(Operation.DESCRIBE, Resource.CLUSTER)) {
            request.respond(refused(Refusal.of(ErrorCode.CLUSTER_AUTHORIZATION_FAILED)));
            return;
        }
        LateAnswer.to(
                request,
                controller.describeQuorum(asked),
                (answer, failure) ->
                        answer == null ? refused(Refusal.of(failure)) : inVersion(answer, request.version()));
    }

    /** Before version 2 a voter is its node id alone, and nodes are not told. */
    private static DescribeQuorumResponse inVersion(DescribeQuorumResponse answer, short version) {
        if (version < FIRST_WITH_DIRECTORIES) {
            answer.setNodes(List.of());
            answer.topics().forEach(topic -> topic.partitions().forEach(partition -> {
                partition.currentVoters().forEach(voter -> voter.setReplicaDirectoryId(Uuid.ZERO));
                partition.observers().forEach(observer -> observer.setReplicaDirectoryId(Uuid.ZERO));
            }));
        }
        return answer;
    }

    private static DescribeQuorumResponse refused(Refusal refusal) {
        return new DescribeQuorumResponse().setErrorCode(refusal.code()).setErrorMessage(refusal.message());
    }
}
