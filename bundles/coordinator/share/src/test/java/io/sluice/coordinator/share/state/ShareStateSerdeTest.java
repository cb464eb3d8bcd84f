package io.sluice.coordinator.share.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.Uuid;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.coordinator.share.generated.ShareSnapshotKey;
import org.apache.kafka.coordinator.share.generated.ShareSnapshotValue;
import org.apache.kafka.coordinator.share.generated.ShareUpdateValue;
import org.junit.jupiter.api.Test;

class ShareStateSerdeTest {
    private static final SharePartitionKey KEY = new SharePartitionKey("group", new Uuid(5L, 7L), 3);

    private final ShareStateSerde serde = new ShareStateSerde();

    @Test
    void shouldWriteSnapshotsAsKafkaReadsThem() {
        ShareState state =
                new ShareState(2, 4, 6, 10L, 5, 100L, 200L, List.of(new StateBatch(10L, 14L, (byte) 2, (short) 1)));
        ShareStateRecord record = new ShareStateRecord.Snapshot(KEY, state);

        ByteBuffer key = serde.key(record);
        assertThat(key.getShort()).isEqualTo((short) 0);
        ShareSnapshotKey kafkaKey = new ShareSnapshotKey(new ByteBufferAccessor(key), (short) 0);
        assertThat(kafkaKey.groupId()).isEqualTo("group");
        assertThat(kafkaKey.topicId().getLeastSignificantBits()).isEqualTo(7L);
        assertThat(kafkaKey.partition()).isEqualTo(3);

        ByteBuffer value = java.util.Objects.requireNonNull(serde.value(record));
        assertThat(value.getShort()).isEqualTo((short) 0);
        ShareSnapshotValue kafkaValue = new ShareSnapshotValue(new ByteBufferAccessor(value), (short) 0);
        assertThat(kafkaValue.snapshotEpoch()).isEqualTo(2);
        assertThat(kafkaValue.stateEpoch()).isEqualTo(4);
        assertThat(kafkaValue.leaderEpoch()).isEqualTo(6);
        assertThat(kafkaValue.startOffset()).isEqualTo(10L);
        assertThat(kafkaValue.deliveryCompleteCount()).isEqualTo(5);
        assertThat(kafkaValue.createTimestamp()).isEqualTo(100L);
        assertThat(kafkaValue.writeTimestamp()).isEqualTo(200L);
        assertThat(kafkaValue.stateBatches())
                .containsExactly(new ShareSnapshotValue.StateBatch()
                        .setFirstOffset(10L)
                        .setLastOffset(14L)
                        .setDeliveryState((byte) 2)
                        .setDeliveryCount((short) 1));
    }

    @Test
    void shouldWriteUpdatesAsKafkaReadsThem() {
        ShareStateRecord record =
                new ShareStateRecord.Update(KEY, 2, 6, -1L, -1, List.of(new StateBatch(10L, 14L, (byte) 4, (short) 5)));
        assertThat(serde.key(record).getShort()).isEqualTo((short) 1);
        ByteBuffer value = java.util.Objects.requireNonNull(serde.value(record));
        assertThat(value.getShort()).isEqualTo((short) 0);
        ShareUpdateValue kafkaValue = new ShareUpdateValue(new ByteBufferAccessor(value), (short) 0);
        assertThat(kafkaValue.snapshotEpoch()).isEqualTo(2);
        assertThat(kafkaValue.startOffset()).isEqualTo(-1L);
        assertThat(kafkaValue.stateBatches()).hasSize(1);
    }

    @Test
    void shouldReadWhatItWrites() {
        ShareState state =
                new ShareState(2, 4, 6, 10L, 5, 100L, 200L, List.of(new StateBatch(10L, 14L, (byte) 2, (short) 1)));
        for (ShareStateRecord record : List.of(
                new ShareStateRecord.Snapshot(KEY, state),
                new ShareStateRecord.Snapshot(KEY, null),
                new ShareStateRecord.Update(KEY, 2, 6, 11L, 3, state.batches()))) {
            assertThat(serde.read(serde.key(record), serde.value(record))).isEqualTo(record);
        }
    }

    @Test
    void shouldPassOverRecordsOfOtherTypes() {
        assertThat(serde.read(ByteBuffer.allocate(8).putShort(0, (short) 9), null))
                .isNull();
    }
}
