package io.sluice.coordinator.group.handler;

import io.sluice.base.ErrorCode;
import io.sluice.coordinator.group.GroupCoordinator;
import io.sluice.coordinator.runtime.Reply;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.ListGroupsRequest;
import io.sluice.protocol.message.ListGroupsResponse;
import io.sluice.protocol.message.ListGroupsResponse.ListedGroup;
import io.sluice.request.api.ApiHandler;
import io.sluice.request.api.Request;
import io.sluice.request.api.Wakeup;
import io.sluice.security.api.Operation;
import io.sluice.security.api.Resource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** ListGroups: the groups of every partition that is coordinated here. */
@Component(service = ApiHandler.class)
public final class ListGroupsHandler implements ApiHandler {
    private static final long TIMEOUT_MS = 30_000L;

    private final GroupCoordinator groups;

    @Activate
    public ListGroupsHandler(@Reference GroupCoordinator groups) {
        this.groups = groups;
    }

    @Override
    public ApiKey api() {
        return ApiKey.LIST_GROUPS;
    }

    @Override
    public Execution execution() {
        return Execution.IO_THREAD;
    }

    /** The groups are put aside until all are there, because the authorizer may be asked within a call only. */
    @Override
    public void handle(Request request) {
        ListGroupsRequest list = request.read(new ListGroupsRequest());
        Set<String> states = lowerCase(list.statesFilter());
        Set<String> types = lowerCase(list.typesFilter());
        List<Integer> partitions = groups.partitions();
        AtomicReference<ListGroupsResponse> found = new AtomicReference<>();
        Wakeup wakeup = request.park(found, TIMEOUT_MS);
        Gathering<ListGroupsResponse> gathering = new Gathering<>(partitions.size(), parts -> {
            found.set(merge(parts));
            wakeup.fire();
        });
        for (int i = 0; i < partitions.size(); i++) {
            Reply<ListGroupsResponse> reply =
                    gathering.part(i, error -> new ListGroupsResponse().setErrorCode(error.code()));
            groups.submit((int) partitions.get(i), reply, (shard, turn) -> {
                List<ListedGroup> listed = shard.listing().list(states, types);
                turn.answer(reply, new ListGroupsResponse().setGroups(listed));
            });
        }
    }

    @Override
    public void resume(Request request, Object continuation, boolean timedOut) {
        Object found = ((AtomicReference<?>) continuation).get();
        if (!(found instanceof ListGroupsResponse response)) {
            request.respond(new ListGroupsResponse().setErrorCode(ErrorCode.COORDINATOR_NOT_AVAILABLE.code()));
            return;
        }
        if (!request.mayDo(Operation.DESCRIBE, Resource.CLUSTER)) {
            List<ListedGroup> visible = new ArrayList<>();
            for (ListedGroup group : response.groups()) {
                if (request.mayDo(Operation.DESCRIBE, Resource.group(group.groupId()))) {
                    visible.add(group);
                }
            }
            response.setGroups(visible);
        }
        request.respond(response);
    }

    private static Set<String> lowerCase(List<String> names) {
        Set<String> lower = new HashSet<>();
        for (String name : names) {
            lower.add(name.toLowerCase(Locale.ROOT));
        }
        return lower;
    }

    /** A partition that has just moved elsewhere is listed there. */
    private static ListGroupsResponse merge(List<ListGroupsResponse> parts) {
        List<ListedGroup> listed = new ArrayList<>();
        for (ListGroupsResponse part : parts) {
            ErrorCode error = ErrorCode.of(part.errorCode());
            if (error != ErrorCode.NONE && error != ErrorCode.NOT_COORDINATOR) {
                return part;
            }
            listed.addAll(part.groups());
        }
        return new ListGroupsResponse().setGroups(listed);
    }
}
