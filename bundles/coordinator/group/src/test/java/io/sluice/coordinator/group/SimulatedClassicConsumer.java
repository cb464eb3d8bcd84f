package io.sluice.coordinator.group;

import io.sluice.base.ErrorCode;
import io.sluice.coordinator.group.classic.EmbeddedProtocol;
import io.sluice.protocol.MessageWriter;
import io.sluice.protocol.OutboundPart;
import io.sluice.protocol.message.ConsumerProtocolAssignment;
import io.sluice.protocol.message.ConsumerProtocolSubscription;
import io.sluice.protocol.message.HeartbeatResponse;
import io.sluice.protocol.message.JoinGroupRequest;
import io.sluice.protocol.message.JoinGroupRequest.JoinGroupRequestProtocol;
import io.sluice.protocol.message.JoinGroupResponse;
import io.sluice.protocol.message.JoinGroupResponse.JoinGroupResponseMember;
import io.sluice.protocol.message.SyncGroupRequest;
import io.sluice.protocol.message.SyncGroupRequest.SyncGroupRequestAssignment;
import io.sluice.protocol.message.SyncGroupResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A consumer that uses the classic protocol, as the client library does: it joins, leads when it is told to, syncs, and joins again when a heartbeat
 * says so. An eager one gives everything up before it joins; a cooperative one gives up what the assignment takes, and joins once more.
 */
final class SimulatedClassicConsumer {
    private static final String PROTOCOL = "range";

    final boolean cooperative;
    final @Nullable String instanceId;
    final Set<Integer> owned = new TreeSet<>();
    String memberId = "";
    int generation = -1;
    ErrorCode lastError = ErrorCode.NONE;
    private final SimulatedGroups groups;
    private final String topic;
    private boolean wantsJoin = true;
    private @Nullable Pending<JoinGroupResponse> joining;
    private @Nullable Pending<SyncGroupResponse> syncing;
    private @Nullable Pending<HeartbeatResponse> beating;

    SimulatedClassicConsumer(SimulatedGroups groups, String topic, @Nullable String instanceId, boolean cooperative) {
        this.groups = groups;
        this.topic = topic;
        this.instanceId = instanceId;
        this.cooperative = cooperative;
    }

    /** Does the next thing, unless it waits for an answer. */
    void step() {
        groups.scheduler.runUntilIdle();
        if (joining != null) {
            takeJoin(joining);
        } else if (syncing != null) {
            takeSync(syncing);
        } else if (beating != null) {
            takeBeat(beating);
        } else if (wantsJoin) {
            join();
        } else {
            beating = groups.beginHeartbeat(memberId, instanceId, generation);
        }
        groups.scheduler.runUntilIdle();
    }

    boolean isMember() {
        return !wantsJoin && joining == null && syncing == null;
    }

    private void join() {
        if (!cooperative) {
            owned.clear();
        }
        JoinGroupRequest request = new JoinGroupRequest()
                .setGroupId(SimulatedGroups.GROUP)
                .setMemberId(memberId)
                .setGroupInstanceId(instanceId)
                .setSessionTimeoutMs(SimulatedGroups.SESSION_MS)
                .setRebalanceTimeoutMs(SimulatedGroups.REBALANCE_MS)
                .setProtocolType("consumer")
                .setProtocols(
                        List.of(new JoinGroupRequestProtocol().setName(PROTOCOL).setMetadata(subscription())));
        joining = groups.join(request, 9);
    }

    byte[] subscription() {
        ConsumerProtocolSubscription subscription = new ConsumerProtocolSubscription()
                .setTopics(List.of(topic))
                .setOwnedPartitions(
                        owned.isEmpty()
                                ? List.of()
                                : List.of(new ConsumerProtocolSubscription.TopicPartition()
                                        .setTopic(topic)
                                        .setPartitions(List.copyOf(owned))));
        MessageWriter out = new MessageWriter();
        out.writeInt16((short) 3);
        subscription.write(out, (short) 3);
        if (out.finish().parts().get(0) instanceof OutboundPart.Bytes bytes) {
            byte[] written = new byte[bytes.buffer().remaining()];
            bytes.buffer().duplicate().get(written);
            return written;
        }
        throw new AssertionError("no bytes");
    }

