package io.sluice.coordinator.group.handler;

import io.sluice.base.ErrorCode;
import io.sluice.coordinator.group.GroupCoordinator;
import io.sluice.coordinator.runtime.Reply;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.DescribeGroupsRequest;
import io.sluice.protocol.message.DescribeGroupsResponse;
import io.sluice.protocol.message.DescribeGroupsResponse.DescribedGroup;
import io.sluice.request.api.ApiHandler;
import io.sluice.request.api.AuthorizedOperations;
import io.sluice.request.api.Request;
import io.sluice.security.api.Operation;
import io.sluice.security.api.Resource;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** DescribeGroups, for classic groups. */
@Component(service = ApiHandler.class)
public final class DescribeGroupsHandler implements ApiHandler {
    private final GroupCoordinator groups;

    @Activate
    public DescribeGroupsHandler(@Reference GroupCoordinator groups) {
        this.groups = groups;
    }

    @Override
    public ApiKey api() {
        return ApiKey.DESCRIBE_GROUPS;
    }

    @Override
    public Execution execution() {
        return Execution.IO_THREAD;
    }

    @Override
    public void handle(Request request) {
        DescribeGroupsRequest describe = request.read(new DescribeGroupsRequest());
        List<String> groupIds = describe.groups();
        Gathering<DescribedGroup> gathering = new Gathering<>(
                groupIds.size(), described -> request.respond(new DescribeGroupsResponse().setGroups(described)));
        for (int i = 0; i < groupIds.size(); i++) {
            String groupId = groupIds.get(i);
            Resource group = Resource.group(groupId);
            Reply<DescribedGroup> reply = gathering.part(
                    i, error -> new DescribedGroup().setGroupId(groupId).setErrorCode(error.code()));
            if (request.mayDo(Operation.DESCRIBE, group)) {
                int operations = describe.includeAuthorizedOperations()
                        ? AuthorizedOperations.of(request, group)
                        : AuthorizedOperations.NOT_ASKED;
                describe(groupId, request.version(), operations, reply);
            } else {
                reply.refuse(ErrorCode.GROUP_AUTHORIZATION_FAILED);
            }
        }
    }

    private void describe(String groupId, short version, int operations, Reply<DescribedGroup> reply) {
        groups.submit(groupId, reply, (shard, turn) -> {
            DescribedGroup described = shard.listing().describe(groupId, version);
            if (described.errorCode() == ErrorCode.NONE.code()) {
                described.setAuthorizedOperations(operations);
            }
            turn.answer(reply, described);
        });
    }
}
