package io.sluice.coordinator.group.handler;

import io.sluice.base.ErrorCode;
import io.sluice.coordinator.group.GroupCoordinator;
import io.sluice.coordinator.runtime.Reply;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.DeleteGroupsRequest;
import io.sluice.protocol.message.DeleteGroupsResponse;
import io.sluice.protocol.message.DeleteGroupsResponse.DeletableGroupResult;
import io.sluice.request.api.ApiHandler;
import io.sluice.request.api.Request;
import io.sluice.security.api.Operation;
import io.sluice.security.api.Resource;
import java.util.LinkedHashSet;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** DeleteGroups: groups without members, with their offsets. */
@Component(service = ApiHandler.class)
public final class DeleteGroupsHandler implements ApiHandler {
    private final GroupCoordinator groups;

    @Activate
    public DeleteGroupsHandler(@Reference GroupCoordinator groups) {
        this.groups = groups;
    }

    @Override
    public ApiKey api() {
        return ApiKey.DELETE_GROUPS;
    }

    @Override
    public Execution execution() {
        return Execution.IO_THREAD;
    }

    @Override
    public void handle(Request request) {
        DeleteGroupsRequest delete = request.read(new DeleteGroupsRequest());
        List<String> groupIds = List.copyOf(new LinkedHashSet<>(delete.groupsNames()));
        Gathering<DeletableGroupResult> gathering = new Gathering<>(
                groupIds.size(), results -> request.respond(new DeleteGroupsResponse().setResults(results)));
        for (int i = 0; i < groupIds.size(); i++) {
            String groupId = groupIds.get(i);
            Reply<DeletableGroupResult> reply = gathering.part(i, error -> result(groupId, error));
            if (request.mayDo(Operation.DELETE, Resource.group(groupId))) {
                Reply<ErrorCode> decided = new Decided(groupId, reply);
                groups.submit(
                        groupId, decided, (shard, turn) -> shard.removals().deleteGroup(turn, groupId, decided));
            } else {
                reply.refuse(ErrorCode.GROUP_AUTHORIZATION_FAILED);
            }
        }
    }

    private record Decided(String groupId, Reply<DeletableGroupResult> reply) implements Reply<ErrorCode> {
        @Override
        public void answer(ErrorCode outcome) {
            reply.answer(result(groupId, outcome));
        }

        @Override
        public void refuse(ErrorCode error) {
            reply.refuse(error);
        }
    }

    private static DeletableGroupResult result(String groupId, ErrorCode error) {
        return new DeletableGroupResult().setGroupId(groupId).setErrorCode(error.code());
    }
}
