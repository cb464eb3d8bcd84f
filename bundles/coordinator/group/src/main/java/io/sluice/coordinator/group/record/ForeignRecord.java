package io.sluice.coordinator.group.record;

import io.sluice.coordinator.api.KindRecord;

/** A record of a group of a kind that another bundle brings. As long as that is not installed, it only reserves the group's id. */
public record ForeignRecord(String groupId, KindRecord record) implements GroupRecord {}
