package io.sluice.handlers.admin;

import io.sluice.base.ErrorCode;
import io.sluice.cluster.api.Controller;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.UpdateFeaturesRequest;
import io.sluice.protocol.message.UpdateFeaturesResponse;
import io.sluice.request.api.ApiHandler;
import io.sluice.request.api.LateAnswer;
import io.sluice.request.api.Request;
import io.sluice.security.api.Operation;
import io.sluice.security.api.Resource;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** UpdateFeatures (API 57): finalises features of the cluster at other levels (KIP-584, KIP-778); all of them or none. */
@Component(service = ApiHandler.class)
public final class UpdateFeaturesHandler implements ApiHandler {
    private final Controller controller;

    @Activate
    public UpdateFeaturesHandler(@Reference Controller controller) {
        this.controller = controller;
    }

    @Override
    public ApiKey api() {
        return ApiKey.UPDATE_FEATURES;
    }

    @Override
    public void handle(Request request) {
        UpdateFeaturesRequest asked = request.read(new UpdateFeaturesRequest());
        if (!request.mayDo(Operation.ALTER, Resource.CLUSTER)) {
            request.respond(refused(Refusal.of(ErrorCode.CLUSTER_AUTHORIZATION_FAILED)));
            return;
        }
        LateAnswer.to(
                request,
                controller.updateFeatures(asked),
                (answer, failure) -> answer == null ? refused(Refusal.of(failure)) : answer);
    }

    private static UpdateFeaturesResponse refused(Refusal refusal) {
        return new UpdateFeaturesResponse().setErrorCode(refusal.code()).setErrorMessage(refusal.message());
    }
}
