package io.sluice.handlers.admin;

import io.sluice.base.ErrorCode;
import io.sluice.broker.api.Broker;
import io.sluice.cluster.api.ConfigResource;
import io.sluice.cluster.api.MetadataSource;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.DescribeConfigsRequest;
import io.sluice.protocol.message.DescribeConfigsRequest.DescribeConfigsResource;
import io.sluice.protocol.message.DescribeConfigsResponse;
import io.sluice.protocol.message.DescribeConfigsResponse.DescribeConfigsResult;
import io.sluice.request.api.ApiHandler;
import io.sluice.request.api.Request;
import io.sluice.security.api.Operation;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** DescribeConfigs (API 32): values, where they come from, and what the keys mean (KIP-226, KIP-569). */
@Component(service = ApiHandler.class)
public final class DescribeConfigsHandler implements ApiHandler {
    private final ConfigDescription description;

    @Activate
    public DescribeConfigsHandler(@Reference MetadataSource metadata, @Reference Broker broker) {
        this.description = new ConfigDescription(metadata, broker, BrokerLoggers.ofSlf4j());
    }

    @Override
    public ApiKey api() {
        return ApiKey.DESCRIBE_CONFIGS;
    }

    @Override
    public void handle(Request request) {
        DescribeConfigsRequest asked = request.read(new DescribeConfigsRequest());
        Refusal unknownType = unknownType(asked);
        DescribeConfigsResponse response = new DescribeConfigsResponse();
        for (DescribeConfigsResource resource : asked.resources()) {
            response.results()
                    .add(
                            unknownType == null
                                    ? describe(request, asked, resource)
                                    : refused(unknownType)
                                            .setResourceType(resource.resourceType())
                                            .setResourceName(resource.resourceName()));
        }
        request.respond(response);
    }

    /** As in Kafka, one resource of no known type spoils the whole request. */
    private static @Nullable Refusal unknownType(DescribeConfigsRequest asked) {
        for (DescribeConfigsResource resource : asked.resources()) {
            if (ConfigResource.Type.of(resource.resourceType()) == null) {
                return Refusal.invalid("Unexpected resource type " + resource.resourceType() + " for resource "
                        + resource.resourceName());
            }
        }
        return null;
    }

    private DescribeConfigsResult describe(
            Request request, DescribeConfigsRequest asked, DescribeConfigsResource resource) {
        ConfigRights rights = ConfigRights.of(resource.resourceType(), resource.resourceName());
        DescribeConfigsResult result = request.mayDo(Operation.DESCRIBE_CONFIGS, rights.resource())
                ? description.describe(resource, asked.includeSynonyms(), asked.includeDocumentation())
                : refused(Refusal.of(rights.refusal()));
        return result.setResourceType(resource.resourceType()).setResourceName(resource.resourceName());
    }

    static DescribeConfigsResult refused(Refusal refusal) {
        return new DescribeConfigsResult()
                .setErrorCode(refusal.code())
                .setErrorMessage(refusal.message())
                .setConfigs(List.of());
    }

    static DescribeConfigsResult found(List<DescribeConfigsResponse.DescribeConfigsResourceResult> configs) {
        return new DescribeConfigsResult()
                .setErrorCode(ErrorCode.NONE.code())
                .setErrorMessage(null)
                .setConfigs(configs);
    }
}
