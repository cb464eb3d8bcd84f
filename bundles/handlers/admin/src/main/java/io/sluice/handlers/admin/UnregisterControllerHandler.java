package io.sluice.handlers.admin;

import io.sluice.base.ErrorCode;
import io.sluice.cluster.api.Controller;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.UnregisterControllerRequest;
import io.sluice.protocol.message.UnregisterControllerResponse;
import io.sluice.request.api.ApiHandler;
import io.sluice.request.api.LateAnswer;
import io.sluice.request.api.Request;
import io.sluice.security.api.Operation;
import io.sluice.security.api.Resource;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** UnregisterController (API 94): forgets a controller that is gone for good; there is one controller here, the broker itself. */
@Component(service = ApiHandler.class)
public final class UnregisterControllerHandler implements ApiHandler {
    private final Controller controller;

    @Activate
    public UnregisterControllerHandler(@Reference Controller controller) {
        this.controller = controller;
    }

    @Override
    public ApiKey api() {
        return ApiKey.UNREGISTER_CONTROLLER;
    }

    @Override
    public void handle(Request request) {
        UnregisterControllerRequest asked = request.read(new UnregisterControllerRequest());
        if (!request.mayDo(Operation.ALTER, Resource.CLUSTER)) {
            request.respond(refused(Refusal.of(ErrorCode.CLUSTER_AUTHORIZATION_FAILED)));
            return;
        }
        LateAnswer.to(
                request,
                controller.unregisterController(asked),
                (answer, failure) -> answer == null ? refused(Refusal.of(failure)) : answer);
    }

    private static UnregisterControllerResponse refused(Refusal refusal) {
        return new UnregisterControllerResponse().setErrorCode(refusal.code()).setErrorMessage(refusal.message());
    }
}
