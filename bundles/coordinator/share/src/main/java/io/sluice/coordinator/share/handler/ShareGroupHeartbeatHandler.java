package io.sluice.coordinator.share.handler;

import io.sluice.base.ErrorCode;
import io.sluice.coordinator.api.GroupKinds;
import io.sluice.coordinator.runtime.Reply;
import io.sluice.coordinator.share.group.ClientContext;
import io.sluice.coordinator.share.group.ShareGroupKind;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.ShareGroupHeartbeatRequest;
import io.sluice.protocol.message.ShareGroupHeartbeatResponse;
import io.sluice.request.api.ApiHandler;
import io.sluice.request.api.Request;
import io.sluice.security.api.Operation;
import io.sluice.security.api.Resource;
import java.net.InetAddress;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** ShareGroupHeartbeat (KIP-932). */
@Component(service = ApiHandler.class)
public final class ShareGroupHeartbeatHandler implements ApiHandler {
    private final ShareGroupKind kind;
    private final GroupKinds groups;

    @Activate
    public ShareGroupHeartbeatHandler(@Reference ShareGroupKind kind, @Reference GroupKinds groups) {
        this.kind = kind;
        this.groups = groups;
    }

    @Override
    public ApiKey api() {
        return ApiKey.SHARE_GROUP_HEARTBEAT;
    }

    @Override
    public Execution execution() {
        return Execution.IO_THREAD;
    }

    @Override
    public void handle(Request request) {
        ShareGroupHeartbeatRequest heartbeat = request.read(new ShareGroupHeartbeatRequest());
        if (!request.mayDo(Operation.READ, Resource.group(heartbeat.groupId()))) {
            refuse(request, ErrorCode.GROUP_AUTHORIZATION_FAILED);
            return;
        }
        List<String> topics = heartbeat.subscribedTopicNames();
        if (topics != null) {
            for (String topic : topics) {
                if (!request.mayDo(Operation.DESCRIBE, Resource.topic(topic))) {
                    refuse(request, ErrorCode.TOPIC_AUTHORIZATION_FAILED);
                    return;
                }
            }
        }
        String clientId = request.clientId() == null ? "" : request.clientId();
        InetAddress address = request.peer().address().getAddress();
        ClientContext client = new ClientContext(clientId, address == null ? "" : "/" + address.getHostAddress());
        Reply<ShareGroupHeartbeatResponse> reply = new Reply<>() {
            @Override
            public void answer(ShareGroupHeartbeatResponse outcome) {
                request.respond(outcome);
            }

            @Override
            public void refuse(ErrorCode error) {
                ShareGroupHeartbeatHandler.refuse(request, error);
            }
        };
        groups.submit(kind, heartbeat.groupId(), reply, (state, turn) -> state.membership()
                .heartbeat(turn, heartbeat, client, reply));
    }

    private static void refuse(Request request, ErrorCode error) {
        request.respond(new ShareGroupHeartbeatResponse().setErrorCode(error.code()));
    }
}
