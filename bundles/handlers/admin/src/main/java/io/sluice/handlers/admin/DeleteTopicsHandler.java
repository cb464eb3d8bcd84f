package io.sluice.handlers.admin;

import io.sluice.broker.api.Broker;
import io.sluice.cluster.api.Controller;
import io.sluice.cluster.api.MetadataSource;
import io.sluice.protocol.ApiKey;
import io.sluice.request.api.ApiHandler;
import io.sluice.request.api.Request;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** DeleteTopics (API 20), by name and by id. */
@Component(service = ApiHandler.class)
public final class DeleteTopicsHandler implements ApiHandler {
    private final TopicDeleter deleter;

    @Activate
    public DeleteTopicsHandler(
            @Reference Controller controller, @Reference MetadataSource metadata, @Reference Broker broker) {
        this.deleter = new TopicDeleter(controller, metadata, broker);
    }

    @Override
    public ApiKey api() {
        return ApiKey.DELETE_TOPICS;
    }

    @Override
    public void handle(Request request) {
        deleter.answer(request);
    }
}
