package io.sluice.cluster.api;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A feature whose level the cluster agrees on (KIP-584), with the levels that this version works at: those of Kafka 4.4. A level of 0
 * says that the feature is off.
 */
public enum Feature {
    METADATA_VERSION("metadata.version", 7, 33),
    ELIGIBLE_LEADER_REPLICAS("eligible.leader.replicas.version", 0, 1),
    GROUP("group.version", 0, 1),
    KRAFT("kraft.version", 0, 1),
    SHARE("share.version", 0, 2),
    STREAMS("streams.version", 0, 1),
    TRANSACTION("transaction.version", 0, 2);

    /** From 4.0-IV1 on the metadata have eligible leader replicas. */
    private static final short FIRST_WITH_ELIGIBLE_REPLICAS = 23;

    /** Levels of {@code metadata.version} that brought new records or fields: what they hold would be lost below them. */
    private static final Set<Integer> CHANGED_METADATA = Set.of(7, 8, 11, 13, 14, 15, 17, 23, 30, 32, 33);

    private final String featureName;
    private final short lowest;
    private final short highest;

    Feature(String featureName, int lowest, int highest) {
        this.featureName = featureName;
        this.lowest = (short) lowest;
        this.highest = (short) highest;
    }

    /** As the protocol names it. */
    public String featureName() {
        return featureName;
    }

    public short lowest() {
        return lowest;
    }

    /** The level that a new cluster begins at. */
    public short highest() {
        return highest;
    }

    /** The level of {@code metadata.version} that a level of this feature needs; 0 when it needs none. */
    public short neededMetadataVersion(short level) {
        return this == ELIGIBLE_LEADER_REPLICAS && level > 0 ? FIRST_WITH_ELIGIBLE_REPLICAS : 0;
    }

    /** Whether metadata of a {@code metadata.version} may hold what a lower one cannot. */
    public static boolean isMetadataLost(short from, short to) {
        for (int level = from; level > to; level--) {
            if (CHANGED_METADATA.contains(level)) {
                return true;
            }
        }
        return false;
    }

    /** @return null when this version knows no such feature */
    public static @Nullable Feature of(String name) {
        for (Feature feature : values()) {
            if (feature.featureName.equals(name)) {
                return feature;
            }
        }
        return null;
    }
}
