package io.sluice.coordinator.group.record;

import io.sluice.protocol.group.ConsumerGroupCurrentMemberAssignmentValue;
import io.sluice.protocol.group.ConsumerGroupMemberMetadataValue;
import io.sluice.protocol.group.ConsumerGroupMetadataValue;
import io.sluice.protocol.group.ConsumerGroupRegularExpressionValue;
import io.sluice.protocol.group.ConsumerGroupTargetAssignmentMemberValue;
import io.sluice.protocol.group.ConsumerGroupTargetAssignmentMetadataValue;
import org.jspecify.annotations.Nullable;

/** A part of a group of the consumer protocol (KIP-848); a null value removes it. Values are not changed any more. */
public sealed interface ConsumerGroupRecord extends GroupRecord {
    /** True when the part is removed. */
    boolean isTombstone();

    /** The group's epoch; without it there is no group. */
    record Epoch(String groupId, @Nullable ConsumerGroupMetadataValue value) implements ConsumerGroupRecord {
        @Override
        public boolean isTombstone() {
            return value == null;
        }
    }

    /** What a member says of itself. */
    record Member(String groupId, String memberId, @Nullable ConsumerGroupMemberMetadataValue value)
            implements ConsumerGroupRecord {
        @Override
        public boolean isTombstone() {
            return value == null;
        }
    }

    /** The epoch of the target assignment. */
    record TargetEpoch(String groupId, @Nullable ConsumerGroupTargetAssignmentMetadataValue value)
            implements ConsumerGroupRecord {
        @Override
        public boolean isTombstone() {
            return value == null;
        }
    }

    /** What a member is to have. */
    record Target(String groupId, String memberId, @Nullable ConsumerGroupTargetAssignmentMemberValue value)
            implements ConsumerGroupRecord {
        @Override
        public boolean isTombstone() {
            return value == null;
        }
    }

    /** What a member has. */
    record Current(
            String groupId, String memberId, @Nullable ConsumerGroupCurrentMemberAssignmentValue value)
            implements ConsumerGroupRecord {
        @Override
        public boolean isTombstone() {
            return value == null;
        }
    }

    /** The topics that a regular expression stands for. */
    record Regex(String groupId, String regex, @Nullable ConsumerGroupRegularExpressionValue value)
            implements ConsumerGroupRecord {
        @Override
        public boolean isTombstone() {
            return value == null;
        }
    }
}
