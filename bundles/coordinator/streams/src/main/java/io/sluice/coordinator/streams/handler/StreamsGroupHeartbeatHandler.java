package io.sluice.coordinator.streams.handler;

import io.sluice.base.ErrorCode;
import io.sluice.broker.api.TopicNames;
import io.sluice.cluster.api.MetadataSource;
import io.sluice.coordinator.api.GroupKinds;
import io.sluice.coordinator.runtime.Reply;
import io.sluice.coordinator.streams.InternalTopics;
import io.sluice.coordinator.streams.group.ClientContext;
import io.sluice.coordinator.streams.group.HeartbeatOutcome;
import io.sluice.coordinator.streams.group.StreamsGroupKind;
import io.sluice.coordinator.streams.topology.GroupStatus;
import io.sluice.coordinator.streams.topology.InternalTopic;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.CreateTopicsRequest.CreatableTopic;
import io.sluice.protocol.message.CreateTopicsRequest.CreatableTopicConfig;
import io.sluice.protocol.message.StreamsGroupHeartbeatRequest;
import io.sluice.protocol.message.StreamsGroupHeartbeatResponse;
import io.sluice.protocol.message.StreamsGroupHeartbeatResponse.Status;
import io.sluice.request.api.ApiHandler;
import io.sluice.request.api.Request;
import io.sluice.security.api.Operation;
import io.sluice.security.api.Resource;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * StreamsGroupHeartbeat (KIP-1071). When internal topics are missing, the member may have them made if it may create topics; the answer does not wait
 * for that.
 */
@Component(service = ApiHandler.class)
public final class StreamsGroupHeartbeatHandler implements ApiHandler {
    private static final long TIMEOUT_MS = 30_000L;
    private static final short DEFAULT_REPLICATION = -1;

    private final StreamsGroupKind kind;
    private final GroupKinds groups;
    private final InternalTopics topics;
    private final MetadataSource metadata;

    @Activate
    public StreamsGroupHeartbeatHandler(
            @Reference StreamsGroupKind kind,
            @Reference GroupKinds groups,
            @Reference InternalTopics topics,
            @Reference MetadataSource metadata) {
        this.kind = kind;
        this.groups = groups;
        this.topics = topics;
        this.metadata = metadata;
    }

    @Override
    public ApiKey api() {
        return ApiKey.STREAMS_GROUP_HEARTBEAT;
    }

    @Override
    public Execution execution() {
        return Execution.IO_THREAD;
    }

    /** What was put aside for {@link #resume}, in types that outlive this bundle. */
    private static List<Object> aside(HeartbeatOutcome outcome) {
        List<CreatableTopic> missing = new ArrayList<>(outcome.missing().size());
        for (InternalTopic topic : outcome.missing()) {
            List<CreatableTopicConfig> configs = new ArrayList<>();
            topic.configs()
                    .forEach((key, value) ->
                            configs.add(new CreatableTopicConfig().setName(key).setValue(value)));
            missing.add(new CreatableTopic()
                    .setName(topic.name())
                    .setNumPartitions(topic.partitions())
                    .setReplicationFactor(
                            topic.replicationFactor() == 0 ? DEFAULT_REPLICATION : topic.replicationFactor())
                    .setConfigs(configs));
        }
        return List.of(outcome.response(), missing);
    }

    @Override
    public void handle(Request request) {
        StreamsGroupHeartbeatRequest heartbeat = request.read(new StreamsGroupHeartbeatRequest());
        StreamsGroupHeartbeatResponse refusal = refusal(request, heartbeat);
        if (refusal != null) {
            request.respond(refusal);
            return;
        }
        String clientId = request.clientId() == null ? "" : request.clientId();
        InetAddress address = request.peer().address().getAddress();
        String host = address == null ? "" : "/" + address.getHostAddress();
        ClientContext client = new ClientContext(clientId, host, request.version());
        Reply<HeartbeatOutcome> reply = new Reply<>() {
            @Override
            public void answer(HeartbeatOutcome outcome) {
                if (outcome.missing().isEmpty()) {
                    request.respond(outcome.response());
                } else {
                    request.park(aside(outcome), TIMEOUT_MS).fire();
                }
            }

            @Override
            public void refuse(ErrorCode error) {
                request.respond(refused(error, null));
            }
        };
        request.retain();
        groups.submit(kind, heartbeat.groupId(), reply, (state, turn) -> state.heartbeats()
                .heartbeat(turn, heartbeat, client, reply));
    }

