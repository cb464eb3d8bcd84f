package io.sluice.coordinator.streams.assignor;

import io.sluice.coordinator.streams.task.TaskId;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The processes that tags do not tell apart, those that have least to do first. */
final class Site {
    /** Which of two processes takes a task, if nothing else counts. */
    static final Comparator<ProcessLoad> LEAST =
            Comparator.comparingDouble(ProcessLoad::load).thenComparing(ProcessLoad::processId);

    /** Which of two sites has the process that takes a task; a site that changes is to be taken out before. */
    static final Comparator<Site> ORDER = Comparator.comparing(site -> site.processes.first(), LEAST);

    private final List<String> tags;
    private final NavigableSet<ProcessLoad> processes = new TreeSet<>(LEAST);

    /** @param tags the names of those that count */
    Site(List<String> tags) {
        this.tags = tags;
    }

    void add(ProcessLoad process) {
        processes.add(process);
    }

    /** Gives one of its members a copy of a task's state. */
    void give(MemberLoad load, TaskId task) {
        processes.remove(load.process());
        load.giveStandby(task);
        processes.add(load.process());
    }

    /** The process that has least to do and not this task; null when all have it. */
    @Nullable
    ProcessLoad firstWithout(TaskId task) {
        for (ProcessLoad process : processes) {
            if (!process.has(task)) {
                return process;
            }
        }
        return null;
    }

    /** In how many tags it differs from all these processes. */
    int distance(List<ProcessLoad> others) {
        ProcessLoad any = processes.first();
        int distance = 0;
        for (String tag : tags) {
            String own = any.tags().get(tag);
            boolean differs = own != null;
            for (ProcessLoad other : others) {
                differs &= !Objects.equals(own, other.tags().get(tag));
            }
            distance += differs ? 1 : 0;
        }
        return distance;
    }
}
