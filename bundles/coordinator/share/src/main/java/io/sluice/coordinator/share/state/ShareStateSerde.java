package io.sluice.coordinator.share.state;

import io.sluice.coordinator.runtime.RecordSerde;
import io.sluice.protocol.MalformedMessageException;
import io.sluice.protocol.Message;
import io.sluice.protocol.MessageReader;
import io.sluice.protocol.MessageWriter;
import io.sluice.protocol.OutboundPart;
import io.sluice.protocol.share.ShareSnapshotKey;
import io.sluice.protocol.share.ShareSnapshotValue;
import io.sluice.protocol.share.ShareUpdateKey;
import io.sluice.protocol.share.ShareUpdateValue;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Kafka's format: a key is the record type in two bytes and its message, a value its version in two bytes and its message. */
public final class ShareStateSerde implements RecordSerde<ShareStateRecord> {
    private static final short SNAPSHOT = 0;
    private static final short UPDATE = 1;
    private static final short VERSION = 0;

    @Override
    public ByteBuffer key(ShareStateRecord record) {
        SharePartitionKey key = record.key();
        if (record instanceof ShareStateRecord.Snapshot) {
            return encode(
                    SNAPSHOT,
                    new ShareSnapshotKey()
                            .setGroupId(key.groupId())
                            .setTopicId(key.topicId())
                            .setPartition(key.partition()));
        }
        return encode(
                UPDATE,
                new ShareUpdateKey()
                        .setGroupId(key.groupId())
                        .setTopicId(key.topicId())
                        .setPartition(key.partition()));
    }

    @Override
    public @Nullable ByteBuffer value(ShareStateRecord record) {
        if (record instanceof ShareStateRecord.Snapshot snapshot) {
            return snapshot.state() == null ? null : encode(VERSION, snapshot(snapshot.state()));
        }
        if (record instanceof ShareStateRecord.Update update) {
            return encode(VERSION, update(update));
        }
        throw new IllegalArgumentException("not a record of share groups' state: " + record);
    }

    private static ShareSnapshotValue snapshot(ShareState state) {
        List<ShareSnapshotValue.StateBatch> batches =
                new ArrayList<>(state.batches().size());
        for (StateBatch batch : state.batches()) {
            batches.add(new ShareSnapshotValue.StateBatch()
                    .setFirstOffset(batch.firstOffset())
                    .setLastOffset(batch.lastOffset())
                    .setDeliveryState(batch.deliveryState())
                    .setDeliveryCount(batch.deliveryCount()));
        }
        return new ShareSnapshotValue()
                .setSnapshotEpoch(state.snapshotEpoch())
                .setStateEpoch(state.stateEpoch())
                .setLeaderEpoch(state.leaderEpoch())
                .setStartOffset(state.startOffset())
                .setDeliveryCompleteCount(state.deliveryCompleteCount())
                .setCreateTimestamp(state.createTimestampMs())
                .setWriteTimestamp(state.writeTimestampMs())
                .setStateBatches(batches);
    }

    private static ShareUpdateValue update(ShareStateRecord.Update update) {
        List<ShareUpdateValue.StateBatch> batches =
                new ArrayList<>(update.batches().size());
        for (StateBatch batch : update.batches()) {
            batches.add(new ShareUpdateValue.StateBatch()
                    .setFirstOffset(batch.firstOffset())
                    .setLastOffset(batch.lastOffset())
                    .setDeliveryState(batch.deliveryState())
                    .setDeliveryCount(batch.deliveryCount()));
        }
        return new ShareUpdateValue()
                .setSnapshotEpoch(update.snapshotEpoch())
                .setLeaderEpoch(update.leaderEpoch())
                .setStartOffset(update.startOffset())
                .setDeliveryCompleteCount(update.deliveryCompleteCount())
                .setStateBatches(batches);
    }

    private static ByteBuffer encode(short prefix, Message message) {
        MessageWriter out = new MessageWriter();
        out.writeInt16(prefix);
        message.write(out, VERSION);
        if (out.finish().parts().get(0) instanceof OutboundPart.Bytes bytes) {
            return bytes.buffer();
        }
        throw new IllegalStateException("a record without bytes");
    }

    @Override
    public @Nullable ShareStateRecord read(ByteBuffer key, @Nullable ByteBuffer value) {
        MessageReader in = new MessageReader(key);
        short type = in.readInt16("type");
        switch (type) {
            case SNAPSHOT -> {
                ShareSnapshotKey message = new ShareSnapshotKey();
                message.read(in, VERSION);
                SharePartitionKey of = new SharePartitionKey(message.groupId(), message.topicId(), message.partition());
                return new ShareStateRecord.Snapshot(of, value == null ? null : readSnapshot(value));
            }
            case UPDATE -> {
                ShareUpdateKey message = new ShareUpdateKey();
                message.read(in, VERSION);
                SharePartitionKey of = new SharePartitionKey(message.groupId(), message.topicId(), message.partition());
                return value == null ? null : readUpdate(of, value);
            }
            default -> {
                return null;
            }
        }
    }

    private static ShareState readSnapshot(ByteBuffer value) {
        ShareSnapshotValue message = read(value, new ShareSnapshotValue());
        List<StateBatch> batches = new ArrayList<>(message.stateBatches().size());
        for (ShareSnapshotValue.StateBatch batch : message.stateBatches()) {
            batches.add(batch(batch.firstOffset(), batch.lastOffset(), batch.deliveryState(), batch.deliveryCount()));
        }
        return new ShareState(
                message.snapshotEpoch(),
                message.stateEpoch(),
                message.leaderEpoch(),
                message.startOffset(),
                message.deliveryCompleteCount(),
                message.createTimestamp(),
                message.writeTimestamp(),
                batches);
    }

    private static ShareStateRecord.Update readUpdate(SharePartitionKey key, ByteBuffer value) {
        ShareUpdateValue message = read(value, new ShareUpdateValue());
        List<StateBatch> batches = new ArrayList<>(message.stateBatches().size());
        for (ShareUpdateValue.StateBatch batch : message.stateBatches()) {
            batches.add(batch(batch.firstOffset(), batch.lastOffset(), batch.deliveryState(), batch.deliveryCount()));
        }
        return new ShareStateRecord.Update(
                key,
                message.snapshotEpoch(),
                message.leaderEpoch(),
                message.startOffset(),
                message.deliveryCompleteCount(),
                batches);
    }

    private static StateBatch batch(long first, long last, byte state, short count) {
        if (last < first) {
            throw new MalformedMessageException("a batch of states from " + first + " to " + last);
        }
        return new StateBatch(first, last, state, count);
    }

    private static <M extends Message> M read(ByteBuffer value, M message) {
        MessageReader in = new MessageReader(value);
        short version = in.readInt16("version");
        if (version > message.highestSupportedVersion()) {
            throw new MalformedMessageException("a value of version " + version + ", which is newer than this broker");
        }
        message.read(in, version);
        return message;
    }
}
