package io.sluice.coordinator.streams.group;

import io.sluice.base.ErrorCode;
import io.sluice.coordinator.runtime.Reply;
import io.sluice.coordinator.streams.task.TaskId;
import io.sluice.coordinator.streams.task.TaskLists;
import io.sluice.coordinator.streams.task.Tasks;
import io.sluice.protocol.message.StreamsGroupHeartbeatRequest;
import io.sluice.protocol.message.StreamsGroupHeartbeatResponse;
import io.sluice.protocol.message.StreamsGroupHeartbeatResponse.TaskIds;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A thread of a streams application as the protocol sees it: it does what it is told, and says what it has. */
final class SimulatedThread {
    final String memberId;
    final String processId;
    private final KindHarness harness;
    private final String groupId;
    private final StreamsGroupHeartbeatRequest.Topology topology;

    @Nullable
    String instanceId;

    int epoch;
    Tasks owned = Tasks.EMPTY;
    List<StreamsGroupHeartbeatResponse.Status> statuses = List.of();

    SimulatedThread(
            KindHarness harness,
            String groupId,
            String memberId,
            String processId,
            StreamsGroupHeartbeatRequest.Topology topology) {
        this.harness = harness;
        this.groupId = groupId;
        this.memberId = memberId;
        this.processId = processId;
        this.topology = topology;
    }

    /** What it sends next. */
    StreamsGroupHeartbeatRequest request() {
        StreamsGroupHeartbeatRequest request = new StreamsGroupHeartbeatRequest()
                .setGroupId(groupId)
                .setMemberId(memberId)
                .setInstanceId(instanceId)
                .setMemberEpoch(epoch);
        if (epoch == 0) {
            owned = Tasks.EMPTY;
            request.setTopology(topology)
                    .setProcessId(processId)
                    .setRebalanceTimeoutMs(60_000)
                    .setClientTags(List.of());
        }
        return request.setActiveTasks(list(owned.active()))
                .setStandbyTasks(list(owned.standby()))
                .setWarmupTasks(list(owned.warmup()));
    }

    private static List<StreamsGroupHeartbeatRequest.TaskIds> list(Set<TaskId> tasks) {
        return TaskLists.toList(tasks, (id, partitions) -> new StreamsGroupHeartbeatRequest.TaskIds()
                .setSubtopologyId(id)
                .setPartitions(partitions));
    }

    /** Sends a heartbeat and does what the answer says; a member that is fenced begins anew the next time. */
    ErrorCode beat() {
        return take(send(request()).response());
    }

    HeartbeatOutcome send(StreamsGroupHeartbeatRequest request) {
        HeartbeatOutcome[] told = new HeartbeatOutcome[1];
        harness.state
                .heartbeats()
                .heartbeat(
                        harness.turn(), request, new ClientContext("client", "/127.0.0.1", (short) 1), new Reply<>() {
                            @Override
                            public void answer(HeartbeatOutcome outcome) {
                                told[0] = outcome;
                            }

                            @Override
                            public void refuse(ErrorCode error) {
                                throw new AssertionError("refused with " + error);
                            }
                        });
        return Objects.requireNonNull(told[0], "no answer");
    }

    ErrorCode take(StreamsGroupHeartbeatResponse response) {
        ErrorCode error = ErrorCode.of(response.errorCode());
        if (error == ErrorCode.FENCED_MEMBER_EPOCH || error == ErrorCode.UNKNOWN_MEMBER_ID) {
            epoch = 0;
            owned = Tasks.EMPTY;
        } else if (error == ErrorCode.NONE) {
            epoch = response.memberEpoch();
            statuses = response.status() == null ? List.of() : response.status();
            if (response.activeTasks() != null) {
                owned = Tasks.of(
                        set(response.activeTasks()), set(response.standbyTasks()), set(response.warmupTasks()));
            }
        }
        return error;
    }

    private static Set<TaskId> set(@Nullable List<TaskIds> list) {
        return TaskLists.toSet(list, TaskIds::subtopologyId, TaskIds::partitions);
    }

    ErrorCode leave(int leaveEpoch) {
        StreamsGroupHeartbeatRequest request = new StreamsGroupHeartbeatRequest()
                .setGroupId(groupId)
                .setMemberId(memberId)
                .setInstanceId(instanceId)
                .setMemberEpoch(leaveEpoch);
        ErrorCode error = ErrorCode.of(send(request).response().errorCode());
        epoch = 0;
        owned = Tasks.EMPTY;
        return error;
    }
}
