package io.sluice.coordinator.streams.task;

/** One task: a partition of what a subtopology reads. */
public record TaskId(String subtopologyId, int partition) implements Comparable<TaskId> {
    @Override
    public int compareTo(TaskId other) {
        int bySubtopology = subtopologyId.compareTo(other.subtopologyId);
        return bySubtopology != 0 ? bySubtopology : Integer.compare(partition, other.partition);
    }

    @Override
    public String toString() {
        return subtopologyId + "_" + partition;
    }
}
