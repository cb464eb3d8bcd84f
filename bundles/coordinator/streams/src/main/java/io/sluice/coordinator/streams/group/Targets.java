package io.sluice.coordinator.streams.group;

import io.sluice.coordinator.api.KindRecord;
import io.sluice.coordinator.runtime.Timers;
import io.sluice.coordinator.runtime.Turn;
import io.sluice.coordinator.streams.assignor.Candidate;
import io.sluice.coordinator.streams.assignor.TaskAssignor;
import io.sluice.coordinator.streams.assignor.Work;
import io.sluice.coordinator.streams.task.Tasks;
import io.sluice.coordinator.streams.topology.ConfiguredTopology;
import io.sluice.coordinator.streams.topology.GroupStatus;
import io.sluice.coordinator.streams.topology.TopicProblem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides what each member is to do whenever the group's epoch has risen: not before more members had the time to come to a group that begins, and not
 * more often than is configured. For one state machine.
 */
final class Targets {
    private static final Logger LOG = LoggerFactory.getLogger(Targets.class);

    private final StreamsGroupTable groups;
    private final Timers<KindRecord> timers;
    private final StreamsSettings settings;
    private final Topologies topologies;
    private final TaskAssignor assignor;
    private final Set<String> beginning = new HashSet<>();

    private record BeginTimer(String groupId) {}

    private record AssignTimer(String groupId) {}

    Targets(
            StreamsGroupTable groups,
            Timers<KindRecord> timers,
            StreamsSettings settings,
            Topologies topologies,
            TaskAssignor assignor) {
        this.groups = groups;
        this.timers = timers;
        this.settings = settings;
        this.topologies = topologies;
        this.assignor = assignor;
    }

    /** The first member comes: others have some time to come too. */
    void begin(String groupId) {
        int delayMs = settings.initialRebalanceDelayMs(groupId);
        if (delayMs > 0 && beginning.add(groupId)) {
            timers.set(new BeginTimer(groupId), delayMs, turn -> {
                beginning.remove(groupId);
                updateIfThere(turn, groupId);
            });
        }
    }

    private void updateIfThere(Turn<KindRecord> turn, String groupId) {
        StreamsGroup group = groups.find(groupId);
        if (group != null) {
            update(turn, group);
        }
    }

    /**
     * Makes the targets for the group's present epoch, unless that is to wait; then it is done when the time has come.
     *
     * @return why it waits; null when it does not
     */
    @Nullable
    TopicProblem update(Turn<KindRecord> turn, StreamsGroup group) {
        String groupId = group.groupId();
        if (beginning.contains(groupId)) {
            return new TopicProblem(
                    GroupStatus.ASSIGNMENT_DELAYED,
                    "Assignment delayed due to the configured initial rebalance delay.");
        }
        if (group.epoch() <= group.assignmentEpoch() || group.isEmpty()) {
            return null;
        }
        long intervalMs = settings.assignmentIntervalMs(groupId);
        long waitMs = group.assignmentTimestampMs() + intervalMs - turn.nowMs();
        if (waitMs > 0L && waitMs <= intervalMs) {
            timers.set(new AssignTimer(groupId), waitMs, later -> updateIfThere(later, groupId));
            return new TopicProblem(
                    GroupStatus.ASSIGNMENT_DELAYED, "Assignment delayed due to the configured assignment interval.");
        }
        if (!assign(turn, group)) {
            LOG.error("the assignment of streams group {} is larger than a batch of its log may be", groupId);
            return new TopicProblem(
                    GroupStatus.ASSIGNMENT_DELAYED, "The assignment is larger than a batch of the group's log may be.");
        }
        return null;
    }

    /** @return false when it is larger than a batch may be; the former targets stay then */
    private boolean assign(Turn<KindRecord> turn, StreamsGroup group) {
        String groupId = group.groupId();
        Map<String, Tasks> assigned = compute(group);
        List<KindRecord> records = new ArrayList<>();
        for (StreamsMember member : group.members()) {
            Tasks tasks = assigned.getOrDefault(member.memberId(), Tasks.EMPTY);
            if (!tasks.equals(group.target(member.memberId()))) {
                records.add(StreamsRecords.target(groupId, member.memberId(), tasks));
            }
        }
        records.add(StreamsRecords.targetEpoch(groupId, group.epoch(), turn.nowMs()));
        return turn.write(records);
    }

    /** Nobody does anything as long as a topic is missing. */
    private Map<String, Tasks> compute(StreamsGroup group) {
        ConfiguredTopology topology = topologies.of(group);
        if (topology == null || !topology.isReady()) {
            return Map.of();
        }
        List<Candidate> candidates = new ArrayList<>(group.members().size());
        for (StreamsMember member : group.members()) {
            candidates.add(new Candidate(
                    member.memberId(),
                    member.metadata().processId(),
                    member.metadata().tags(),
                    group.target(member.memberId()),
                    group.offsets(member.memberId()).offsets()));
        }
        return assignor.assign(
                candidates, Work.of(topology, settings.standbys(group.groupId()), settings.rackTags(group.groupId())));
    }
}
