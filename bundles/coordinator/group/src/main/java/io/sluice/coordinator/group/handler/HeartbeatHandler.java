package io.sluice.coordinator.group.handler;

import io.sluice.base.ErrorCode;
import io.sluice.coordinator.group.GroupCoordinator;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.HeartbeatRequest;
import io.sluice.protocol.message.HeartbeatResponse;
import io.sluice.request.api.ApiHandler;
import io.sluice.request.api.Request;
import io.sluice.security.api.Operation;
import io.sluice.security.api.Resource;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Heartbeat. While the group is loaded a member is not troubled: its session begins anew when that is done. */
@Component(service = ApiHandler.class)
public final class HeartbeatHandler implements ApiHandler {
    private final GroupCoordinator groups;

    @Activate
    public HeartbeatHandler(@Reference GroupCoordinator groups) {
        this.groups = groups;
    }

    @Override
    public ApiKey api() {
        return ApiKey.HEARTBEAT;
    }

    @Override
    public Execution execution() {
        return Execution.IO_THREAD;
    }

    @Override
    public void handle(Request request) {
        HeartbeatRequest heartbeat = request.read(new HeartbeatRequest());
        Answer<HeartbeatResponse> reply = new Answer<>(request, HeartbeatHandler::refused);
        if (!request.mayDo(Operation.READ, Resource.group(heartbeat.groupId()))) {
            reply.refuse(ErrorCode.GROUP_AUTHORIZATION_FAILED);
        } else if (heartbeat.groupId().isEmpty()) {
            reply.refuse(ErrorCode.INVALID_GROUP_ID);
        } else {
            groups.submit(heartbeat.groupId(), reply, (shard, turn) -> shard.membership()
                    .heartbeat(turn, heartbeat, reply));
        }
    }

    private static HeartbeatResponse refused(ErrorCode error) {
        ErrorCode told = error == ErrorCode.COORDINATOR_LOAD_IN_PROGRESS ? ErrorCode.NONE : error;
        return new HeartbeatResponse().setErrorCode(told.code());
    }
}
