package io.sluice.coordinator.group.record;

/** One record of {@code __consumer_offsets}. */
public sealed interface GroupRecord permits OffsetRecord, GroupMetadataRecord, ConsumerGroupRecord, ForeignRecord {
    String groupId();
}
