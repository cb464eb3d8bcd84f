package io.sluice.coordinator.streams.assignor;

import io.sluice.coordinator.streams.task.TaskId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the members of one process have been given so far. */
final class ProcessLoad {
    private static final Comparator<MemberLoad> LEAST = Comparator.comparingInt(MemberLoad::count)
            .thenComparing(load -> load.member().memberId());

    private final String processId;
    private final Map<String, String> tags;
    private final List<MemberLoad> members = new ArrayList<>();
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

    void took(TaskId task) {
        tasks.add(task);
    }

    /** Whether one of the members has the task, in any role. */
    boolean has(TaskId task) {
        return tasks.contains(task);
    }

    /** Tasks for each member. */
    double load() {
        return (double) tasks.size() / members.size();
    }

    MemberLoad leastLoaded() {
        return members.stream().min(LEAST).orElseThrow();
    }
}
