package io.sluice.coordinator.api;

/**
 * A group as ListGroups tells of it.
 *
 * @param state as on the wire: {@code Stable}
 */
public record ListedGroup(String groupId, String protocolType, String state) {}
