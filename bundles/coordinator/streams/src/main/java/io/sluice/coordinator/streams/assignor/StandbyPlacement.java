package io.sluice.coordinator.streams.assignor;

import io.sluice.coordinator.streams.task.TaskId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Places the copies of the state of tasks, once the tasks themselves are given out. */
final class StandbyPlacement {
    private final Map<TaskId, MemberLoad> previousActive;
    private final Map<TaskId, List<MemberLoad>> previousStandby;
    private final Work work;
    private final Quota quota;
    private final Map<ProcessLoad, Site> siteOf = new HashMap<>();
    private final NavigableSet<Site> sites = new TreeSet<>(Site.ORDER);
    private final Map<TaskId, List<ProcessLoad>> holders = new HashMap<>();

    /** A task of which copies are still to be placed. */
    private record Open(TaskId task, int copies) {}

    StandbyPlacement(
            List<ProcessLoad> processes,
            Map<TaskId, MemberLoad> previousActive,
            Map<TaskId, List<MemberLoad>> previousStandby,
            Work work) {
        this.previousActive = previousActive;
        this.previousStandby = previousStandby;
        this.work = work;
        int members = processes.stream().mapToInt(ProcessLoad::members).sum();
        this.quota = new Quota(
                work.tasks().size() + work.stateful().size() * Math.min(work.standbys(), processes.size() - 1),
                members);
        Map<List<@Nullable String>, Site> byTags = new HashMap<>();
        for (ProcessLoad process : processes) {
            Site site = byTags.computeIfAbsent(values(process), tags -> new Site(work.rackTags()));
            site.add(process);
            siteOf.put(process, site);
            process.tasks().forEach(task -> holds(process, task));
        }
        sites.addAll(byTags.values());
    }

    private List<@Nullable String> values(ProcessLoad process) {
        List<@Nullable String> values = new ArrayList<>();
        for (String tag : work.rackTags()) {
            values.add(process.tags().get(tag));
        }
        return values;
    }

    /** Who has a task matters only as far as tags ask for it. */
    private void holds(ProcessLoad process, TaskId task) {
        if (!work.rackTags().isEmpty()) {
            holders.computeIfAbsent(task, id -> new ArrayList<>()).add(process);
        }
    }

    private List<ProcessLoad> holders(TaskId task) {
        return holders.getOrDefault(task, List.of());
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
                ProcessLoad process = best(rest.task());
                if (process == null) {
                    break;
                }
                give(rest.task(), process.leastLoaded());
            }
        }
    }

    private void give(TaskId task, MemberLoad load) {
        Site site = siteOf(load.process());
        sites.remove(site);
        site.give(load, task);
        sites.add(site);
        holds(load.process(), task);
        quota.reached(load.count());
    }

    private Site siteOf(ProcessLoad process) {
        Site site = siteOf.get(process);
        if (site == null) {
            throw new IllegalStateException("process " + process.processId() + " is nowhere");
        }
        return site;
    }

    /** Who has the state already, and may keep it; where tags count, only when nobody else is farther away. */
    private @Nullable MemberLoad sticky(TaskId task) {
        ProcessLoad best = work.rackTags().isEmpty() ? null : best(task);
        int distance = best == null ? 0 : distance(best, task);
        MemberLoad formerly = previousActive.get(task);
        if (formerly != null && mayTake(task, formerly, distance)) {
            return formerly;
        }
        MemberLoad least = null;
        for (MemberLoad load : previousStandby.getOrDefault(task, List.of())) {
            if (mayTake(task, load, distance)
                    && (least == null || load.process().load() < least.process().load())) {
                least = load;
            }
        }
        return least;
    }

    private boolean mayTake(TaskId task, MemberLoad load, int distance) {
        return !load.process().has(task)
                && quota.allows(load.count())
                && (distance == 0 || distance(load.process(), task) >= distance);
    }

    /** In how many tags a process differs from all that have the task. */
    private int distance(ProcessLoad process, TaskId task) {
        return siteOf(process).distance(holders(task));
    }

    /**
     * The process without the task that is farthest from it, and of these the one that has least to do. Of sites that differ in all tags, the first is
     * best.
     */
    private @Nullable ProcessLoad best(TaskId task) {
        List<ProcessLoad> others = holders(task);
        ProcessLoad best = null;
        int farthest = -1;
        for (Site site : sites) {
            int distance = site.distance(others);
            ProcessLoad process = distance < farthest ? null : site.firstWithout(task);
            if (process == null) {
                continue;
            }
            if (best == null || distance > farthest || Site.LEAST.compare(process, best) < 0) {
                best = process;
                farthest = distance;
            }
            if (distance == work.rackTags().size()) {
                break;
            }
        }
        return best;
    }
}
