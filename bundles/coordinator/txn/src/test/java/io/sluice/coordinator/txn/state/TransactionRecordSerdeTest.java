package io.sluice.coordinator.txn.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.TopicPartition;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.coordinator.transaction.generated.TransactionLogKey;
import org.apache.kafka.coordinator.transaction.generated.TransactionLogValue;
import org.junit.jupiter.api.Test;

/** Against Kafka's own classes of the records. */
final class TransactionRecordSerdeTest {
    private final TransactionRecordSerde serde = new TransactionRecordSerde();

    private static TransactionMetadata metadata(TransactionState state, short lastEpoch) {
        return new TransactionMetadata(
                new ProducerIdentity(7L, (short) 3, lastEpoch, 5L, 9L, (short) -1),
                60_000,
                state,
                Set.of(new TopicPartition("a", 0), new TopicPartition("a", 4), new TopicPartition("b", 1)),
                1_000L,
                2_000L,
                (short) 2);
    }

    private static TransactionLogValue theirs(ByteBuffer bytes) {
        ByteBuffer copy = bytes.duplicate();
        short version = copy.getShort();
        return new TransactionLogValue(new ByteBufferAccessor(copy), version);
    }

    @Test
    void shouldBeReadByKafka() {
        TransactionRecord record = new TransactionRecord("t", metadata(TransactionState.PREPARE_COMMIT, (short) 2));

        ByteBuffer key = serde.key(record).duplicate();
        assertThat(key.getShort()).isZero();
        assertThat(new TransactionLogKey(new ByteBufferAccessor(key), (short) 0).transactionalId())
                .isEqualTo("t");
        TransactionLogValue value = theirs(java.util.Objects.requireNonNull(serde.value(record)));
        assertThat(value.producerId()).isEqualTo(7L);
        assertThat(value.previousProducerId()).isEqualTo(5L);
        assertThat(value.nextProducerId()).isEqualTo(9L);
        assertThat(value.producerEpoch()).isEqualTo((short) 3);
        assertThat(value.transactionTimeoutMs()).isEqualTo(60_000);
        assertThat(value.transactionStatus()).isEqualTo((byte) 2);
        assertThat(value.transactionStartTimestampMs()).isEqualTo(1_000L);
        assertThat(value.transactionLastUpdateTimestampMs()).isEqualTo(2_000L);
        assertThat(value.clientTransactionVersion()).isEqualTo((short) 2);
        assertThat(value.transactionPartitions()).hasSize(2);
        assertThat(value.transactionPartitions().get(0).partitionIds()).isEqualTo(List.of(0, 4));
    }

    @Test
    void shouldReadWhatItWrites() {
        for (TransactionState state : TransactionState.values()) {
            TransactionMetadata metadata = metadata(state, (short) -1);
            TransactionRecord record = new TransactionRecord("t", metadata);
            TransactionRecord read = serde.read(serde.key(record), serde.value(record));
            if (state == TransactionState.EMPTY) {
                assertThat(read).isNotNull();
                assertThat(java.util.Objects.requireNonNull(read.metadata()).partitions())
                        .isEmpty();
            } else {
                assertThat(read).isEqualTo(record);
            }
        }
        TransactionRecord remembering = new TransactionRecord("t", metadata(TransactionState.ONGOING, (short) 2));
        assertThat(serde.read(serde.key(remembering), serde.value(remembering))).isEqualTo(remembering);
        TransactionRecord forgotten = new TransactionRecord("t", null);
        assertThat(serde.value(forgotten)).isNull();
        assertThat(serde.read(serde.key(forgotten), null)).isEqualTo(forgotten);
    }

    @Test
    void shouldReadWhatKafkaWroteBeforeTransactionVersionOne() {
        TransactionLogValue old = new TransactionLogValue()
                .setProducerId(7L)
                .setProducerEpoch((short) 3)
                .setTransactionTimeoutMs(10)
                .setTransactionStatus((byte) 0)
                .setTransactionPartitions(null)
                .setTransactionLastUpdateTimestampMs(5L)
                .setTransactionStartTimestampMs(-1L);
        ByteBuffer bytes = MessageUtil.toVersionPrefixedByteBuffer((short) 0, old);

        TransactionRecord read = serde.read(serde.key(new TransactionRecord("t", null)), bytes);

        assertThat(java.util.Objects.requireNonNull(read).metadata())
                .isEqualTo(new TransactionMetadata(
                        new ProducerIdentity(7L, (short) 3, (short) -1, -1L, -1L, (short) -1),
                        10,
                        TransactionState.EMPTY,
                        Set.of(),
                        -1L,
                        5L,
                        (short) 0));
    }
}
