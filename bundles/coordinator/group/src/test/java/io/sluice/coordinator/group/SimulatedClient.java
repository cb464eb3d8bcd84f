package io.sluice.coordinator.group;

import io.sluice.base.ErrorCode;
import io.sluice.protocol.message.HeartbeatResponse;
import io.sluice.protocol.message.JoinGroupResponse;
import io.sluice.protocol.message.LeaveGroupRequest.MemberIdentity;
import io.sluice.protocol.message.OffsetCommitResponse;
import io.sluice.protocol.message.SyncGroupResponse;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A consumer as a client library drives it: join, sync, heartbeat and commit, and the errors that send it back to the start. */
final class SimulatedClient {
    final String topic;
    final @Nullable String instanceId;
    private final SimulatedGroups groups;
    private final GroupInvariants invariants;
    private String memberId = "";
    private int generation = -1;
    private boolean rejoin = true;
    private @Nullable Pending<JoinGroupResponse> join;
    private @Nullable Pending<SyncGroupResponse> sync;
    private @Nullable Pending<HeartbeatResponse> heartbeat;
    private @Nullable Pending<OffsetCommitResponse> commit;
    private long committing;

    SimulatedClient(SimulatedGroups groups, GroupInvariants invariants, String topic, @Nullable String instanceId) {
        this.groups = groups;
        this.invariants = invariants;
        this.topic = topic;
        this.instanceId = instanceId;
    }

    /** Takes note of the answers that came, and does the next thing. */
    void step() {
        if (join != null) {
            if (join.isDone()) {
                joined(join);
            }
        } else if (sync != null) {
            if (sync.isDone()) {
                synced(sync);
            }
        } else if (heartbeat != null && heartbeat.isDone()) {
            beaten(heartbeat);
        } else if (commit != null && commit.isDone()) {
            committed(commit);
        } else if (rejoin) {
            join = groups.join(SimulatedGroups.joinRequest(memberId, instanceId, "range", "sticky"), 9);
        } else if (heartbeat == null && groups.random().nextInt(3) > 0) {
            heartbeat = groups.beginHeartbeat(memberId, instanceId, generation);
        } else if (commit == null) {
            committing = invariants.nextOffset(topic);
            commit = groups.commit(
                    SimulatedGroups.commitRequest(memberId, generation, topic, committing)
                            .setGroupInstanceId(instanceId),
                    8);
        }
    }

    void leave() {
        if (!memberId.isEmpty()) {
            groups.beginLeave(new MemberIdentity().setMemberId(memberId).setGroupInstanceId(instanceId));
        }
    }

    private void joined(Pending<JoinGroupResponse> answered) {
        join = null;
        if (!answered.isAnswered()) {
            return;
        }
        JoinGroupResponse response = answered.outcome();
        ErrorCode error = ErrorCode.of(response.errorCode());
        switch (error) {
            case MEMBER_ID_REQUIRED -> memberId = response.memberId();
            case NONE -> {
                memberId = response.memberId();
                generation = response.generationId();
                invariants.joined(response);
                rejoin = false;
                Map<String, String> assignments = new HashMap<>();
                if (response.leader().equals(memberId) && !response.skipAssignment()) {
                    response.members()
                            .forEach(member ->
                                    assignments.put(member.memberId(), invariants.assignmentFor(generation, member)));
                }
                sync = groups.sync(memberId, generation, assignments);
            }
            case UNKNOWN_MEMBER_ID, FENCED_INSTANCE_ID, GROUP_MAX_SIZE_REACHED -> memberId = "";
            case REBALANCE_IN_PROGRESS -> {}
            default -> throw new AssertionError("no client expects " + error + " when it joins");
        }
    }

    private void synced(Pending<SyncGroupResponse> answered) {
        sync = null;
        if (!answered.isAnswered()) {
            // A real client finds the coordinator and joins again.
            rejoin = true;
            return;
        }
        ErrorCode error = ErrorCode.of(answered.outcome().errorCode());
        if (error == ErrorCode.NONE) {
            invariants.assigned(generation, memberId, answered.outcome());
        } else {
            backToStart(error);
        }
    }

    private void beaten(Pending<HeartbeatResponse> answered) {
        heartbeat = null;
        if (answered.isAnswered()) {
            ErrorCode error = ErrorCode.of(answered.outcome().errorCode());
            if (error != ErrorCode.NONE) {
                backToStart(error);
            }
        }
    }

    private void committed(Pending<OffsetCommitResponse> answered) {
        commit = null;
        if (answered.isAnswered()) {
            ErrorCode error = SimulatedGroups.errorOf(answered.outcome());
            if (error == ErrorCode.NONE) {
                invariants.acknowledged(topic, committing);
            } else {
                backToStart(error);
            }
        }
    }

    private void backToStart(ErrorCode error) {
        switch (error) {
            case REBALANCE_IN_PROGRESS -> {}
            case ILLEGAL_GENERATION -> generation = -1;
            case UNKNOWN_MEMBER_ID, FENCED_INSTANCE_ID -> {
                memberId = "";
                generation = -1;
            }
            default -> throw new AssertionError("no client expects " + error);
        }
        rejoin = true;
    }
}
