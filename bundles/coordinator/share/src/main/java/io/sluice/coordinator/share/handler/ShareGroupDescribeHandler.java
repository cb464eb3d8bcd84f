package io.sluice.coordinator.share.handler;

import io.sluice.base.ErrorCode;
import io.sluice.cluster.api.MetadataImage;
import io.sluice.coordinator.api.GroupKinds;
import io.sluice.coordinator.runtime.Reply;
import io.sluice.coordinator.share.ShareCoordinator;
import io.sluice.coordinator.share.group.ShareGroupKind;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.ShareGroupDescribeRequest;
import io.sluice.protocol.message.ShareGroupDescribeResponse;
import io.sluice.protocol.message.ShareGroupDescribeResponse.DescribedGroup;
import io.sluice.protocol.message.ShareGroupDescribeResponse.Member;
import io.sluice.protocol.message.ShareGroupDescribeResponse.TopicPartitions;
import io.sluice.request.api.ApiHandler;
import io.sluice.request.api.AuthorizedOperations;
import io.sluice.request.api.Request;
import io.sluice.request.api.Wakeup;
import io.sluice.security.api.Operation;
import io.sluice.security.api.Resource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** ShareGroupDescribe (KIP-932): groups whose topics the client may see. */
@Component(service = ApiHandler.class)
public final class ShareGroupDescribeHandler implements ApiHandler {
    private static final long TIMEOUT_MS = 30_000L;

    private final ShareGroupKind kind;
    private final GroupKinds groups;
    private final ShareCoordinator coordinator;

    @Activate
    public ShareGroupDescribeHandler(
            @Reference ShareGroupKind kind, @Reference GroupKinds groups, @Reference ShareCoordinator coordinator) {
        this.kind = kind;
        this.groups = groups;
        this.coordinator = coordinator;
    }

    @Override
    public ApiKey api() {
        return ApiKey.SHARE_GROUP_DESCRIBE;
    }

    /** The groups are put aside until all are there, because the authorizer may be asked for their topics within a call only. */
    @Override
    public void handle(Request request) {
        List<String> groupIds = request.read(new ShareGroupDescribeRequest()).groupIds();
        MetadataImage image = coordinator.image();
        AtomicReference<List<DescribedGroup>> aside = new AtomicReference<>();
        Wakeup wakeup = request.park(aside, TIMEOUT_MS);
        Gathering<DescribedGroup> gathering = new Gathering<>(groupIds.size(), described -> {
            aside.set(described);
            coordinator.broker().scheduler().execute(wakeup::fire);
        });
        for (int i = 0; i < groupIds.size(); i++) {
            String groupId = groupIds.get(i);
            Reply<DescribedGroup> reply = gathering.part(i, group -> group, error -> refused(groupId, error));
            if (!request.mayDo(Operation.DESCRIBE, Resource.group(groupId))) {
                reply.refuse(ErrorCode.GROUP_AUTHORIZATION_FAILED);
            } else if (groupId.isEmpty()) {
                reply.refuse(ErrorCode.INVALID_GROUP_ID);
            } else {
                groups.submit(
                        kind,
                        groupId,
                        reply,
                        (state, turn) -> turn.answer(reply, state.descriptions().describe(groupId, image)));
            }
        }
    }

    @Override
    public void resume(Request request, Object continuation, boolean timedOut) {
        ShareGroupDescribeRequest describe = request.read(new ShareGroupDescribeRequest());
        List<DescribedGroup> told = new ArrayList<>(describe.groupIds().size());
        if (((AtomicReference<?>) continuation).get() instanceof List<?> found) {
            for (Object group : found) {
                told.add(visible(request, describe, (DescribedGroup) group));
            }
        } else {
            for (String groupId : describe.groupIds()) {
                told.add(refused(groupId, ErrorCode.COORDINATOR_NOT_AVAILABLE));
            }
        }
        request.respond(new ShareGroupDescribeResponse().setGroups(told));
    }

    private static DescribedGroup refused(String groupId, ErrorCode error) {
        return new DescribedGroup().setGroupId(groupId).setErrorCode(error.code());
    }

    private static DescribedGroup visible(Request request, ShareGroupDescribeRequest describe, DescribedGroup group) {
        if (group.errorCode() != ErrorCode.NONE.code()) {
            return group;
        }
        for (String topic : topicsOf(group)) {
            if (!request.mayDo(Operation.DESCRIBE, Resource.topic(topic))) {
                return refused(group.groupId(), ErrorCode.TOPIC_AUTHORIZATION_FAILED)
                        .setErrorMessage("The group has topics that the client may not describe.");
            }
        }
        if (describe.includeAuthorizedOperations()) {
            group.setAuthorizedOperations(AuthorizedOperations.of(request, Resource.group(group.groupId())));
        }
        return group;
    }

    private static Set<String> topicsOf(DescribedGroup group) {
        Set<String> topics = new HashSet<>();
        for (Member member : group.members()) {
            topics.addAll(member.subscribedTopicNames());
            for (TopicPartitions topic : member.assignment().topicPartitions()) {
                topics.add(topic.topicName());
            }
        }
        return topics;
    }
}
