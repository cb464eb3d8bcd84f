package io.sluice.coordinator.streams.assignor;

import io.sluice.coordinator.streams.task.TaskId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Places the copies of the state of tasks, once the tasks themselves are given out. */
final class StandbyPlacement {
    private final List<ProcessLoad> processes;
    private final Map<TaskId, MemberLoad> previousActive;
    private final Map<TaskId, List<MemberLoad>> previousStandby;
    private final Work work;
    private final Quota quota;

    /** A task of which copies are still to be placed. */
    private record Open(TaskId task, int copies) {}

    StandbyPlacement(
            List<ProcessLoad> processes,
            Map<TaskId, MemberLoad> previousActive,
            Map<TaskId, List<MemberLoad>> previousStandby,
            Work work) {
        this.processes = processes;
        this.previousActive = previousActive;
        this.previousStandby = previousStandby;
        this.work = work;
        int members = processes.stream().mapToInt(ProcessLoad::members).sum();
        this.quota = new Quota(
                work.tasks().size() + work.stateful().size() * Math.min(work.standbys(), processes.size() - 1),
                members);
    }

    /** With fewer processes than copies, there are fewer copies. */
    void place() {
        List<TaskId> tasks = new ArrayList<>(work.stateful());
        Collections.sort(tasks, Collections.reverseOrder());
        List<Open> open = new ArrayList<>();
        for (TaskId task : tasks) {
            int placed = 0;
            MemberLoad sticky = sticky(task);
            while (placed < work.standbys() && sticky != null) {
                give(task, sticky);
                placed++;
                sticky = sticky(task);
            }
            if (placed < work.standbys()) {
                open.add(new Open(task, work.standbys() - placed));
            }
        }
        for (Open rest : open) {
            for (int i = 0; i < rest.copies(); i++) {
                ProcessLoad process = best(rest.task(), holders(rest.task()));
                if (process == null) {
                    break;
                }
                give(rest.task(), process.leastLoaded());
            }
        }
    }

    private void give(TaskId task, MemberLoad load) {
        load.giveStandby(task);
        quota.reached(load.count());
    }

    /** Who has the state already, and may keep it; where tags count, only when nobody else is farther away. */
    private @Nullable MemberLoad sticky(TaskId task) {
        List<ProcessLoad> holders = holders(task);
        ProcessLoad best = work.rackTags().isEmpty() ? null : best(task, holders);
        int distance = best == null ? 0 : distance(best, holders);
        MemberLoad formerly = previousActive.get(task);
        if (formerly != null && mayTake(task, formerly, distance, holders)) {
            return formerly;
        }
        MemberLoad least = null;
        for (MemberLoad load : previousStandby.getOrDefault(task, List.of())) {
            if (mayTake(task, load, distance, holders)
                    && (least == null || load.process().load() < least.process().load())) {
                least = load;
            }
        }
        return least;
    }

    private boolean mayTake(TaskId task, MemberLoad load, int distance, List<ProcessLoad> holders) {
        return !load.process().has(task)
                && quota.allows(load.count())
                && (distance == 0 || distance(load.process(), holders) >= distance);
    }

    /** Who has the task, as far as tags ask for it. */
    private List<ProcessLoad> holders(TaskId task) {
        if (work.rackTags().isEmpty()) {
            return List.of();
        }
        List<ProcessLoad> holders = new ArrayList<>();
        for (ProcessLoad process : processes) {
            if (process.has(task)) {
                holders.add(process);
            }
        }
        return holders;
    }

    /** The process without the task that is farthest from it, and of these the one that has least to do. */
    private @Nullable ProcessLoad best(TaskId task, List<ProcessLoad> holders) {
        ProcessLoad best = null;
        int farthest = -1;
        for (ProcessLoad process : processes) {
            if (process.has(task)) {
                continue;
            }
            int distance = distance(process, holders);
            if (best == null || distance > farthest || (distance == farthest && process.load() < best.load())) {
                best = process;
                farthest = distance;
            }
        }
        return best;
    }

    /** In how many tags a process differs from all that have the task. */
    private int distance(ProcessLoad process, List<ProcessLoad> holders) {
        int distance = 0;
        for (String tag : work.rackTags()) {
            String own = process.tags().get(tag);
            boolean differs = own != null;
            for (ProcessLoad holder : holders) {
                differs &= !Objects.equals(own, holder.tags().get(tag));
            }
            distance += differs ? 1 : 0;
        }
        return distance;
    }
}
