package io.sluice.handlers.admin;

import io.sluice.base.ErrorCode;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.ListPartitionReassignmentsRequest;
import io.sluice.protocol.message.ListPartitionReassignmentsResponse;
import io.sluice.request.api.ApiHandler;
import io.sluice.request.api.Request;
import io.sluice.security.api.Operation;
import io.sluice.security.api.Resource;
import org.osgi.service.component.annotations.Component;

/**
 * ListPartitionReassignments (API 46): which partitions are on their way to other brokers (KIP-455). The metadata holds
 * no reassignments, so none is ever under way; topic descriptions of the command line ask for it.
 */
@Component(service = ApiHandler.class)
public final class ListPartitionReassignmentsHandler implements ApiHandler {
    @Override
    public ApiKey api() {
        return ApiKey.LIST_PARTITION_REASSIGNMENTS;
    }

    @Override
    public void handle(Request request) {
        request.read(new ListPartitionReassignmentsRequest());
        ListPartitionReassignmentsResponse response = new ListPartitionReassignmentsResponse().setErrorMessage(null);
        request.respond(
                request.mayDo(Operation.DESCRIBE, Resource.CLUSTER)
                        ? response
                        : response.setErrorCode(ErrorCode.CLUSTER_AUTHORIZATION_FAILED.code()));
    }
}
