package io.sluice.broker.kernel.migration;

import io.sluice.base.TopicIdPartition;

/**
 * What is kept durably of one partition's move.
 *
 * @param source the engine that the partition comes from
 * @param target the engine that it goes to
 * @param paused nothing is copied until it is resumed
 * @param bytesPerSecond the most that is copied, of all the topic's partitions together; 0 for no limit
 * @param isTargetVolatile whether the target forgets everything when the process ends
 * @param verifiedOffset below it the copy was compared with the log that serves; -1 when the copy is worth nothing
 * @param problem why the copy failed; empty when it did not
 */
public record MigrationRecord(
        TopicIdPartition partition,
        String source,
        String target,
        MigrationPhase phase,
        boolean paused,
        long bytesPerSecond,
        boolean isTargetVolatile,
        long verifiedOffset,
        String problem) {
    /** The engine that serves. */
    public String active() {
        return phase.isOnTarget() ? target : source;
    }

    /** The engine that does not. */
    public String standby() {
        return phase.isOnTarget() ? source : target;
    }

    public MigrationRecord in(MigrationPhase next) {
        return new MigrationRecord(
                partition, source, target, next, paused, bytesPerSecond, isTargetVolatile, verifiedOffset, problem);
    }

    public MigrationRecord pausedAs(boolean pause) {
        return new MigrationRecord(
                partition, source, target, phase, pause, bytesPerSecond, isTargetVolatile, verifiedOffset, problem);
    }

    public MigrationRecord throttledTo(long limit) {
        return new MigrationRecord(
                partition, source, target, phase, paused, limit, isTargetVolatile, verifiedOffset, problem);
    }

    public MigrationRecord verifiedTo(long offset) {
        return new MigrationRecord(
                partition, source, target, phase, paused, bytesPerSecond, isTargetVolatile, offset, problem);
    }

    public MigrationRecord because(String why) {
        return new MigrationRecord(
                partition, source, target, phase, paused, bytesPerSecond, isTargetVolatile, verifiedOffset, why);
    }
}
