package io.sluice.coordinator.group.handler;

import io.sluice.base.ErrorCode;
import io.sluice.coordinator.group.GroupCoordinator;
import io.sluice.coordinator.runtime.Reply;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.OffsetFetchRequest;
import io.sluice.protocol.message.OffsetFetchRequest.OffsetFetchRequestGroup;
import io.sluice.protocol.message.OffsetFetchResponse;
import io.sluice.protocol.message.OffsetFetchResponse.OffsetFetchResponseGroup;
import io.sluice.request.api.ApiHandler;
import io.sluice.request.api.Request;
import io.sluice.request.api.Wakeup;
import io.sluice.security.api.Operation;
import io.sluice.security.api.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** OffsetFetch: one group up to version 7, several from then on. */
@Component(service = ApiHandler.class)
public final class OffsetFetchHandler implements ApiHandler {
    private static final short FIRST_VERSION_WITH_GROUPS = 8;

    private static final long TIMEOUT_MS = 30_000L;

    private final GroupCoordinator groups;

    @Activate
    public OffsetFetchHandler(@Reference GroupCoordinator groups) {
        this.groups = groups;
    }

    @Override
    public ApiKey api() {
        return ApiKey.OFFSET_FETCH;
    }

    @Override
    public Execution execution() {
        return Execution.IO_THREAD;
    }

    /**
     * Where all topics of a group are asked for, it is known only at the end for which the authorizer must be asked; it may be asked within a
     * call only, so what was found is put aside first.
     */
    @Override
    public void handle(Request request) {
        OffsetFetchRequest fetch = request.read(new OffsetFetchRequest());
        List<OffsetFetchRequestGroup> wanted = wanted(request, fetch);
        Consumer<List<OffsetFetchResponseGroup>> whenFound = found -> respond(request, wanted, found);
        if (wanted.stream().anyMatch(group -> group.topics() == null)) {
            AtomicReference<List<OffsetFetchResponseGroup>> aside = new AtomicReference<>();
            Wakeup wakeup = request.park(aside, TIMEOUT_MS);
            whenFound = found -> {
                aside.set(found);
                wakeup.fire();
            };
        }
        Gathering<OffsetFetchResponseGroup> gathering = new Gathering<>(wanted.size(), whenFound);
        for (int i = 0; i < wanted.size(); i++) {
            fetch(request, wanted.get(i), fetch.requireStable(), gathering, i);
        }
    }

    @Override
    public void resume(Request request, Object continuation, boolean timedOut) {
        List<OffsetFetchRequestGroup> wanted = wanted(request, request.read(new OffsetFetchRequest()));
        TopicsInSight sight = new TopicsInSight(request, groups.image());
        List<OffsetFetchResponseGroup> told = new ArrayList<>(wanted.size());
        if (((AtomicReference<?>) continuation).get() instanceof List<?> found) {
            for (int i = 0; i < wanted.size(); i++) {
                OffsetFetchResponseGroup group = (OffsetFetchResponseGroup) found.get(i);
                told.add(wanted.get(i).topics() == null ? group.setTopics(sight.visible(group.topics())) : group);
            }
        } else {
            for (OffsetFetchRequestGroup group : wanted) {
                told.add(refused(group.groupId(), ErrorCode.COORDINATOR_NOT_AVAILABLE));
            }
        }
        respond(request, wanted, told);
    }

    private static List<OffsetFetchRequestGroup> wanted(Request request, OffsetFetchRequest fetch) {
        return isBatched(request) ? fetch.groups() : List.of(SingleGroupFetch.widen(fetch));
    }

    private static boolean isBatched(Request request) {
        return request.version() >= FIRST_VERSION_WITH_GROUPS;
    }

    private static void respond(
            Request request, List<OffsetFetchRequestGroup> wanted, List<OffsetFetchResponseGroup> found) {
        request.respond(
                isBatched(request)
                        ? new OffsetFetchResponse().setGroups(found)
                        : SingleGroupFetch.narrow(found.get(0), wanted.get(0), request.version()));
    }

    private static OffsetFetchResponseGroup refused(String groupId, ErrorCode error) {
        return new OffsetFetchResponseGroup().setGroupId(groupId).setErrorCode(error.code());
    }

    private void fetch(
            Request request,
            OffsetFetchRequestGroup group,
            boolean stable,
            Gathering<OffsetFetchResponseGroup> gathering,
            int part) {
        String groupId = group.groupId();
        Reply<OffsetFetchResponseGroup> plain = gathering.part(part, error -> refused(groupId, error));
        if (!request.mayDo(Operation.DESCRIBE, Resource.group(groupId))) {
            plain.refuse(ErrorCode.GROUP_AUTHORIZATION_FAILED);
            return;
        }
        Reply<OffsetFetchResponseGroup> reply = new TopicsInSight(request, groups.image()).narrow(group, plain);
        groups.submit(
                groupId,
                reply,
                (shard, turn) -> turn.answer(reply, shard.fetches().fetch(group, stable)));
    }
}
