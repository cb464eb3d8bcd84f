package io.sluice.coordinator.group.record;

import io.sluice.base.TopicPartition;
import io.sluice.coordinator.api.KindRecord;
import io.sluice.coordinator.runtime.RecordSerde;
import io.sluice.protocol.MalformedMessageException;
import io.sluice.protocol.Message;
import io.sluice.protocol.MessageReader;
import io.sluice.protocol.MessageWriter;
import io.sluice.protocol.OutboundPart;
import io.sluice.protocol.group.GroupMetadataKey;
import io.sluice.protocol.group.GroupMetadataValue;
import io.sluice.protocol.group.LegacyOffsetCommitKey;
import io.sluice.protocol.group.OffsetCommitKey;
import io.sluice.protocol.group.OffsetCommitValue;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Kafka's format: a key is the record type in two bytes and the key's message, a value its version in two bytes and its message.
 *
 * <p>Values are written in the versions that Kafka 4.4 writes: offsets in 4, or in 1 when they carry a time of expiry; group metadata in 3.
 */
public final class GroupRecordSerde implements RecordSerde<GroupRecord> {
    private static final short LEGACY_OFFSET = 0;
    private static final short OFFSET = 1;
    private static final short GROUP_METADATA = 2;
    private static final short CONSUMER_PARTITION_METADATA = 4;

    private static final short KEY_VERSION = 0;
    private static final short OFFSET_VALUE_VERSION = 4;
    private static final short OFFSET_VALUE_VERSION_WITH_EXPIRY = 1;
    private static final short GROUP_METADATA_VALUE_VERSION = 3;

    @Override
    public ByteBuffer key(GroupRecord record) {
        if (record instanceof OffsetRecord offset) {
            return encode(
                    OFFSET,
                    new OffsetCommitKey()
                            .setGroup(offset.groupId())
                            .setTopic(offset.partition().topic())
                            .setPartition(offset.partition().partition()),
                    KEY_VERSION);
        }
        if (record instanceof GroupMetadataRecord metadata) {
            return encode(GROUP_METADATA, new GroupMetadataKey().setGroup(metadata.groupId()), KEY_VERSION);
        }
        if (record instanceof ConsumerGroupRecord consumer) {
            return ConsumerGroupRecordFormat.key(consumer);
        }
        if (record instanceof ForeignRecord foreign) {
            return foreign.record().key().duplicate();
        }
        throw new IllegalArgumentException("not ours to write: " + record);
    }

    @Override
    public @Nullable ByteBuffer value(GroupRecord record) {
        if (record instanceof OffsetRecord offset) {
            return offset.value() == null ? null : value(offset.value());
        }
        if (record instanceof GroupMetadataRecord metadata) {
            return metadata.value() == null
                    ? null
                    : encode(GROUP_METADATA_VALUE_VERSION, metadata.value(), GROUP_METADATA_VALUE_VERSION);
        }
        if (record instanceof ConsumerGroupRecord consumer) {
            return ConsumerGroupRecordFormat.value(consumer);
        }
        if (record instanceof ForeignRecord foreign) {
            ByteBuffer value = foreign.record().value();
            return value == null ? null : value.duplicate();
        }
        throw new IllegalArgumentException("not ours to write: " + record);
    }

    private static ByteBuffer value(CommittedOffset offset) {
        short version = offset.expireTimestampMs() < 0L ? OFFSET_VALUE_VERSION : OFFSET_VALUE_VERSION_WITH_EXPIRY;
        OffsetCommitValue value = new OffsetCommitValue()
                .setOffset(offset.offset())
                .setLeaderEpoch(offset.leaderEpoch())
                .setMetadata(offset.metadata())
                .setCommitTimestamp(offset.commitTimestampMs())
                .setExpireTimestamp(offset.expireTimestampMs())
                .setTopicId(offset.topicId());
        return encode(version, value, version);
    }

    static ByteBuffer encode(short prefix, Message message, short version) {
        MessageWriter out = new MessageWriter();
        out.writeInt16(prefix);
        message.write(out, version);
        if (out.finish().parts().get(0) instanceof OutboundPart.Bytes bytes) {
            return bytes.buffer();
        }
        throw new IllegalStateException("a record without bytes");
    }

    @Override
    public @Nullable GroupRecord read(ByteBuffer key, @Nullable ByteBuffer value) {
        MessageReader in = new MessageReader(key);
        short type = in.readInt16("type");
        switch (type) {
            case LEGACY_OFFSET -> {
                LegacyOffsetCommitKey message = new LegacyOffsetCommitKey();
                message.read(in, KEY_VERSION);
                return offset(message.group(), message.topic(), message.partition(), value);
            }
            case OFFSET -> {
                OffsetCommitKey message = new OffsetCommitKey();
                message.read(in, KEY_VERSION);
                return offset(message.group(), message.topic(), message.partition(), value);
            }
            case GROUP_METADATA -> {
                GroupMetadataKey message = new GroupMetadataKey();
                message.read(in, KEY_VERSION);
                return new GroupMetadataRecord(
                        message.group(), value == null ? null : read(value, new GroupMetadataValue()));
            }
            case CONSUMER_PARTITION_METADATA -> {
                // Written before Kafka 4.1; the hash in the group's epoch record has taken its place (KIP-1101).
                return null;
            }
            default -> {
                if (ConsumerGroupRecordFormat.knows(type)) {
                    return ConsumerGroupRecordFormat.read(type, in, value);
                }
                return type < 0 ? null : foreign(key, value);
            }
        }
    }

    private static OffsetRecord offset(String group, String topic, int partition, @Nullable ByteBuffer value) {
        TopicPartition topicPartition = new TopicPartition(topic, partition);
        if (value == null) {
            return new OffsetRecord(group, topicPartition, null);
        }
        OffsetCommitValue message = read(value, new OffsetCommitValue());
        CommittedOffset committed = new CommittedOffset(
                message.offset(),
                message.leaderEpoch(),
                message.metadata(),
                message.commitTimestamp(),
                message.expireTimestamp(),
                message.topicId());
        return new OffsetRecord(group, topicPartition, committed);
    }

    static <M extends Message> M read(ByteBuffer value, M message) {
        MessageReader in = new MessageReader(value);
        short version = in.readInt16("version");
        if (version > message.highestSupportedVersion()) {
            throw new MalformedMessageException("a value of version " + version + ", which is newer than this broker");
        }
        message.read(in, version);
        return message;
    }

    private static @Nullable ForeignRecord foreign(ByteBuffer key, @Nullable ByteBuffer value) {
        String groupId = groupIdOf(key);
        return groupId == null
                ? null
                : new ForeignRecord(groupId, new KindRecord(copyOf(key), value == null ? null : copyOf(value)));
    }

    private static ByteBuffer copyOf(ByteBuffer bytes) {
        ByteBuffer copy = ByteBuffer.allocate(bytes.remaining());
        return copy.put(bytes.duplicate()).flip();
    }

    /** Every key of the other types begins with the group's id; null for one that does not. */
    public static @Nullable String groupIdOf(ByteBuffer key) {
        if (key.remaining() < 2 * Short.BYTES) {
            return null;
        }
        short length = key.getShort(key.position() + Short.BYTES);
        if (length < 0 || length > key.remaining() - 2 * Short.BYTES) {
            return null;
        }
        byte[] groupId = new byte[length];
        key.get(key.position() + 2 * Short.BYTES, groupId);
        return new String(groupId, StandardCharsets.UTF_8);
    }
}
