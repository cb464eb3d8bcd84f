package io.sluice.broker.kernel.migration;

import java.util.Locale;

/**
 * Where the move of one partition stands.
 *
 * <pre>
 *   COPYING --cut over--> FOLLOWING --finalise--> FINALISING --the old copy is gone--> (end)
 *    |   ^                   |
 *    |   | resume            | rollback
 *    v   |                   v
 *   FAILED --abort--> ABORTING <--cut over-- RETURNING
 *                        | the new copy is gone
 *                        v
 *                      (end)
 * </pre>
 */
public enum MigrationPhase {
    /** The source serves; the target is filled, and takes over once it is in step. */
    COPYING(false),
    /** The target serves; the source is kept in step, so that there is a way back. */
    FOLLOWING(true),
    /** The target serves; the source takes over again once it is in step. */
    RETURNING(true),
    /** The target serves for good; the source's copy is to be deleted. */
    FINALISING(true),
    /** The source serves; the target's copy could not be made and is to be deleted; it waits to be told what to do. */
    FAILED(false),
    /** The source serves for good; the target's copy is to be deleted. */
    ABORTING(false);

    private final boolean onTarget;

    MigrationPhase(boolean onTarget) {
        this.onTarget = onTarget;
    }

    /** Whether the target serves. */
    public boolean isOnTarget() {
        return onTarget;
    }

    /** Whether the engine that does not serve has a copy that is kept in step. */
    public boolean hasCopy() {
        return this == COPYING || this == FOLLOWING || this == RETURNING;
    }

    /** Whether the copy is to take over. */
    public boolean wantsCutOver() {
        return this == COPYING || this == RETURNING;
    }

    /** For people. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
