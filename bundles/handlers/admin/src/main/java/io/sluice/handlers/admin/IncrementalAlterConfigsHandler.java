package io.sluice.handlers.admin;

import io.sluice.base.ErrorCode;
import io.sluice.broker.api.Broker;
import io.sluice.cluster.api.ConfigResource;
import io.sluice.cluster.api.Controller;
import io.sluice.cluster.api.MetadataSource;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.IncrementalAlterConfigsRequest;
import io.sluice.protocol.message.IncrementalAlterConfigsRequest.AlterConfigsResource;
import io.sluice.protocol.message.IncrementalAlterConfigsResponse;
import io.sluice.protocol.message.IncrementalAlterConfigsResponse.AlterConfigsResourceResponse;
import io.sluice.request.api.ApiHandler;
import io.sluice.request.api.LateAnswer;
import io.sluice.request.api.Request;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** IncrementalAlterConfigs (API 44): sets, resets, and adds to or takes from single keys (KIP-339); levels of loggers are set here. */
@Component(service = ApiHandler.class)
public final class IncrementalAlterConfigsHandler implements ApiHandler {
    private final Controller controller;
    private final ConfigChangeCheck check;
    private final BrokerLoggers loggers = BrokerLoggers.ofSlf4j();

    @Activate
    public IncrementalAlterConfigsHandler(
            @Reference Controller controller, @Reference MetadataSource metadata, @Reference Broker broker) {
        this.controller = controller;
        this.check = new ConfigChangeCheck(metadata, broker, loggers);
    }

    @Override
    public ApiKey api() {
        return ApiKey.INCREMENTAL_ALTER_CONFIGS;
    }

    @Override
    public void handle(Request request) {
        IncrementalAlterConfigsRequest asked = request.read(new IncrementalAlterConfigsRequest());
        List<@Nullable Refusal> refusals = check.check(
                request,
                asked.resources().stream()
                        .map(IncrementalAlterConfigsHandler::change)
                        .toList());
        IncrementalAlterConfigsRequest forwarded =
                new IncrementalAlterConfigsRequest().setValidateOnly(asked.validateOnly());
        List<AlterConfigsResourceResponse> here = new ArrayList<>();
        for (int i = 0; i < refusals.size(); i++) {
            AlterConfigsResource resource = asked.resources().get(i);
            if (refusals.get(i) == null && resource.resourceType() == ConfigResource.Type.BROKER_LOGGER.code()) {
                if (!asked.validateOnly()) {
                    loggers.apply(change(resource));
                }
                here.add(result(resource, Refusal.of(ErrorCode.NONE)));
            } else if (refusals.get(i) == null) {
                forwarded.resources().add(resource);
            }
        }
        if (forwarded.resources().isEmpty()) {
            request.respond(merge(asked, refusals, here));
            return;
        }
        LateAnswer.to(request, controller.incrementalAlterConfigs(forwarded), (altered, failure) -> {
            List<AlterConfigsResourceResponse> results = new ArrayList<>(here);
            if (altered == null) {
                Refusal why = Refusal.of(failure);
                forwarded.resources().forEach(resource -> results.add(result(resource, why)));
            } else {
                results.addAll(altered.responses());
            }
            return merge(asked, refusals, results);
        });
    }

    private static ConfigChange change(AlterConfigsResource resource) {
        List<ConfigChange.Entry> entries = resource.configs().stream()
                .map(config -> new ConfigChange.Entry(config.name(), config.configOperation(), config.value()))
                .toList();
        return new ConfigChange(resource.resourceType(), resource.resourceName(), entries);
    }

    /** In the order of the request; the controller's results come by resource. */
    private static IncrementalAlterConfigsResponse merge(
            IncrementalAlterConfigsRequest asked,
            List<@Nullable Refusal> refusals,
            List<AlterConfigsResourceResponse> results) {
        IncrementalAlterConfigsResponse response = new IncrementalAlterConfigsResponse();
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
