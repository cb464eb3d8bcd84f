package io.sluice.handlers.metadata;

import io.sluice.base.ErrorCode;
import io.sluice.broker.api.Broker;
import io.sluice.cluster.api.MetadataSource;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.DescribeClusterRequest;
import io.sluice.protocol.message.DescribeClusterResponse;
import io.sluice.protocol.message.DescribeClusterResponse.DescribeClusterBroker;
import io.sluice.request.api.ApiHandler;
import io.sluice.request.api.AuthorizedOperations;
import io.sluice.request.api.Request;
import io.sluice.security.api.Operation;
import io.sluice.security.api.Resource;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** DescribeCluster (API 60): its id, its brokers, and who takes requests for the controller (KIP-700, KIP-919). */
@Component(service = ApiHandler.class)
public final class DescribeClusterHandler implements ApiHandler {
    private static final byte BROKERS = 1;
    private static final byte CONTROLLERS = 2;

    private final MetadataSource metadata;
    private final Broker broker;

    @Activate
    public DescribeClusterHandler(@Reference MetadataSource metadata, @Reference Broker broker) {
        this.metadata = metadata;
        this.broker = broker;
    }

    @Override
    public ApiKey api() {
        return ApiKey.DESCRIBE_CLUSTER;
    }

    @Override
    public void handle(Request request) {
        DescribeClusterRequest asked = request.read(new DescribeClusterRequest());
        request.respond(asked.endpointType() == BROKERS ? describe(request, asked) : refuse(request, asked));
    }

    private DescribeClusterResponse describe(Request request, DescribeClusterRequest asked) {
        ClusterView view =
                new ClusterView(metadata.image(), broker, request.peer().listenerName());
        DescribeClusterResponse response = new DescribeClusterResponse()
                .setEndpointType(BROKERS)
                .setClusterId(broker.clusterId())
                .setControllerId(view.controllerId())
                .setClusterAuthorizedOperations(operations(request, asked));
        for (ClusterView.Node node : view.nodes()) {
            if (!node.fenced() || asked.includeFencedBrokers()) {
                response.brokers()
                        .add(new DescribeClusterBroker()
                                .setBrokerId(node.id())
                                .setHost(node.host())
                                .setPort(node.port())
                                .setRack(node.rack())
                                .setIsFenced(node.fenced()));
            }
        }
        return response;
    }

    private static int operations(Request request, DescribeClusterRequest asked) {
        if (!asked.includeClusterAuthorizedOperations()) {
            return AuthorizedOperations.NOT_ASKED;
        }
        return request.mayDo(Operation.DESCRIBE, Resource.CLUSTER)
                ? AuthorizedOperations.of(request, Resource.CLUSTER)
                : 0;
    }

    /** Controllers have no listener that clients could ask. */
    private static DescribeClusterResponse refuse(Request request, DescribeClusterRequest asked) {
        boolean known = asked.endpointType() == CONTROLLERS;
        ErrorCode error = known ? ErrorCode.MISMATCHED_ENDPOINT_TYPE : ErrorCode.UNSUPPORTED_ENDPOINT_TYPE;
        if (request.version() == 0) {
            error = ErrorCode.INVALID_REQUEST;
        }
        return new DescribeClusterResponse()
                .setErrorCode(error.code())
                .setErrorMessage(
                        known
                                ? "This endpoint is of type BROKER, the request asks for one of type CONTROLLER"
                                : "Endpoint type " + asked.endpointType() + " is not known");
    }
}
