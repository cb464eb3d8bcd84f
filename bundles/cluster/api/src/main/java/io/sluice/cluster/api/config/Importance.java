package io.sluice.cluster.api.config;

/** How often an operator needs a key. */
public enum Importance {
    HIGH,
    MEDIUM,
    LOW
}
