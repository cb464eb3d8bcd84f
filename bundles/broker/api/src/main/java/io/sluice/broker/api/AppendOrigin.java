package io.sluice.broker.api;

/** Who appends, which decides what is checked. */
public enum AppendOrigin {
    /** A client: everything is checked. */
    CLIENT,
    /** A coordinator of this broker: offsets and epochs are assigned, producers are not tracked. */
    COORDINATOR
}
