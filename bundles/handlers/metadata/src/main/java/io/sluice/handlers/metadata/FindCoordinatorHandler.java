package io.sluice.handlers.metadata;

import io.sluice.broker.api.Broker;
import io.sluice.cluster.api.Controller;
import io.sluice.cluster.api.MetadataSource;
import io.sluice.protocol.ApiKey;
import io.sluice.request.api.ApiHandler;
import io.sluice.request.api.Request;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** FindCoordinator (API 10): which broker coordinates a group, a transactional id or a share partition. */
@Component(service = ApiHandler.class)
public final class FindCoordinatorHandler implements ApiHandler {
    private final CoordinatorLookup lookup;

    @Activate
    public FindCoordinatorHandler(
            @Reference MetadataSource metadata, @Reference Broker broker, @Reference Controller controller) {
        this.lookup = new CoordinatorLookup(metadata, broker, new TopicCreation(controller, metadata, broker));
    }

    @Override
    public ApiKey api() {
        return ApiKey.FIND_COORDINATOR;
    }

    @Override
    public void handle(Request request) {
        lookup.answer(request);
    }
}
