package io.sluice.coordinator.streams.handler;

import io.sluice.base.ErrorCode;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.StreamsGroupTopologyDescriptionUpdateRequest;
import io.sluice.protocol.message.StreamsGroupTopologyDescriptionUpdateResponse;
import io.sluice.request.api.ApiHandler;
import io.sluice.request.api.Request;
import io.sluice.security.api.Operation;
import io.sluice.security.api.Resource;
import org.osgi.service.component.annotations.Component;

/**
 * StreamsGroupTopologyDescriptionUpdate (KIP-1331). Descriptions are kept by plugins of the broker. There is none, as in Kafka by default: members are
 * never asked for a description, and one that sends it nevertheless learns that it is of no use.
 */
@Component(service = ApiHandler.class)
public final class StreamsGroupTopologyDescriptionUpdateHandler implements ApiHandler {
    @Override
    public ApiKey api() {
        return ApiKey.STREAMS_GROUP_TOPOLOGY_DESCRIPTION_UPDATE;
    }

    @Override
    public Execution execution() {
        return Execution.IO_THREAD;
    }

    @Override
    public void handle(Request request) {
        String groupId =
                request.read(new StreamsGroupTopologyDescriptionUpdateRequest()).groupId();
        StreamsGroupTopologyDescriptionUpdateResponse response = new StreamsGroupTopologyDescriptionUpdateResponse();
        if (!request.mayDo(Operation.READ, Resource.group(groupId))) {
            response.setErrorCode(ErrorCode.GROUP_AUTHORIZATION_FAILED.code());
        } else {
            response.setErrorCode(ErrorCode.UNSUPPORTED_VERSION.code())
                    .setErrorMessage("The broker has no streams group topology description plugin configured.");
        }
        request.respond(response);
    }
}
