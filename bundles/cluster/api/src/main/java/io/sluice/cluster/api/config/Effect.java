package io.sluice.cluster.api.config;

/** When a changed value begins to hold. */
public enum Effect {
    LIVE,
    NEW_CONNECTIONS,
    NEW_SEGMENTS,
    NEW_TOPICS,
    RESTART
}
