package io.sluice.coordinator.group.handler;

import io.sluice.base.ErrorCode;
import io.sluice.coordinator.group.GroupCoordinator;
import io.sluice.coordinator.group.classic.ClientContext;
import io.sluice.coordinator.group.classic.GroupLimits;
import io.sluice.coordinator.runtime.Reply;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.JoinGroupRequest;
import io.sluice.protocol.message.JoinGroupResponse;
import io.sluice.request.api.ApiHandler;
import io.sluice.request.api.Request;
import io.sluice.security.api.Operation;
import io.sluice.security.api.Resource;
import java.net.InetAddress;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** JoinGroup. */
@Component(service = ApiHandler.class)
public final class JoinGroupHandler implements ApiHandler {
    private static final short FIRST_VERSION_WITH_NULL_PROTOCOL = 7;

    private final GroupCoordinator groups;

    @Activate
    public JoinGroupHandler(@Reference GroupCoordinator groups) {
        this.groups = groups;
    }

    @Override
    public ApiKey api() {
        return ApiKey.JOIN_GROUP;
    }

    @Override
    public Execution execution() {
        return Execution.IO_THREAD;
    }

    @Override
    public void handle(Request request) {
        JoinGroupRequest join = request.read(new JoinGroupRequest());
        Answer<JoinGroupResponse> plain = new Answer<>(request, error -> refused(request, join, error));
        ErrorCode refusal = refusal(request, join);
        if (refusal != ErrorCode.NONE) {
            plain.refuse(refusal);
            return;
        }
        Reply<JoinGroupResponse> reply =
                request.version() < FIRST_VERSION_WITH_NULL_PROTOCOL ? new WithoutNulls(plain) : plain;
        String clientId = request.clientId() == null ? "" : request.clientId();
        InetAddress address = request.peer().address().getAddress();
        String host = address == null ? "" : "/" + address.getHostAddress();
        ClientContext client = new ClientContext(clientId, host, request.version());
        groups.submit(join.groupId(), reply, (shard, turn) -> shard.membership().join(turn, join, client, reply));
    }

    private ErrorCode refusal(Request request, JoinGroupRequest join) {
        if (!request.mayDo(Operation.READ, Resource.group(join.groupId()))) {
            return ErrorCode.GROUP_AUTHORIZATION_FAILED;
        }
        if (join.groupId().isEmpty()) {
            return ErrorCode.INVALID_GROUP_ID;
        }
        GroupLimits limits = groups.config().groups();
        int session = join.sessionTimeoutMs();
        return session < limits.sessionTimeoutMinMs() || session > limits.sessionTimeoutMaxMs()
                ? ErrorCode.INVALID_SESSION_TIMEOUT
                : ErrorCode.NONE;
    }

    private static JoinGroupResponse refused(Request request, JoinGroupRequest join, ErrorCode error) {
        return new JoinGroupResponse()
                .setMemberId(error == ErrorCode.INVALID_GROUP_ID ? "" : join.memberId())
                .setProtocolName(request.version() < FIRST_VERSION_WITH_NULL_PROTOCOL ? "" : null)
                .setErrorCode(error.code());
    }

    /** Older versions have an empty protocol name where the newer ones have none. */
    private record WithoutNulls(Reply<JoinGroupResponse> reply) implements Reply<JoinGroupResponse> {
        @Override
        public void answer(JoinGroupResponse outcome) {
            reply.answer(outcome.protocolName() == null ? outcome.setProtocolName("") : outcome);
        }

        @Override
        public void refuse(ErrorCode error) {
            reply.refuse(error);
        }
    }
}
