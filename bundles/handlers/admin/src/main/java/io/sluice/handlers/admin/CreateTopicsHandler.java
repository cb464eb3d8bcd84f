package io.sluice.handlers.admin;

import io.sluice.broker.api.Broker;
import io.sluice.cluster.api.Controller;
import io.sluice.protocol.ApiKey;
import io.sluice.request.api.ApiHandler;
import io.sluice.request.api.Request;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** CreateTopics (API 19). */
@Component(service = ApiHandler.class)
public final class CreateTopicsHandler implements ApiHandler {
    private final TopicCreator creator;

    @Activate
    public CreateTopicsHandler(@Reference Controller controller, @Reference Broker broker) {
        this.creator = new TopicCreator(controller, new StorageEngineKey(broker));
    }

    @Override
    public ApiKey api() {
        return ApiKey.CREATE_TOPICS;
    }

    @Override
    public void handle(Request request) {
        creator.answer(request);
    }
}
