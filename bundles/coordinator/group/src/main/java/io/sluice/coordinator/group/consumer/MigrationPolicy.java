package io.sluice.coordinator.group.consumer;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Whether groups with members may change between the classic and the consumer protocol ({@code group.consumer.migration.policy}). */
public enum MigrationPolicy {
    DISABLED(false, false),
    DOWNGRADE(false, true),
    UPGRADE(true, false),
    BIDIRECTIONAL(true, true);

    private final boolean upgrades;
    private final boolean downgrades;

    MigrationPolicy(boolean upgrades, boolean downgrades) {
        this.upgrades = upgrades;
        this.downgrades = downgrades;
    }

    boolean upgrades() {
        return upgrades;
    }

    boolean downgrades() {
        return downgrades;
    }

    /** The policy of that name in any case; Kafka's default when there is none. */
    public static MigrationPolicy of(@Nullable String name) {
        for (MigrationPolicy policy : values()) {
            if (name != null && policy.name().equals(name.trim().toUpperCase(Locale.ROOT))) {
                return policy;
            }
        }
        return BIDIRECTIONAL;
    }
}
