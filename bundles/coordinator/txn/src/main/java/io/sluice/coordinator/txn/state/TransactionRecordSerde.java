package io.sluice.coordinator.txn.state;

import io.sluice.base.TopicPartition;
import io.sluice.coordinator.runtime.RecordSerde;
import io.sluice.protocol.MalformedMessageException;
import io.sluice.protocol.MessageBytes;
import io.sluice.protocol.RawTaggedField;
import io.sluice.protocol.txn.TransactionLogKey;
import io.sluice.protocol.txn.TransactionLogValue;
import io.sluice.protocol.txn.TransactionLogValue.PartitionsSchema;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Kafka's format: key and value each follow their version in two bytes. Values are written in version 1, as Kafka does from transaction.version 1 on,
 * and read in 0 as well. The last epoch, which Kafka forgets, is in a tagged field of our own, which Kafka passes over.
 */
public final class TransactionRecordSerde implements RecordSerde<TransactionRecord> {
    private static final short KEY_VERSION = 0;
    private static final short VALUE_VERSION = 1;
    private static final int LAST_EPOCH_TAG = 10_000;

    @Override
    public ByteBuffer key(TransactionRecord record) {
        return MessageBytes.encodeWithVersion(
                new TransactionLogKey().setTransactionalId(record.transactionalId()), KEY_VERSION);
    }

    @Override
    public @Nullable ByteBuffer value(TransactionRecord record) {
        TransactionMetadata metadata = record.metadata();
        if (metadata == null) {
            return null;
        }
        ProducerIdentity producer = metadata.producer();
        TransactionLogValue value = new TransactionLogValue()
                .setProducerId(producer.id())
                .setPreviousProducerId(producer.previousId())
                .setNextProducerId(producer.nextId())
                .setProducerEpoch(producer.epoch())
                .setNextProducerEpoch(producer.nextEpoch())
                .setTransactionTimeoutMs(metadata.timeoutMs())
                .setTransactionStatus(metadata.state().id())
                .setTransactionPartitions(
                        metadata.state() == TransactionState.EMPTY ? null : byTopic(metadata.partitions()))
                .setTransactionLastUpdateTimestampMs(metadata.updatedMs())
                .setTransactionStartTimestampMs(metadata.startMs())
                .setClientTransactionVersion(metadata.version());
        if (producer.lastEpoch() != ProducerIdentity.NO_EPOCH) {
            byte[] lastEpoch = ByteBuffer.allocate(Short.BYTES)
                    .putShort(producer.lastEpoch())
                    .array();
            value.unknownTaggedFields().add(new RawTaggedField(LAST_EPOCH_TAG, lastEpoch));
        }
        return MessageBytes.encodeWithVersion(value, VALUE_VERSION);
    }

    private static short lastEpoch(TransactionLogValue value) {
        for (RawTaggedField field : value.unknownTaggedFields()) {
            if (field.tag() == LAST_EPOCH_TAG && field.data().length == Short.BYTES) {
                return ByteBuffer.wrap(field.data()).getShort();
            }
        }
        return ProducerIdentity.NO_EPOCH;
    }

    /** In order, so that the same state gives the same bytes. */
    private static List<PartitionsSchema> byTopic(Set<TopicPartition> partitions) {
        Map<String, List<Integer>> byTopic = new TreeMap<>();
        partitions.stream().sorted().forEach(each -> byTopic.computeIfAbsent(each.topic(), topic -> new ArrayList<>())
                .add(each.partition()));
        List<PartitionsSchema> all = new ArrayList<>(byTopic.size());
        byTopic.forEach(
                (topic, ids) -> all.add(new PartitionsSchema().setTopic(topic).setPartitionIds(ids)));
        return all;
    }

    @Override
    public @Nullable TransactionRecord read(ByteBuffer key, @Nullable ByteBuffer value) {
        if (key.remaining() < Short.BYTES || key.getShort(key.position()) != KEY_VERSION) {
            return null; // of a newer Kafka: not a transaction
        }
        String id = MessageBytes.decodeWithVersion(key.duplicate(), new TransactionLogKey())
                .transactionalId();
        return new TransactionRecord(id, value == null ? null : metadata(value));
    }

    private static TransactionMetadata metadata(ByteBuffer bytes) {
        if (bytes.remaining() < Short.BYTES || bytes.getShort(bytes.position()) > VALUE_VERSION) {
            throw new MalformedMessageException("a transaction in a format that is newer than this broker");
        }
        TransactionLogValue value = MessageBytes.decodeWithVersion(bytes.duplicate(), new TransactionLogValue());
        Set<TopicPartition> partitions = new LinkedHashSet<>();
        List<PartitionsSchema> topics = value.transactionPartitions();
        if (topics != null) {
            for (PartitionsSchema topic : topics) {
                topic.partitionIds().forEach(id -> partitions.add(new TopicPartition(topic.topic(), id)));
            }
        }
        ProducerIdentity producer = new ProducerIdentity(
                value.producerId(),
                value.producerEpoch(),
                lastEpoch(value),
                value.previousProducerId(),
                value.nextProducerId(),
                value.nextProducerEpoch());
        return new TransactionMetadata(
                producer,
                value.transactionTimeoutMs(),
                TransactionState.of(value.transactionStatus()),
                partitions,
                value.transactionStartTimestampMs(),
                value.transactionLastUpdateTimestampMs(),
                value.clientTransactionVersion());
    }
}
