package io.sluice.coordinator.streams.assignor;

import io.sluice.coordinator.streams.task.TaskId;
import io.sluice.coordinator.streams.task.Tasks;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Leaves tasks with whom they are, as far as everybody gets equally many; what is left goes to members that have kept a copy of its state, and then to
 * the member, of several in the process, that has least to do. Copies are kept by other processes than the task, and where tags are configured as
 * far as can be by processes whose tags differ. Warm-up tasks are not given out, as in Kafka 4.4.
 */
public final class StickyAssignor implements TaskAssignor {
    /** As configuration and answers name it. */
    public static final String NAME = "sticky";

    @Override
    public Map<String, Tasks> assign(List<Candidate> members, Work work) {
        if (members.isEmpty()) {
            return Map.of();
        }
        Assignment assignment = new Assignment(members);
        assignment.giveActive(work.tasks());
        if (work.standbys() > 0) {
            new StandbyPlacement(assignment.processes, assignment.previousActive, assignment.previousStandby, work)
                    .place();
        }
        Map<String, Tasks> tasks = new TreeMap<>();
        assignment.loads.forEach((memberId, load) -> tasks.put(memberId, load.tasks()));
        return tasks;
    }

    /** One run. */
    private static final class Assignment {
        private static final Comparator<ProcessLoad> LEAST = Comparator.comparingInt(
                        (ProcessLoad process) -> process.leastLoaded().activeCount())
                .thenComparing(ProcessLoad::load)
                .thenComparing(process -> process.leastLoaded().member().memberId());

        private final Map<String, MemberLoad> loads = new LinkedHashMap<>();
        private final List<ProcessLoad> processes = new ArrayList<>();
        private final Map<TaskId, MemberLoad> previousActive = new TreeMap<>();
        private final Map<TaskId, List<MemberLoad>> previousStandby = new TreeMap<>();

        private Assignment(List<Candidate> members) {
            Map<String, ProcessLoad> byId = new TreeMap<>();
            for (Candidate member : members) {
                ProcessLoad process =
                        byId.computeIfAbsent(member.processId(), id -> new ProcessLoad(id, member.tags()));
                MemberLoad load = process.add(member);
                loads.put(member.memberId(), load);
                member.previous().active().forEach(task -> previousActive.put(task, load));
                member.previous().standby().forEach(task -> standby(task, load));
                member.offsets().keySet().forEach(task -> {
                    if (!member.previous().standby().contains(task)) {
                        standby(task, load);
                    }
                });
            }
            previousStandby.forEach((task, list) -> list.sort(Comparator.comparing((MemberLoad load) ->
                            !load.member().previous().standby().contains(task))
                    .thenComparing(load -> -load.member().offsets().getOrDefault(task, 0L))));
            processes.addAll(byId.values());
        }

        private void standby(TaskId task, MemberLoad load) {
            previousStandby.computeIfAbsent(task, id -> new ArrayList<>()).add(load);
        }

        private void giveActive(List<TaskId> tasks) {
            Quota quota = new Quota(tasks.size(), loads.size());
            List<TaskId> open = new ArrayList<>();
            for (TaskId task : tasks) {
                give(task, previousActive.get(task), quota, open);
            }
            List<TaskId> rest = new ArrayList<>();
            for (TaskId task : open) {
                give(task, leastLoaded(previousStandby.getOrDefault(task, List.of()), quota), quota, rest);
            }
            // Partition by partition, so that the subtopologies of a process differ.
            rest.sort(Comparator.comparingInt(TaskId::partition).thenComparing(TaskId::subtopologyId));
            spread(rest);
        }

        /**
         * Each goes to the member that has fewest, of these to one in the process that has least to do. No other process comes elsewhere in the order
         * then.
         */
        private void spread(List<TaskId> tasks) {
            PriorityQueue<ProcessLoad> order = new PriorityQueue<>(LEAST);
            order.addAll(processes);
            for (TaskId task : tasks) {
                ProcessLoad process = order.remove();
                process.leastLoaded().giveActive(task);
                order.add(process);
            }
        }

        private static void give(TaskId task, @Nullable MemberLoad load, Quota quota, List<TaskId> open) {
            if (load == null || !quota.allows(load.activeCount())) {
                open.add(task);
            } else {
                load.giveActive(task);
                quota.reached(load.activeCount());
            }
        }

        private static @Nullable MemberLoad leastLoaded(List<MemberLoad> candidates, Quota quota) {
            MemberLoad best = null;
            for (MemberLoad load : candidates) {
                if (quota.allows(load.activeCount())
                        && (best == null
                                || load.process().load() < best.process().load())) {
                    best = load;
                }
            }
            return best;
        }
    }
}
