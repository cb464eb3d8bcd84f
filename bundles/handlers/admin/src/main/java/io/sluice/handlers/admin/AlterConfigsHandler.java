package io.sluice.handlers.admin;

import io.sluice.broker.api.Broker;
import io.sluice.cluster.api.ConfigResource;
import io.sluice.cluster.api.Controller;
import io.sluice.cluster.api.MetadataSource;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.AlterConfigsRequest;
import io.sluice.protocol.message.AlterConfigsRequest.AlterConfigsResource;
import io.sluice.protocol.message.AlterConfigsRequest.AlterableConfig;
import io.sluice.protocol.message.AlterConfigsResponse;
import io.sluice.protocol.message.AlterConfigsResponse.AlterConfigsResourceResponse;
import io.sluice.request.api.ApiHandler;
import io.sluice.request.api.LateAnswer;
import io.sluice.request.api.Request;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * AlterConfigs (API 33), the old way: the given keys replace all that were set. Only a topic's engine stays when it is not
 * given, because it is no setting to be reset.
 */
@Component(service = ApiHandler.class)
public final class AlterConfigsHandler implements ApiHandler {
    private final Controller controller;
    private final MetadataSource metadata;
    private final ConfigChangeCheck check;

    @Activate
    public AlterConfigsHandler(
            @Reference Controller controller, @Reference MetadataSource metadata, @Reference Broker broker) {
        this.controller = controller;
        this.metadata = metadata;
        this.check = new ConfigChangeCheck(metadata, broker, BrokerLoggers.ofSlf4j());
    }

    @Override
    public ApiKey api() {
        return ApiKey.ALTER_CONFIGS;
    }

    @Override
    public void handle(Request request) {
        AlterConfigsRequest asked = request.read(new AlterConfigsRequest());
        List<@Nullable Refusal> refusals = check.check(
                request,
                asked.resources().stream().map(AlterConfigsHandler::change).toList());
        AlterConfigsRequest forwarded = new AlterConfigsRequest().setValidateOnly(asked.validateOnly());
        for (int i = 0; i < refusals.size(); i++) {
            if (refusals.get(i) == null) {
                forwarded.resources().add(keepEngine(asked.resources().get(i)));
            }
        }
        if (forwarded.resources().isEmpty()) {
            request.respond(merge(asked, refusals, List.of()));
            return;
        }
        LateAnswer.to(request, controller.alterConfigs(forwarded), (altered, failure) -> {
            List<AlterConfigsResourceResponse> results = new ArrayList<>();
            if (altered == null) {
                Refusal why = Refusal.of(failure);
                forwarded.resources().forEach(resource -> results.add(result(resource, why)));
            } else {
                results.addAll(altered.responses());
            }
            return merge(asked, refusals, results);
        });
    }

    private AlterConfigsResource keepEngine(AlterConfigsResource resource) {
        ConfigResource.Type type = ConfigResource.Type.of(resource.resourceType());
        String engine = type == ConfigResource.Type.TOPIC
                ? metadata.image()
                        .config(new ConfigResource(type, resource.resourceName()))
                        .get(StorageEngineKey.NAME)
                : null;
        boolean isGiven =
                resource.configs().stream().anyMatch(config -> config.name().equals(StorageEngineKey.NAME));
        if (engine == null || isGiven) {
            return resource;
        }
        List<AlterableConfig> configs = new ArrayList<>(resource.configs());
        configs.add(new AlterableConfig().setName(StorageEngineKey.NAME).setValue(engine));
        return new AlterConfigsResource()
                .setResourceType(resource.resourceType())
                .setResourceName(resource.resourceName())
                .setConfigs(configs);
    }

    private static ConfigChange change(AlterConfigsResource resource) {
        List<ConfigChange.Entry> entries = resource.configs().stream()
                .map(config -> new ConfigChange.Entry(config.name(), ConfigChange.SET, config.value()))
                .toList();
        return new ConfigChange(resource.resourceType(), resource.resourceName(), entries);
    }

    /** In the order of the request; the controller's results come by resource. */
    private static AlterConfigsResponse merge(
            AlterConfigsRequest asked, List<@Nullable Refusal> refusals, List<AlterConfigsResourceResponse> results) {
        AlterConfigsResponse response = new AlterConfigsResponse();
        for (int i = 0; i < refusals.size(); i++) {
            AlterConfigsResource resource = asked.resources().get(i);
            Refusal refusal = refusals.get(i);
            response.responses()
                    .add(
                            refusal != null
                                    ? result(resource, refusal)
                                    : results.stream()
                                            .filter(result -> result.resourceType() == resource.resourceType()
                                                    && result.resourceName().equals(resource.resourceName()))
                                            .findFirst()
                                            .orElseGet(() -> result(resource, Refusal.NO_RESULT)));
        }
        return response;
    }

    private static AlterConfigsResourceResponse result(AlterConfigsResource resource, Refusal refusal) {
        return new AlterConfigsResourceResponse()
                .setErrorCode(refusal.code())
                .setErrorMessage(refusal.message())
                .setResourceType(resource.resourceType())
                .setResourceName(resource.resourceName());
    }
}
