package io.sluice.cluster.api.config;

/** When a changed value begins to hold. */
public enum Effect {
    LIVE,
    NEW_CONNECTIONS,
    NEW_SEGMENTS,
    NEW_TOPICS,
    RESTART,
    /** Kafka's key, taken so that Kafka's own files can be used; nothing here obeys it yet, which the broker says. */
    NONE
}
