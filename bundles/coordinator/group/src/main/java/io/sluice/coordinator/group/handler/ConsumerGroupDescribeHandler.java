package io.sluice.coordinator.group.handler;

import io.sluice.base.ErrorCode;
import io.sluice.coordinator.group.GroupCoordinator;
import io.sluice.coordinator.runtime.Reply;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.ConsumerGroupDescribeRequest;
import io.sluice.protocol.message.ConsumerGroupDescribeResponse;
import io.sluice.protocol.message.ConsumerGroupDescribeResponse.Assignment;
import io.sluice.protocol.message.ConsumerGroupDescribeResponse.DescribedGroup;
import io.sluice.protocol.message.ConsumerGroupDescribeResponse.Member;
import io.sluice.protocol.message.ConsumerGroupDescribeResponse.TopicPartitions;
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

/** ConsumerGroupDescribe (KIP-848): groups whose topics the client may see. */
@Component(service = ApiHandler.class)
public final class ConsumerGroupDescribeHandler implements ApiHandler {
    private static final long TIMEOUT_MS = 30_000L;

    private final GroupCoordinator groups;

    @Activate
    public ConsumerGroupDescribeHandler(@Reference GroupCoordinator groups) {
        this.groups = groups;
    }

    @Override
    public ApiKey api() {
        return ApiKey.CONSUMER_GROUP_DESCRIBE;
    }

    @Override
    public Execution execution() {
        return Execution.IO_THREAD;
    }

    /** The groups are put aside until all are there, because the authorizer may be asked for their topics within a call only. */
    @Override
    public void handle(Request request) {
        List<String> groupIds = request.read(new ConsumerGroupDescribeRequest()).groupIds();
        AtomicReference<List<DescribedGroup>> aside = new AtomicReference<>();
        Wakeup wakeup = request.park(aside, TIMEOUT_MS);
        Gathering<DescribedGroup> gathering = new Gathering<>(groupIds.size(), described -> {
            aside.set(described);
            wakeup.fire();
        });
        for (int i = 0; i < groupIds.size(); i++) {
            String groupId = groupIds.get(i);
            Reply<DescribedGroup> reply = gathering.part(i, error -> refused(groupId, error));
            if (!request.mayDo(Operation.DESCRIBE, Resource.group(groupId))) {
                reply.refuse(ErrorCode.GROUP_AUTHORIZATION_FAILED);
            } else if (groupId.isEmpty()) {
                reply.refuse(ErrorCode.INVALID_GROUP_ID);
            } else {
                groups.submit(
                        groupId,
                        reply,
                        (shard, turn) -> turn.answer(reply, shard.descriptions().describe(groupId)));
            }
        }
    }

    @Override
    public void resume(Request request, Object continuation, boolean timedOut) {
        ConsumerGroupDescribeRequest describe = request.read(new ConsumerGroupDescribeRequest());
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
        request.respond(new ConsumerGroupDescribeResponse().setGroups(told));
    }

    private static DescribedGroup refused(String groupId, ErrorCode error) {
        return new DescribedGroup().setGroupId(groupId).setErrorCode(error.code());
    }

    private static DescribedGroup visible(
            Request request, ConsumerGroupDescribeRequest describe, DescribedGroup group) {
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
            for (Assignment assignment : List.of(member.assignment(), member.targetAssignment())) {
                for (TopicPartitions topic : assignment.topicPartitions()) {
                    topics.add(topic.topicName());
                }
            }
        }
        return topics;
    }
}
