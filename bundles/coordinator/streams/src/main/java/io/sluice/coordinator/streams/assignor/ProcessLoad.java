package io.sluice.coordinator.streams.assignor;

import io.sluice.coordinator.streams.task.TaskId;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;

/** What the members of one process have been given so far. */
final class ProcessLoad {
    private static final Comparator<MemberLoad> LEAST = Comparator.comparingInt(MemberLoad::count)
            .thenComparing(load -> load.member().memberId());

    private final String processId;
    private final Map<String, String> tags;
    private final NavigableSet<MemberLoad> members = new TreeSet<>(LEAST);
    private final Set<TaskId> tasks = new HashSet<>();

    ProcessLoad(String processId, Map<String, String> tags) {
        this.processId = processId;
        this.tags = tags;
    }

    String processId() {
        return processId;
    }

    Map<String, String> tags() {
        return tags;
    }

    MemberLoad add(Candidate member) {
        MemberLoad load = new MemberLoad(member, this);
        members.add(load);
        return load;
    }

    int members() {
        return members.size();
    }

    /** Gives a task to one of the members, among those that it has in one role. */
    void give(MemberLoad member, Set<TaskId> role, TaskId task) {
        members.remove(member);
        role.add(task);
        members.add(member);
        tasks.add(task);
    }

    /** What the members have, in any role. */
    Set<TaskId> tasks() {
        return tasks;
    }

    boolean has(TaskId task) {
        return tasks.contains(task);
    }

    /** Tasks for each member. */
    double load() {
        return (double) tasks.size() / members.size();
    }

    MemberLoad leastLoaded() {
        return members.first();
    }
}
