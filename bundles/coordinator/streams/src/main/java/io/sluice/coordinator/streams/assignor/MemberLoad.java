package io.sluice.coordinator.streams.assignor;

import io.sluice.coordinator.streams.task.TaskId;
import io.sluice.coordinator.streams.task.Tasks;
import java.util.Set;
import java.util.TreeSet;

/** What one member has been given so far. */
final class MemberLoad {
    private final Candidate member;
    private final ProcessLoad process;
    private final Set<TaskId> active = new TreeSet<>();
    private final Set<TaskId> standby = new TreeSet<>();

    MemberLoad(Candidate member, ProcessLoad process) {
        this.member = member;
        this.process = process;
    }

    Candidate member() {
        return member;
    }

    ProcessLoad process() {
        return process;
    }

    int count() {
        return active.size() + standby.size();
    }

    int activeCount() {
        return active.size();
    }

    void giveActive(TaskId task) {
        process.give(this, active, task);
    }

    void giveStandby(TaskId task) {
        process.give(this, standby, task);
    }

    Tasks tasks() {
        return Tasks.of(active, standby, Set.of());
    }
}
