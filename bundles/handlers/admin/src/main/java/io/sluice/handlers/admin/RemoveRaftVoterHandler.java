package io.sluice.handlers.admin;

import io.sluice.base.ErrorCode;
import io.sluice.cluster.api.Controller;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.RemoveRaftVoterRequest;
import io.sluice.protocol.message.RemoveRaftVoterResponse;
import io.sluice.request.api.ApiHandler;
import io.sluice.request.api.LateAnswer;
import io.sluice.request.api.Request;
import io.sluice.security.api.Operation;
import io.sluice.security.api.Resource;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** RemoveRaftVoter (API 81): who keeps the metadata says whether it can do without a voter (KIP-853). */
@Component(service = ApiHandler.class)
public final class RemoveRaftVoterHandler implements ApiHandler {
    private final Controller controller;

    @Activate
    public RemoveRaftVoterHandler(@Reference Controller controller) {
        this.controller = controller;
    }

    @Override
    public ApiKey api() {
        return ApiKey.REMOVE_RAFT_VOTER;
    }

    @Override
    public void handle(Request request) {
        RemoveRaftVoterRequest asked = request.read(new RemoveRaftVoterRequest());
        if (!request.mayDo(Operation.ALTER, Resource.CLUSTER)) {
            request.respond(refused(Refusal.of(ErrorCode.CLUSTER_AUTHORIZATION_FAILED)));
            return;
        }
        LateAnswer.to(
                request,
                controller.removeRaftVoter(asked),
                (answer, failure) -> answer == null ? refused(Refusal.of(failure)) : answer);
    }

    private static RemoveRaftVoterResponse refused(Refusal refusal) {
        return new RemoveRaftVoterResponse().setErrorCode(refusal.code()).setErrorMessage(refusal.message());
    }
}
