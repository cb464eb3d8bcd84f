package io.sluice.coordinator.group.record;

import io.sluice.protocol.Message;
import io.sluice.protocol.MessageReader;
import io.sluice.protocol.group.ConsumerGroupCurrentMemberAssignmentKey;
import io.sluice.protocol.group.ConsumerGroupCurrentMemberAssignmentValue;
import io.sluice.protocol.group.ConsumerGroupMemberMetadataKey;
import io.sluice.protocol.group.ConsumerGroupMemberMetadataValue;
import io.sluice.protocol.group.ConsumerGroupMetadataKey;
import io.sluice.protocol.group.ConsumerGroupMetadataValue;
import io.sluice.protocol.group.ConsumerGroupRegularExpressionKey;
import io.sluice.protocol.group.ConsumerGroupRegularExpressionValue;
import io.sluice.protocol.group.ConsumerGroupTargetAssignmentMemberKey;
import io.sluice.protocol.group.ConsumerGroupTargetAssignmentMemberValue;
import io.sluice.protocol.group.ConsumerGroupTargetAssignmentMetadataKey;
import io.sluice.protocol.group.ConsumerGroupTargetAssignmentMetadataValue;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The keys and values of the consumer protocol's records, all of version 0. */
final class ConsumerGroupRecordFormat {
    private static final short EPOCH = 3;
    private static final short MEMBER = 5;
    private static final short TARGET_EPOCH = 6;
    private static final short TARGET = 7;
    private static final short CURRENT = 8;
    private static final short REGEX = 16;

    private static final short VERSION = 0;

    private ConsumerGroupRecordFormat() {}

    static boolean knows(short type) {
        return switch (type) {
            case EPOCH, MEMBER, TARGET_EPOCH, TARGET, CURRENT, REGEX -> true;
            default -> false;
        };
    }

    static ByteBuffer key(ConsumerGroupRecord record) {
        String groupId = record.groupId();
        if (record instanceof ConsumerGroupRecord.Epoch) {
            return key(EPOCH, new ConsumerGroupMetadataKey().setGroupId(groupId));
        } else if (record instanceof ConsumerGroupRecord.Member member) {
            return key(
                    MEMBER,
                    new ConsumerGroupMemberMetadataKey().setGroupId(groupId).setMemberId(member.memberId()));
        } else if (record instanceof ConsumerGroupRecord.TargetEpoch) {
            return key(TARGET_EPOCH, new ConsumerGroupTargetAssignmentMetadataKey().setGroupId(groupId));
        } else if (record instanceof ConsumerGroupRecord.Target target) {
            return key(
                    TARGET,
                    new ConsumerGroupTargetAssignmentMemberKey()
                            .setGroupId(groupId)
                            .setMemberId(target.memberId()));
        } else if (record instanceof ConsumerGroupRecord.Current current) {
            return key(
                    CURRENT,
                    new ConsumerGroupCurrentMemberAssignmentKey()
                            .setGroupId(groupId)
                            .setMemberId(current.memberId()));
        } else if (record instanceof ConsumerGroupRecord.Regex regex) {
            return key(
                    REGEX,
                    new ConsumerGroupRegularExpressionKey().setGroupId(groupId).setRegularExpression(regex.regex()));
        }
        throw new IllegalArgumentException("not a record of this protocol: " + record);
    }

    private static ByteBuffer key(short type, Message message) {
        return GroupRecordSerde.encode(type, message, VERSION);
    }

    static @Nullable ByteBuffer value(ConsumerGroupRecord record) {
        Message message = message(record);
        return message == null ? null : GroupRecordSerde.encode(VERSION, message, VERSION);
    }

    private static @Nullable Message message(ConsumerGroupRecord record) {
        if (record instanceof ConsumerGroupRecord.Epoch epoch) {
            return epoch.value();
        } else if (record instanceof ConsumerGroupRecord.Member member) {
            return member.value();
        } else if (record instanceof ConsumerGroupRecord.TargetEpoch epoch) {
            return epoch.value();
        } else if (record instanceof ConsumerGroupRecord.Target target) {
            return target.value();
        } else if (record instanceof ConsumerGroupRecord.Current current) {
            return current.value();
        } else if (record instanceof ConsumerGroupRecord.Regex regex) {
            return regex.value();
        }
        throw new IllegalArgumentException("not a record of this protocol: " + record);
    }

    /** Reads a record of a type that is known here; the type has been taken from the key. */
    static ConsumerGroupRecord read(short type, MessageReader in, @Nullable ByteBuffer value) {
        switch (type) {
            case EPOCH -> {
                ConsumerGroupMetadataKey key = new ConsumerGroupMetadataKey();
                key.read(in, VERSION);
                return new ConsumerGroupRecord.Epoch(key.groupId(), read(value, new ConsumerGroupMetadataValue()));
            }
            case MEMBER -> {
                ConsumerGroupMemberMetadataKey key = new ConsumerGroupMemberMetadataKey();
                key.read(in, VERSION);
                return new ConsumerGroupRecord.Member(
                        key.groupId(), key.memberId(), read(value, new ConsumerGroupMemberMetadataValue()));
            }
            case TARGET_EPOCH -> {
                ConsumerGroupTargetAssignmentMetadataKey key = new ConsumerGroupTargetAssignmentMetadataKey();
                key.read(in, VERSION);
                return new ConsumerGroupRecord.TargetEpoch(
                        key.groupId(), read(value, new ConsumerGroupTargetAssignmentMetadataValue()));
            }
            case TARGET -> {
                ConsumerGroupTargetAssignmentMemberKey key = new ConsumerGroupTargetAssignmentMemberKey();
                key.read(in, VERSION);
                return new ConsumerGroupRecord.Target(
                        key.groupId(), key.memberId(), read(value, new ConsumerGroupTargetAssignmentMemberValue()));
            }
            case CURRENT -> {
                ConsumerGroupCurrentMemberAssignmentKey key = new ConsumerGroupCurrentMemberAssignmentKey();
                key.read(in, VERSION);
                return new ConsumerGroupRecord.Current(
                        key.groupId(), key.memberId(), read(value, new ConsumerGroupCurrentMemberAssignmentValue()));
            }
            case REGEX -> {
                ConsumerGroupRegularExpressionKey key = new ConsumerGroupRegularExpressionKey();
                key.read(in, VERSION);
                return new ConsumerGroupRecord.Regex(
                        key.groupId(), key.regularExpression(), read(value, new ConsumerGroupRegularExpressionValue()));
            }
            default -> throw new IllegalArgumentException("not a type of this protocol: " + type);
        }
    }

    private static <M extends Message> @Nullable M read(@Nullable ByteBuffer value, M message) {
        return value == null ? null : GroupRecordSerde.read(value, message);
    }
}