    private @Nullable StreamsGroupHeartbeatResponse refusal(Request request, StreamsGroupHeartbeatRequest heartbeat) {
        if (!StreamsFeature.isOn(metadata)) {
            return refused(ErrorCode.UNSUPPORTED_VERSION, null);
        }
        if (!request.mayDo(Operation.READ, Resource.group(heartbeat.groupId()))) {
            return refused(ErrorCode.GROUP_AUTHORIZATION_FAILED, null);
        }
        if (heartbeat.topology() == null) {
            return null;
        }
        Set<String> named = namedTopics(heartbeat.topology());
        for (String topic : named) {
            if (!TopicNames.isValid(topic)) {
                return refused(
                        ErrorCode.STREAMS_INVALID_TOPOLOGY, "Topic names " + topic + " are not valid topic names.");
            }
            if (TopicNames.isInternal(topic)) {
                return refused(
                        ErrorCode.STREAMS_INVALID_TOPOLOGY,
                        "Use of Kafka internal topics " + topic + " in a Kafka Streams topology is prohibited.");
            }
        }
        for (String topic : named) {
            if (!request.mayDo(Operation.DESCRIBE, Resource.topic(topic))) {
                return refused(ErrorCode.TOPIC_AUTHORIZATION_FAILED, null);
            }
        }
        return null;
    }

    private static Set<String> namedTopics(StreamsGroupHeartbeatRequest.Topology topology) {
        Set<String> names = new TreeSet<>();
        for (StreamsGroupHeartbeatRequest.Subtopology subtopology : topology.subtopologies()) {
            names.addAll(subtopology.sourceTopics());
            names.addAll(subtopology.repartitionSinkTopics());
            subtopology.repartitionSourceTopics().forEach(topic -> names.add(topic.name()));
            subtopology.stateChangelogTopics().forEach(topic -> names.add(topic.name()));
        }
        return names;
    }

    /** The coordinator has decided; topics are to be made for the client. */
    @Override
    public void resume(Request request, Object continuation, boolean timedOut) {
        List<?> aside = (List<?>) continuation;
        StreamsGroupHeartbeatResponse response = (StreamsGroupHeartbeatResponse) aside.get(0);
        List<CreatableTopic> missing = new ArrayList<>();
        for (Object topic : (List<?>) aside.get(1)) {
            missing.add((CreatableTopic) topic);
        }
        List<String> names = missing.stream().map(CreatableTopic::name).toList();
        List<String> forbidden = new ArrayList<>();
        if (!request.mayDo(Operation.CREATE, Resource.CLUSTER)) {
            for (String name : names) {
                if (!request.mayDo(Operation.CREATE, Resource.topic(name))) {
                    forbidden.add(name);
                }
            }
        }
        if (forbidden.isEmpty()) {
            String failures = topics.failures(names);
            topics.create(missing);
            if (!failures.isEmpty()) {
                addDetail(response, "; Creation failed: " + failures + ".");
            }
        } else {
            addDetail(response, "; Unauthorized to CREATE on topics " + String.join(", ", forbidden) + ".");
        }
        request.respond(response);
    }

    private static void addDetail(StreamsGroupHeartbeatResponse response, String detail) {
        List<Status> statuses = response.status();
        if (statuses != null) {
            for (Status status : statuses) {
                if (status.statusCode() == GroupStatus.MISSING_INTERNAL_TOPICS.code()) {
                    status.setStatusDetail(status.statusDetail() + detail);
                }
            }
        }
    }

    private static StreamsGroupHeartbeatResponse refused(ErrorCode error, @Nullable String reason) {
        return new StreamsGroupHeartbeatResponse().setErrorCode(error.code()).setErrorMessage(reason);
    }
}
