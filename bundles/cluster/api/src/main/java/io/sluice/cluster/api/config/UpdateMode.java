package io.sluice.cluster.api.config;

/** Whether and for whom a running broker's key can be altered (KIP-226). */
public enum UpdateMode {
    /** Only by the start's configuration. */
    READ_ONLY,
    /** For one broker, by its id. */
    PER_BROKER,
    /** For one broker, or as the default of all. */
    CLUSTER_WIDE
}
