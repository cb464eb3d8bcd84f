package io.sluice.handlers.admin;

import io.sluice.base.ErrorCode;
import io.sluice.cluster.api.Controller;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.UnregisterBrokerRequest;
import io.sluice.protocol.message.UnregisterBrokerResponse;
import io.sluice.request.api.ApiHandler;
import io.sluice.request.api.LateAnswer;
import io.sluice.request.api.Request;
import io.sluice.security.api.Operation;
import io.sluice.security.api.Resource;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** UnregisterBroker (API 64): forgets a broker that is gone for good (KIP-746). */
@Component(service = ApiHandler.class)
public final class UnregisterBrokerHandler implements ApiHandler {
    private final Controller controller;

    @Activate
    public UnregisterBrokerHandler(@Reference Controller controller) {
        this.controller = controller;
    }

    @Override
    public ApiKey api() {
        return ApiKey.UNREGISTER_BROKER;
    }

    @Override
    public void handle(Request request) {
        UnregisterBrokerRequest asked = request.read(new UnregisterBrokerRequest());
        if (!request.mayDo(Operation.ALTER, Resource.CLUSTER)) {
            request.respond(refused(Refusal.of(ErrorCode.CLUSTER_AUTHORIZATION_FAILED)));
            return;
        }
        LateAnswer.to(
                request,
                controller.unregisterBroker(asked),
                (answer, failure) -> answer == null ? refused(Refusal.of(failure)) : answer);
    }

    private static UnregisterBrokerResponse refused(Refusal refusal) {
        return new UnregisterBrokerResponse().setErrorCode(refusal.code()).setErrorMessage(refusal.message());
    }
}
