package io.sluice.coordinator.group.classic;

import io.sluice.coordinator.group.record.GroupRecord;
import io.sluice.coordinator.runtime.Reply;
import io.sluice.coordinator.runtime.Turn;
import io.sluice.protocol.message.HeartbeatRequest;
import io.sluice.protocol.message.HeartbeatResponse;
import io.sluice.protocol.message.JoinGroupRequest;
import io.sluice.protocol.message.JoinGroupResponse;
import io.sluice.protocol.message.LeaveGroupRequest;
import io.sluice.protocol.message.LeaveGroupResponse;
import io.sluice.protocol.message.SyncGroupRequest;
import io.sluice.protocol.message.SyncGroupResponse;

/** Consumer groups with members, which members that use the classic protocol can join while a group migrates (KIP-848). */
public interface MixedGroups {
    /** True when the id is a consumer group's that has members. */
    boolean has(String groupId);

    void join(Turn<GroupRecord> turn, JoinGroupRequest request, ClientContext client, Reply<JoinGroupResponse> reply);

    void sync(Turn<GroupRecord> turn, SyncGroupRequest request, Reply<SyncGroupResponse> reply);

    void heartbeat(Turn<GroupRecord> turn, HeartbeatRequest request, Reply<HeartbeatResponse> reply);

    void leave(Turn<GroupRecord> turn, LeaveGroupRequest request, Reply<LeaveGroupResponse> reply);
}
