package io.sluice.coordinator.group.record;

import io.sluice.base.TopicPartition;
import org.jspecify.annotations.Nullable;

/** A committed offset, or with a null value its removal. */
public record OffsetRecord(
        String groupId, TopicPartition partition, @Nullable CommittedOffset value) implements GroupRecord {}
