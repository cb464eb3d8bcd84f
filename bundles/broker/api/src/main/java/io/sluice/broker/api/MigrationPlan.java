package io.sluice.broker.api;

import java.util.List;

/**
 * What moving a topic would mean. Nothing is begun by it.
 *
 * @param bytes that would be copied, as the logs stand
 * @param isTargetDurable whether the target keeps its records when the process ends
 * @param steps what would happen, a sentence each
 */
public record MigrationPlan(
        String topic, String target, int partitions, long bytes, boolean isTargetDurable, List<String> steps) {
    public MigrationPlan {
        steps = List.copyOf(steps);
    }
}
