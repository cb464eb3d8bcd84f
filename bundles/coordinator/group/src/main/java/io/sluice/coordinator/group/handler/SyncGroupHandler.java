package io.sluice.coordinator.group.handler;

import io.sluice.base.ErrorCode;
import io.sluice.coordinator.group.GroupCoordinator;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.SyncGroupRequest;
import io.sluice.protocol.message.SyncGroupResponse;
import io.sluice.request.api.ApiHandler;
import io.sluice.request.api.Request;
import io.sluice.security.api.Operation;
import io.sluice.security.api.Resource;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** SyncGroup. */
@Component(service = ApiHandler.class)
public final class SyncGroupHandler implements ApiHandler {
    private static final short FIRST_VERSION_WITH_PROTOCOL = 5;

    private final GroupCoordinator groups;

    @Activate
    public SyncGroupHandler(@Reference GroupCoordinator groups) {
        this.groups = groups;
    }

    @Override
    public ApiKey api() {
        return ApiKey.SYNC_GROUP;
    }

    @Override
    public Execution execution() {
        return Execution.IO_THREAD;
    }

    @Override
    public void handle(Request request) {
        SyncGroupRequest sync = request.read(new SyncGroupRequest());
        Answer<SyncGroupResponse> reply =
                new Answer<>(request, error -> new SyncGroupResponse().setErrorCode(error.code()));
        ErrorCode refusal = refusal(request, sync);
        if (refusal != ErrorCode.NONE) {
            reply.refuse(refusal);
        } else {
            groups.submit(
                    sync.groupId(), reply, (shard, turn) -> shard.membership().sync(turn, sync, reply));
        }
    }

    private static ErrorCode refusal(Request request, SyncGroupRequest sync) {
        boolean protocolMissing = sync.protocolType() == null || sync.protocolName() == null;
        if (request.version() >= FIRST_VERSION_WITH_PROTOCOL && protocolMissing) {
            return ErrorCode.INCONSISTENT_GROUP_PROTOCOL;
        }
        if (!request.mayDo(Operation.READ, Resource.group(sync.groupId()))) {
            return ErrorCode.GROUP_AUTHORIZATION_FAILED;
        }
        return sync.groupId().isEmpty() ? ErrorCode.INVALID_GROUP_ID : ErrorCode.NONE;
    }
}
