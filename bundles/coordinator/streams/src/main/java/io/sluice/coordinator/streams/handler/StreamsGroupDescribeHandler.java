package io.sluice.coordinator.streams.handler;

import io.sluice.base.ErrorCode;
import io.sluice.broker.api.Broker;
import io.sluice.cluster.api.MetadataSource;
import io.sluice.coordinator.api.GroupKinds;
import io.sluice.coordinator.runtime.Reply;
import io.sluice.coordinator.streams.group.StreamsGroupKind;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.StreamsGroupDescribeRequest;
import io.sluice.protocol.message.StreamsGroupDescribeResponse;
import io.sluice.protocol.message.StreamsGroupDescribeResponse.DescribedGroup;
import io.sluice.protocol.message.StreamsGroupDescribeResponse.Subtopology;
import io.sluice.protocol.message.StreamsGroupDescribeResponse.Topology;
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

/** StreamsGroupDescribe (KIP-1071): groups whose topics the client may see. */
@Component(service = ApiHandler.class)
public final class StreamsGroupDescribeHandler implements ApiHandler {
    private static final long TIMEOUT_MS = 30_000L;

    /** Descriptions of topologies (KIP-1331) are kept by plugins of the broker, of which there is none. */
    private static final byte DESCRIPTION_NOT_STORED = 1;

    private final StreamsGroupKind kind;
    private final GroupKinds groups;
    private final Broker broker;
    private final MetadataSource metadata;

    @Activate
    public StreamsGroupDescribeHandler(
            @Reference StreamsGroupKind kind,
            @Reference GroupKinds groups,
            @Reference Broker broker,
            @Reference MetadataSource metadata) {
        this.kind = kind;
        this.groups = groups;
        this.broker = broker;
        this.metadata = metadata;
    }

    @Override
    public ApiKey api() {
        return ApiKey.STREAMS_GROUP_DESCRIBE;
    }

    /** The groups are put aside until all are there, because the authorizer may be asked for their topics within a call only. */
    @Override
    public void handle(Request request) {
        List<String> groupIds = request.read(new StreamsGroupDescribeRequest()).groupIds();
        AtomicReference<List<DescribedGroup>> aside = new AtomicReference<>();
        Wakeup wakeup = request.park(aside, TIMEOUT_MS);
        Gathering<DescribedGroup> gathering = new Gathering<>(groupIds.size(), described -> {
            aside.set(described);
            broker.scheduler().execute(wakeup::fire);
        });
        for (int i = 0; i < groupIds.size(); i++) {
            String groupId = groupIds.get(i);
            Reply<DescribedGroup> reply = gathering.part(i, group -> group, error -> refused(groupId, error));
            if (!StreamsFeature.isOn(metadata)) {
                reply.refuse(ErrorCode.UNSUPPORTED_VERSION);
            } else if (!request.mayDo(Operation.DESCRIBE, Resource.group(groupId))) {
                reply.refuse(ErrorCode.GROUP_AUTHORIZATION_FAILED);
            } else if (groupId.isEmpty()) {
                reply.refuse(ErrorCode.INVALID_GROUP_ID);
            } else {
                groups.submit(
                        kind,
                        groupId,
                        reply,
                        (state, turn) -> turn.answer(reply, state.descriptions().describe(groupId)));
            }
        }
    }

    @Override
    public void resume(Request request, Object continuation, boolean timedOut) {
        StreamsGroupDescribeRequest describe = request.read(new StreamsGroupDescribeRequest());
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
        request.respond(new StreamsGroupDescribeResponse().setGroups(told));
    }

    private static DescribedGroup refused(String groupId, ErrorCode error) {
        return new DescribedGroup().setGroupId(groupId).setErrorCode(error.code());
    }

    private static DescribedGroup visible(Request request, StreamsGroupDescribeRequest describe, DescribedGroup group) {
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
        if (describe.includeTopologyDescription()) {
            group.setTopologyDescriptionStatus(DESCRIPTION_NOT_STORED);
        }
        return group;
    }

    private static Set<String> topicsOf(DescribedGroup group) {
        Set<String> topics = new HashSet<>();
        Topology topology = group.topology();
        if (topology != null && topology.subtopologies() != null) {
            for (Subtopology subtopology : topology.subtopologies()) {
                topics.addAll(subtopology.sourceTopics());
                topics.addAll(subtopology.repartitionSinkTopics());
                subtopology.repartitionSourceTopics().forEach(topic -> topics.add(topic.name()));
                subtopology.stateChangelogTopics().forEach(topic -> topics.add(topic.name()));
            }
        }
        return topics;
    }
}
