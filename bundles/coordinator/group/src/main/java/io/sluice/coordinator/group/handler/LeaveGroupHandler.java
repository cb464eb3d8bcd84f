package io.sluice.coordinator.group.handler;

import io.sluice.base.ErrorCode;
import io.sluice.coordinator.group.GroupCoordinator;
import io.sluice.coordinator.runtime.Reply;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.LeaveGroupRequest;
import io.sluice.protocol.message.LeaveGroupRequest.MemberIdentity;
import io.sluice.protocol.message.LeaveGroupResponse;
import io.sluice.request.api.ApiHandler;
import io.sluice.request.api.Request;
import io.sluice.security.api.Operation;
import io.sluice.security.api.Resource;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** LeaveGroup: one member up to version 2, several from then on. */
@Component(service = ApiHandler.class)
public final class LeaveGroupHandler implements ApiHandler {
    private static final short FIRST_VERSION_WITH_BATCHES = 3;

    private final GroupCoordinator groups;

    @Activate
    public LeaveGroupHandler(@Reference GroupCoordinator groups) {
        this.groups = groups;
    }

    @Override
    public ApiKey api() {
        return ApiKey.LEAVE_GROUP;
    }

    @Override
    public Execution execution() {
        return Execution.IO_THREAD;
    }

    @Override
    public void handle(Request request) {
        LeaveGroupRequest leave = request.read(new LeaveGroupRequest());
        Answer<LeaveGroupResponse> plain =
                new Answer<>(request, error -> new LeaveGroupResponse().setErrorCode(error.code()));
        boolean batched = request.version() >= FIRST_VERSION_WITH_BATCHES;
        if (!batched) {
            leave.setMembers(List.of(new MemberIdentity().setMemberId(leave.memberId())));
        }
        Reply<LeaveGroupResponse> reply = batched ? plain : new OfOneMember(plain);
        if (!request.mayDo(Operation.READ, Resource.group(leave.groupId()))) {
            reply.refuse(ErrorCode.GROUP_AUTHORIZATION_FAILED);
        } else if (leave.groupId().isEmpty()) {
            reply.refuse(ErrorCode.INVALID_GROUP_ID);
        } else {
            groups.submit(
                    leave.groupId(), reply, (shard, turn) -> shard.membership().leave(turn, leave, reply));
        }
    }

    /** The error of the only member is the error of the whole. */
    private record OfOneMember(Reply<LeaveGroupResponse> reply) implements Reply<LeaveGroupResponse> {
        @Override
        public void answer(LeaveGroupResponse outcome) {
            reply.answer(new LeaveGroupResponse()
                    .setErrorCode(outcome.members().get(0).errorCode()));
        }

        @Override
        public void refuse(ErrorCode error) {
            reply.refuse(error);
        }
    }
}
