package io.sluice.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.AddOffsetsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopic;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTransaction;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestPartition;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestTopic;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData.WritableTxnMarker;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData.WritableTxnMarkerTopic;
import org.apache.kafka.common.record.internal.MemoryRecords;

/** The requests of transactional producers, right in all but what a test changes. */
final class TransactionRequests {
    private static final int TIMEOUT_MS = 60_000;

    private TransactionRequests() {}

    /** Under what a producer writes. */
    record Producer(String transactionalId, long id, short epoch) {
        Producer older() {
            return new Producer(transactionalId, id, (short) (epoch - 1));
        }

        Producer named(String other) {
            return new Producer(other, id, epoch);
        }

        Producer withId(long other) {
            return new Producer(transactionalId, other, epoch);
        }
    }

    static InitProducerIdRequestData init(String transactionalId) {
        return new InitProducerIdRequestData()
                .setTransactionalId(transactionalId)
                .setTransactionTimeoutMs(TIMEOUT_MS);
    }

    /** Initialises a transactional id so often; the producer that comes out has the epoch below that. */
    static Producer producer(RawClient client, String transactionalId, int times) throws Exception {
        InitProducerIdResponseData response = new InitProducerIdResponseData();
        for (int i = 0; i < times; i++) {
            response = (InitProducerIdResponseData) client.ask(init(transactionalId), (short) 4);
            assertThat(response.errorCode()).isZero();
        }
        return new Producer(transactionalId, response.producerId(), response.producerEpoch());
    }

    static AddPartitionsToTxnRequestData add(Producer producer, String topic, int... partitions) {
        AddPartitionsToTxnRequestData request = new AddPartitionsToTxnRequestData()
                .setV3AndBelowTransactionalId(producer.transactionalId())
                .setV3AndBelowProducerId(producer.id())
                .setV3AndBelowProducerEpoch(producer.epoch());
        request.v3AndBelowTopics().add(topic(topic, partitions));
        return request;
    }

    private static AddPartitionsToTxnTopic topic(String name, int... partitions) {
        List<Integer> all = new ArrayList<>();
        for (int partition : partitions) {
            all.add(partition);
        }
        return new AddPartitionsToTxnTopic().setName(name).setPartitions(all);
    }

    /** What a broker asks of another. */
    static AddPartitionsToTxnRequestData addForBroker(Producer producer, boolean verifyOnly, String topic) {
        AddPartitionsToTxnTransaction transaction = new AddPartitionsToTxnTransaction()
                .setTransactionalId(producer.transactionalId())
                .setProducerId(producer.id())
                .setProducerEpoch(producer.epoch())
                .setVerifyOnly(verifyOnly);
        transaction.topics().add(topic(topic, 0));
        AddPartitionsToTxnRequestData request = new AddPartitionsToTxnRequestData();
        request.transactions().add(transaction);
        return request;
    }

    /** The producer with a partition in its transaction. */
    static Producer begun(RawClient client, String transactionalId, String topic) throws Exception {
        Producer producer = producer(client, transactionalId, 1);
        assertThat(ErrorCodes.of(client, add(producer, topic, 0), 3)).isZero();
        return producer;
    }

    static AddOffsetsToTxnRequestData addOffsets(Producer producer, String group) {
        return new AddOffsetsToTxnRequestData()
                .setTransactionalId(producer.transactionalId())
                .setProducerId(producer.id())
                .setProducerEpoch(producer.epoch())
                .setGroupId(group);
    }

    static EndTxnRequestData end(Producer producer, boolean commit) {
        return new EndTxnRequestData()
                .setTransactionalId(producer.transactionalId())
                .setProducerId(producer.id())
                .setProducerEpoch(producer.epoch())
                .setCommitted(commit);
    }

    static TxnOffsetCommitRequestData commit(Producer producer, String group, String topic) {
        return new TxnOffsetCommitRequestData()
                .setTransactionalId(producer.transactionalId())
                .setProducerId(producer.id())
                .setProducerEpoch(producer.epoch())
                .setGroupId(group)
                .setTopics(List.of(
                        new TxnOffsetCommitRequestTopic().setName(topic).setPartitions(List.of(offset(0, "")))));
    }

    static TxnOffsetCommitRequestData commit(Producer producer, String group, Uuid topic) {
        TxnOffsetCommitRequestData request = commit(producer, group, "");
        request.topics().get(0).setTopicId(topic);
        return request;
    }

    static TxnOffsetCommitRequestPartition offset(int partition, String metadata) {
        return new TxnOffsetCommitRequestPartition()
                .setPartitionIndex(partition)
                .setCommittedOffset(1L)
                .setCommittedMetadata(metadata);
    }

    static WriteTxnMarkersRequestData marker(Producer producer, String topic, int coordinatorEpoch) {
        return new WriteTxnMarkersRequestData()
                .setMarkers(List.of(new WritableTxnMarker()
                        .setProducerId(producer.id())
                        .setProducerEpoch(producer.epoch())
                        .setTransactionResult(false)
                        .setCoordinatorEpoch(coordinatorEpoch)
                        .setTopics(List.of(
                                new WritableTxnMarkerTopic().setName(topic).setPartitionIndexes(List.of(0))))));
    }

    /** Of records to partition 0. */
    static ProduceRequestData produce(String transactionalId, String topic, MemoryRecords records) {
        ProduceRequestData request = new ProduceRequestData()
                .setTransactionalId(transactionalId)
                .setAcks((short) -1)
                .setTimeoutMs(TIMEOUT_MS);
        request.topicData()
                .add(new ProduceRequestData.TopicProduceData()
                        .setName(topic)
                        .setPartitionData(List.of(new ProduceRequestData.PartitionProduceData()
                                .setIndex(0)
                                .setRecords(records))));
        return request;
    }
}