    private void takeJoin(Pending<JoinGroupResponse> pending) {
        if (!pending.isDone()) {
            return;
        }
        joining = null;
        if (!pending.isAnswered()) {
            return;
        }
        JoinGroupResponse response = pending.outcome();
        lastError = ErrorCode.of(response.errorCode());
        switch (lastError) {
            case NONE -> {
                memberId = response.memberId();
                generation = response.generationId();
                wantsJoin = false;
                sync(response);
            }
            case MEMBER_ID_REQUIRED -> memberId = response.memberId();
            case UNKNOWN_MEMBER_ID, FENCED_INSTANCE_ID -> forget();
            default -> {}
        }
    }

    private void forget() {
        memberId = "";
        owned.clear();
        wantsJoin = true;
    }

    private void sync(JoinGroupResponse joined) {
        List<SyncGroupRequestAssignment> assignments = new ArrayList<>();
        if (joined.leader().equals(memberId)) {
            assign(joined.members())
                    .forEach((id, bytes) -> assignments.add(
                            new SyncGroupRequestAssignment().setMemberId(id).setAssignment(bytes)));
        }
        syncing = groups.sync(new SyncGroupRequest()
                .setGroupId(SimulatedGroups.GROUP)
                .setMemberId(memberId)
                .setGroupInstanceId(instanceId)
                .setGenerationId(generation)
                .setProtocolType("consumer")
                .setProtocolName(PROTOCOL)
                .setAssignments(assignments));
    }

    /** As the leader: everybody gets its part, but nobody what another member has not given up yet. */
    private Map<String, byte[]> assign(List<JoinGroupResponseMember> members) {
        int count = groups.metadata.image().topic(topic).partitions().size();
        Map<Integer, String> owners = new HashMap<>();
        for (JoinGroupResponseMember member : members) {
            EmbeddedProtocol.subscription(member.metadata()).ownedPartitions().forEach(owned -> owned.partitions()
                    .forEach(number -> owners.put(number, member.memberId())));
        }
        Map<String, List<Integer>> shares = new TreeMap<>();
        for (JoinGroupResponseMember member : members) {
            shares.put(member.memberId(), new ArrayList<>());
        }
        List<String> ids = List.copyOf(shares.keySet());
        for (int i = 0; i < count; i++) {
            String taker = ids.get(i % ids.size());
            String owner = owners.get(i);
            if (owner == null || owner.equals(taker)) {
                shares.get(taker).add(i);
            }
        }
        Map<String, byte[]> assignments = new HashMap<>();
        shares.forEach((id, numbers) -> assignments.put(
                id,
                EmbeddedProtocol.write(
                        new ConsumerProtocolAssignment()
                                .setAssignedPartitions(List.of(new ConsumerProtocolAssignment.TopicPartition()
                                        .setTopic(topic)
                                        .setPartitions(numbers))),
                        new byte[] {0, 3})));
        return assignments;
    }

    private void takeSync(Pending<SyncGroupResponse> pending) {
        if (!pending.isDone()) {
            return;
        }
        syncing = null;
        if (!pending.isAnswered()) {
            wantsJoin = true;
            return;
        }
        lastError = ErrorCode.of(pending.outcome().errorCode());
        switch (lastError) {
            case NONE -> takeAssignment(pending.outcome().assignment());
            case UNKNOWN_MEMBER_ID, FENCED_INSTANCE_ID, ILLEGAL_GENERATION -> forget();
            default -> wantsJoin = true;
        }
    }

    private void takeAssignment(byte[] bytes) {
        Set<Integer> assigned = new TreeSet<>();
        EmbeddedProtocol.assignment(bytes).assignedPartitions().forEach(part -> assigned.addAll(part.partitions()));
        boolean revokes = !assigned.containsAll(owned);
        owned.clear();
        owned.addAll(assigned);
        wantsJoin = revokes;
    }

    private void takeBeat(Pending<HeartbeatResponse> pending) {
        if (!pending.isDone()) {
            return;
        }
        beating = null;
        if (!pending.isAnswered()) {
            return;
        }
        lastError = ErrorCode.of(pending.outcome().errorCode());
        switch (lastError) {
            case NONE -> {}
            case UNKNOWN_MEMBER_ID, FENCED_INSTANCE_ID, ILLEGAL_GENERATION -> forget();
            default -> wantsJoin = true;
        }
    }
}
