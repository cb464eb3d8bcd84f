package io.sluice.coordinator.streams.group;

import io.sluice.coordinator.streams.task.Tasks;
import io.sluice.coordinator.streams.topology.ConfiguredTopology;
import io.sluice.coordinator.streams.topology.Topology;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A streams group. What records say is made by replay alone; beside it lies what need not be kept: the topology as it fits the present topics, and what
 * members have told that they will tell again. For one state machine.
 */
final class StreamsGroup {
    /** The epoch of a static member that will come back. */
    static final int EPOCH_OF_ABSENT_STATIC_MEMBER = -2;

    private static final int FIRST_ASSIGNMENT_EPOCH = 1;

    private final String groupId;
    private final TreeMap<String, StreamsMember> members = new TreeMap<>();
    private final Map<String, String> staticMembers = new HashMap<>();
    private final Map<String, Tasks> targets = new TreeMap<>();
    private final TaskHolders holders = new TaskHolders();
    private GroupEpoch epoch = GroupEpoch.FIRST;
    private int assignmentEpoch = FIRST_ASSIGNMENT_EPOCH;
    private long assignmentTimestampMs;
    private @Nullable Topology topology;

    private final Map<String, TaskOffsets> offsets = new HashMap<>();
    private @Nullable ConfiguredTopology configured;
    private @Nullable String shutdownRequester;
    private int endpointEpoch;

    StreamsGroup(String groupId) {
        this.groupId = groupId;
    }

    String groupId() {
        return groupId;
    }

    // ---- what replay does

    void epoch(GroupEpoch newEpoch) {
        epoch = newEpoch;
    }

    void assignment(int newEpoch, long timestampMs) {
        assignmentEpoch = newEpoch;
        assignmentTimestampMs = timestampMs;
    }

    void noAssignment() {
        assignment(FIRST_ASSIGNMENT_EPOCH, 0L);
    }

    void topology(@Nullable Topology newTopology) {
        topology = newTopology;
        configured = null;
    }

    void put(StreamsMember member) {
        StreamsMember former = members.put(member.memberId(), member);
        if (former != null) {
            holders.remove(former);
        }
        holders.add(member);
        if (former != null && former.instanceId() != null) {
            staticMembers.remove(former.instanceId(), former.memberId());
        }
        if (member.instanceId() != null) {
            staticMembers.put(member.instanceId(), member.memberId());
        }
    }

    void remove(String memberId) {
        StreamsMember member = members.remove(memberId);
        offsets.remove(memberId);
        if (member == null) {
            return;
        }
        holders.remove(member);
        if (member.instanceId() != null) {
            staticMembers.remove(member.instanceId(), memberId);
        }
        if (member.metadata().endpoint() != null) {
            endpointEpoch++;
        }
        if (members.isEmpty()) {
            shutdownRequester = null;
        }
    }

    void target(String memberId, Tasks tasks) {
        if (tasks.isEmpty()) {
            targets.remove(memberId);
        } else {
            targets.put(memberId, tasks);
        }
    }

    // ---- what records say

    GroupEpoch epochRecord() {
        return epoch;
    }

    int epoch() {
        return epoch.epoch();
    }

    /** The group's epoch for which the targets are. */
    int assignmentEpoch() {
        return assignmentEpoch;
    }

    long assignmentTimestampMs() {
        return assignmentTimestampMs;
    }

    @Nullable
    Topology topology() {
        return topology;
    }

    Collection<StreamsMember> members() {
        return members.values();
    }

    @Nullable
    StreamsMember member(String memberId) {
        return members.get(memberId);
    }

    @Nullable
    StreamsMember staticMember(String instanceId) {
        String memberId = staticMembers.get(instanceId);
        return memberId == null ? null : members.get(memberId);
    }

    /** Which tasks others than a member have. */
    TaskHolders.Beside holdersBeside(StreamsMember member) {
        return holders.beside(member);
    }

    boolean isEmpty() {
        return members.isEmpty();
    }

    Tasks target(String memberId) {
        return targets.getOrDefault(memberId, Tasks.EMPTY);
    }

    /** Whether the group's members process the topic. */
    boolean isSubscribedTo(String topic) {
        return !members.isEmpty() && topology != null && topology.reader(topic) != null;
    }

    // ---- what need not be kept

    @Nullable
    ConfiguredTopology configured() {
        return configured;
    }

    void configured(ConfiguredTopology fitted) {
        configured = fitted;
    }

    TaskOffsets offsets(String memberId) {
        return offsets.getOrDefault(memberId, TaskOffsets.NONE);
    }

    void offsets(String memberId, TaskOffsets told) {
        offsets.put(memberId, told);
    }

    /** The member that wants the whole application to end; null when none does. */
    @Nullable
    String shutdownRequester() {
        return shutdownRequester;
    }

    void requestShutdown(String memberId) {
        if (shutdownRequester == null) {
            shutdownRequester = memberId;
        }
    }

    /** Rises whenever it changes which endpoint has which partitions. */
    int endpointEpoch() {
        return endpointEpoch;
    }

    void endpointsChanged() {
        endpointEpoch++;
    }

    /** As on the wire. */
    String state() {
        if (members.isEmpty()) {
            return "Empty";
        }
        if (topology == null || epoch.validatedTopologyEpoch() != topology.epoch()) {
            return "NotReady";
        }
        if (epoch.epoch() > assignmentEpoch) {
            return "Assigning";
        }
        for (StreamsMember member : members.values()) {
            if (!member.current().isReconciledTo(assignmentEpoch)) {
                return "Reconciling";
            }
        }
        return "Stable";
    }
}
