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

/** Metadata (API 3): brokers, topics, partitions and their leaders; creates topics that are only named. */
@Component(service = ApiHandler.class)
public final class MetadataHandler implements ApiHandler {
    private final MetadataQuery query;

    @Activate
    public MetadataHandler(
            @Reference MetadataSource metadata, @Reference Broker broker, @Reference Controller controller) {
        this.query = new MetadataQuery(metadata, broker, new TopicCreation(controller, metadata, broker));
    }

    @Override
    public ApiKey api() {
        return ApiKey.METADATA;
    }

    @Override
    public void handle(Request request) {
        query.answer(request);
    }
}
