package io.sluice.coordinator.streams.group;

import io.sluice.coordinator.streams.task.TaskId;
import io.sluice.coordinator.streams.task.TaskLists;
import io.sluice.coordinator.streams.task.Tasks;
import io.sluice.coordinator.streams.topology.ConfiguredTopology;
import io.sluice.coordinator.streams.topology.GroupStatus;
import io.sluice.coordinator.streams.topology.InternalTopic;
import io.sluice.coordinator.streams.topology.TopicProblem;
import io.sluice.coordinator.streams.topology.Topology;
import io.sluice.protocol.message.StreamsGroupHeartbeatRequest;
import io.sluice.protocol.message.StreamsGroupHeartbeatResponse;
import io.sluice.protocol.message.StreamsGroupHeartbeatResponse.Status;
import io.sluice.protocol.message.StreamsGroupHeartbeatResponse.TaskIds;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tells members how they stand. For one state machine. */
final class HeartbeatAnswers {
    /** Before it, clients do not know all statuses. */
    private static final short FIRST_VERSION_WITH_TAGS_STATUS = 1;

    private final StreamsSettings settings;
    private final Endpoints endpoints;

    HeartbeatAnswers(StreamsSettings settings, Endpoints endpoints) {
        this.settings = settings;
        this.endpoints = endpoints;
    }

    /**
     * @param former the member as it was before
     * @param delay why no assignment was made; null when none was due
     */
    HeartbeatOutcome answer(
            StreamsGroupHeartbeatRequest request,
            ClientContext client,
            StreamsGroup group,
            StreamsMember former,
            StreamsMember member,
            @Nullable TopicProblem delay) {
        String groupId = group.groupId();
        StreamsGroupHeartbeatResponse response = new StreamsGroupHeartbeatResponse()
                .setMemberId(member.memberId())
                .setMemberEpoch(member.epoch())
                .setHeartbeatIntervalMs(settings.heartbeatIntervalMs(groupId))
                .setTaskOffsetIntervalMs(settings.taskOffsetIntervalMs(groupId));
        if (client.version() >= FIRST_VERSION_WITH_TAGS_STATUS) {
            response.setAcceptableRecoveryLag(settings.acceptableRecoveryLag(groupId));
        }
        boolean moved = !former.current().tasks().equals(member.current().tasks());
        boolean lostAnswer = request.memberEpoch() != former.epoch();
        if (HeartbeatChecks.joins(request) || moved || lostAnswer) {
            Tasks tasks = member.current().tasks();
            response.setActiveTasks(list(tasks.active()))
                    .setStandbyTasks(list(tasks.standby()))
                    .setWarmupTasks(list(tasks.warmup()));
        }
        tellEndpoints(request, response, group, former, member, moved);
        response.setStatus(statuses(client, group, member, delay));
        ConfiguredTopology configured = group.configured();
        Collection<InternalTopic> missing =
                configured == null ? List.of() : configured.missing().values();
        return HeartbeatOutcome.of(response, missing);
    }

    private static List<TaskIds> list(Set<TaskId> tasks) {
        return TaskLists.toList(
                tasks, (id, partitions) -> new TaskIds().setSubtopologyId(id).setPartitions(partitions));
    }

    private void tellEndpoints(
            StreamsGroupHeartbeatRequest request,
            StreamsGroupHeartbeatResponse response,
            StreamsGroup group,
            StreamsMember former,
            StreamsMember member,
            boolean moved) {
        UserEndpoint endpoint = member.metadata().endpoint();
        boolean endpointChanged = !Objects.equals(former.metadata().endpoint(), endpoint);
        if (endpointChanged || (moved && endpoint != null)) {
            group.endpointsChanged();
        }
        if (group.endpointEpoch() != request.endpointInformationEpoch()) {
            response.setPartitionsByUserEndpoint(endpoints.of(group));
        }
        response.setEndpointInformationEpoch(group.endpointEpoch());
    }

    private List<Status> statuses(
            ClientContext client, StreamsGroup group, StreamsMember member, @Nullable TopicProblem delay) {
        List<Status> statuses = new ArrayList<>();
        Topology topology = group.topology();
        if (topology != null && member.metadata().topologyEpoch() < topology.epoch()) {
            statuses.add(status(
                    GroupStatus.STALE_TOPOLOGY,
                    "The member's topology epoch " + member.metadata().topologyEpoch()
                            + " is behind the group's topology epoch " + topology.epoch() + "."));
        }
        if (delay != null) {
            statuses.add(status(delay.status(), delay.detail()));
        }
        ConfiguredTopology configured = group.configured();
        TopicProblem problem = configured == null ? null : configured.problem();
        if (problem != null) {
            statuses.add(status(problem.status(), problem.detail()));
        }
        String requester = group.shutdownRequester();
        if (requester != null) {
            statuses.add(status(
                    GroupStatus.SHUTDOWN_APPLICATION,
                    "Streams group member " + requester + " encountered a fatal error and requested a shutdown for the"
                            + " entire application."));
        }
        List<String> missing = new ArrayList<>(settings.rackTags(group.groupId()));
        missing.removeAll(member.metadata().tags().keySet());
        if (!missing.isEmpty() && client.version() >= FIRST_VERSION_WITH_TAGS_STATUS) {
            statuses.add(status(
                    GroupStatus.MISSING_CLIENT_TAGS,
                    "Missing required client tags for rack-aware standby assignment: " + missing
                            + ". Configure them via 'client.tag.<tagKey>' in your Streams config."));
        }
        return statuses;
    }

    private static Status status(GroupStatus status, String detail) {
        return new Status().setStatusCode(status.code()).setStatusDetail(detail);
    }
}
