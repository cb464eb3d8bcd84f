package io.sluice.coordinator.share.group;

/** Who sends a heartbeat: what the group remembers of a member's client. */
public record ClientContext(String clientId, String host) {}
