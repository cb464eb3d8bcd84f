package io.sluice.coordinator.group.record;

import io.sluice.protocol.group.GroupMetadataValue;
import org.jspecify.annotations.Nullable;

/** A classic group as it stood after a rebalance, or with a null value its removal. The value is not changed any more. */
public record GroupMetadataRecord(String groupId, @Nullable GroupMetadataValue value) implements GroupRecord {}
