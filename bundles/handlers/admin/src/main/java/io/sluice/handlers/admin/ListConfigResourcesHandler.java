package io.sluice.handlers.admin;

import io.sluice.base.ErrorCode;
import io.sluice.cluster.api.ConfigResource.Type;
import io.sluice.cluster.api.MetadataImage;
import io.sluice.cluster.api.MetadataSource;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.ListConfigResourcesRequest;
import io.sluice.protocol.message.ListConfigResourcesResponse;
import io.sluice.protocol.message.ListConfigResourcesResponse.ConfigResource;
import io.sluice.request.api.ApiHandler;
import io.sluice.request.api.Request;
import io.sluice.security.api.Operation;
import io.sluice.security.api.Resource;
import java.util.EnumSet;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * ListConfigResources (API 74): what can be configured (KIP-1142): every topic and broker that there is, and the groups and metrics
 * subscriptions that have something set. Version 0 knows metrics subscriptions only (KIP-1000).
 */
@Component(service = ApiHandler.class)
public final class ListConfigResourcesHandler implements ApiHandler {
    private final MetadataSource metadata;

    @Activate
    public ListConfigResourcesHandler(@Reference MetadataSource metadata) {
        this.metadata = metadata;
    }

    @Override
    public ApiKey api() {
        return ApiKey.LIST_CONFIG_RESOURCES;
    }

    @Override
    public void handle(Request request) {
        ListConfigResourcesRequest asked = request.read(new ListConfigResourcesRequest());
        if (!request.mayDo(Operation.DESCRIBE_CONFIGS, Resource.CLUSTER)) {
            request.respond(refused(ErrorCode.CLUSTER_AUTHORIZATION_FAILED));
            return;
        }
        Set<Type> types = request.version() == 0 ? EnumSet.of(Type.CLIENT_METRICS) : types(asked);
        request.respond(types == null ? refused(ErrorCode.UNSUPPORTED_VERSION) : list(types, metadata.image()));
    }

    /** Null when one is not known. */
    private static @Nullable Set<Type> types(ListConfigResourcesRequest asked) {
        if (asked.resourceTypes().isEmpty()) {
            return EnumSet.allOf(Type.class);
        }
        Set<Type> types = EnumSet.noneOf(Type.class);
        for (Byte code : asked.resourceTypes()) {
            Type type = Type.of(code);
            if (type == null) {
                return null;
            }
            types.add(type);
        }
        return types;
    }

    private static ListConfigResourcesResponse list(Set<Type> types, MetadataImage image) {
        ListConfigResourcesResponse response = new ListConfigResourcesResponse();
        for (Type type : types) {
            for (String name : names(type, image)) {
                response.configResources()
                        .add(new ConfigResource().setResourceType(type.code()).setResourceName(name));
            }
        }
        return response;
    }

    private static Set<String> names(Type type, MetadataImage image) {
        Set<String> names = new TreeSet<>();
        switch (type) {
            case TOPIC -> image.topics().forEach(topic -> names.add(topic.name()));
            case BROKER, BROKER_LOGGER ->
                image.brokers().values().stream()
                        .filter(broker -> !broker.fenced())
                        .forEach(broker -> names.add(Integer.toString(broker.nodeId())));
            case GROUP, CLIENT_METRICS ->
                image.configuredResources().stream()
                        .filter(resource -> resource.type() == type)
                        .forEach(resource -> names.add(resource.name()));
        }
        return names;
    }

    private static ListConfigResourcesResponse refused(ErrorCode error) {
        return new ListConfigResourcesResponse().setErrorCode(error.code());
    }
}
