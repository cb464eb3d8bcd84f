package io.sluice.handlers.admin;

import io.sluice.base.ErrorCode;
import io.sluice.cluster.api.Controller;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.AddRaftVoterRequest;
import io.sluice.protocol.message.AddRaftVoterResponse;
import io.sluice.request.api.ApiHandler;
import io.sluice.request.api.LateAnswer;
import io.sluice.request.api.Request;
import io.sluice.security.api.Operation;
import io.sluice.security.api.Resource;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** AddRaftVoter (API 80): who keeps the metadata says whether it takes another voter (KIP-853). */
@Component(service = ApiHandler.class)
public final class AddRaftVoterHandler implements ApiHandler {
    private final Controller controller;

    @Activate
    public AddRaftVoterHandler(@Reference Controller controller) {
        this.controller = controller;
    }

    @Override
    public ApiKey api() {
        return ApiKey.ADD_RAFT_VOTER;
    }

    @Override
    public void handle(Request request) {
        AddRaftVoterRequest asked = request.read(new AddRaftVoterRequest());
        if (!request.mayDo(Operation.ALTER, Resource.CLUSTER)) {
            request.respond(refused(Refusal.of(ErrorCode.CLUSTER_AUTHORIZATION_FAILED)));
            return;
        }
        LateAnswer.to(
                request,
                controller.addRaftVoter(asked),
                (answer, failure) -> answer == null ? refused(Refusal.of(failure)) : answer);
    }

    private static AddRaftVoterResponse refused(Refusal refusal) {
        return new AddRaftVoterResponse().setErrorCode(refusal.code()).setErrorMessage(refusal.message());
    }
}
