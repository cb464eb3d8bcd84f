package io.sluice.broker.api;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Moves topics from one storage engine to another while they are written and read. A service of the kernel's, for the faces of
 * administration. Methods may wait for a disk; they return when what was asked for is kept durably, and the work goes on in the
 * background, over restarts too. A topic is named by its name; all of its partitions on this broker are meant.
 *
 * <p>Each partition goes its own way: the log is copied and compared, takes over under a new leader epoch, and the old copy is kept in
 * step until {@link #finalise} or {@link #rollback}.
 */
@ProviderType
public interface EngineMigrations {
    MigrationPlan plan(String topic, String engine) throws MigrationException;

    /**
     * Begins, or goes on with partitions that are not there yet.
     *
     * @param bytesPerSecond the most that is copied, of all partitions together; 0 for no limit
     * @param toVolatile whether an engine is meant that forgets its records when the process ends
     */
    void start(String topic, String engine, long bytesPerSecond, boolean toVolatile) throws MigrationException;

    void throttle(String topic, long bytesPerSecond) throws MigrationException;

    /** Copies nothing until it is resumed; what serves goes on serving. */
    void pause(String topic) throws MigrationException;

    /** Goes on; what failed begins anew. */
    void resume(String topic) throws MigrationException;

    /** Gives up before any partition has moved, and deletes the new copies. */
    void abort(String topic) throws MigrationException;

    /** Brings the partitions that have moved back to the old engine, and deletes the new copies. */
    void rollback(String topic) throws MigrationException;

    /** Keeps the topic where it is, once all of it has moved, and deletes the old copies: there is no way back then. */
    void finalise(String topic) throws MigrationException;

    /** The partitions of this broker that are being moved, in the order of their names. */
    List<MigrationStatus> statuses();
}
