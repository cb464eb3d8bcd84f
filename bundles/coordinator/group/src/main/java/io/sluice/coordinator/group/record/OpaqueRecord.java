package io.sluice.coordinator.group.record;

import java.nio.ByteBuffer;

/** A record of a group of another type, whose coordinator is not installed: it only reserves the group's id. */
public record OpaqueRecord(String groupId, ByteBuffer key, boolean tombstone) implements GroupRecord {}
