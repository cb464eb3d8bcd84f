package io.sluice.itests;

import static org.apache.kafka.common.protocol.ApiKeys.DESCRIBE_PRODUCERS;
import static org.apache.kafka.common.protocol.ApiKeys.FETCH;
import static org.apache.kafka.common.protocol.ApiKeys.PRODUCE;

import io.sluice.itests.TransactionRequests.Producer;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.DescribeProducersRequestData;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

/** Records that are refused: of zombies, outside of a transaction, damaged, too large; and reads of committed records that go wrong. */
class RecordErrorsIT extends ErrorSuite {
    private static final String TOPIC = "t";
    private static final String SMALL = "small";
    private static final String SHORT = "short";
    private static final String PUNCTUAL = "punctual";
    private static final SimpleRecord RECORD = new SimpleRecord(new byte[] {1});
    /** The last version in which a partition is not added by writing to it. */
    private static final int VERIFYING = 11;

    @Override
    String[] settings() {
        return new String[] {"offsets.topic.num.partitions=1", "transaction.state.log.num.partitions=1"};
    }

    @Override
    void prepare(String bootstrap) throws Exception {
        Clients.createTopic(bootstrap, TOPIC, 2, Map.of());
        Clients.createTopic(bootstrap, SMALL, 1, Map.of("max.message.bytes", "1000"));
        Clients.createTopic(bootstrap, SHORT, 1, Map.of("segment.bytes", "1048576", "max.message.bytes", "4000000"));
        Clients.createTopic(bootstrap, PUNCTUAL, 1, Map.of("message.timestamp.before.max.ms", "60000"));
        Coordinators.await(bootstrap);
    }

    static List<Provocation> provocations() {
        return new Provocations()
                .with(PRODUCE, RecordErrorsIT::transactionalRecords)
                .with(PRODUCE, RecordErrorsIT::idempotentRecords)
                .with(PRODUCE, RecordErrorsIT::records)
                .with(PRODUCE, RecordErrorsIT::topics)
                .with(FETCH, RecordErrorsIT::fetches)
                .with(FETCH, RecordErrorsIT::fetchSessions)
                .with(DESCRIBE_PRODUCERS, RecordErrorsIT::producers)
                .all();
    }

    private static MemoryRecords transactional(Producer producer, int sequence) {
        return MemoryRecords.withTransactionalRecords(
                Compression.NONE, producer.id(), producer.epoch(), sequence, RECORD);
    }

    private static MemoryRecords idempotent(Producer producer, int sequence) {
        return MemoryRecords.withIdempotentRecords(Compression.NONE, producer.id(), producer.epoch(), sequence, RECORD);
    }

    private static short produce(RawClient client, Producer producer, MemoryRecords records, int version)
            throws Exception {
        return ErrorCodes.of(client, TransactionRequests.produce(producer.transactionalId(), TOPIC, records), version);
    }

    private static void transactionalRecords(Provocations.Of produce) {
        produce.answers(
                Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED,
                "to transactional records of a producer that has no transactional id",
                client -> produce(
                        client,
                        new Producer(null, 1L, (short) 0),
                        transactional(new Producer(null, 1L, (short) 0), 0),
                        VERIFYING));
        produce.answers(Errors.INVALID_TXN_STATE, "to a partition that was not added, before version 11", client -> {
            Producer producer = TransactionRequests.producer(client, "not-added-10", 1);
            return produce(client, producer, transactional(producer, 0), 10);
        });
        produce.answers(Errors.TRANSACTION_ABORTABLE, "to a partition that was not added", client -> {
            Producer producer = TransactionRequests.producer(client, "not-added", 1);
            return produce(client, producer, transactional(producer, 0), VERIFYING);
        });
        produce.answers(Errors.INVALID_PRODUCER_ID_MAPPING, "to the producer id of another", client -> {
            Producer producer =
                    TransactionRequests.producer(client, "mapping", 1).withId(888_888L);
            return produce(client, producer, transactional(producer, 0), VERIFYING);
        });
        produce.answers(Errors.INVALID_PRODUCER_ID_MAPPING, "to records of two producers", client -> {
            Producer one = TransactionRequests.producer(client, "two", 1);
            ProduceRequestData request = TransactionRequests.produce("two", TOPIC, transactional(one, 0));
            List<ProduceRequestData.PartitionProduceData> partitions = List.of(
                    request.topicData().iterator().next().partitionData().get(0),
                    new ProduceRequestData.PartitionProduceData()
                            .setIndex(1)
                            .setRecords(transactional(one.withId(888_889L), 0)));
            request.topicData().iterator().next().setPartitionData(partitions);
            return ErrorCodes.of(client, request, VERIFYING);
        });
        for (int version : new int[] {VERIFYING, 12}) {
            produce.answers(
                    Errors.INVALID_PRODUCER_EPOCH,
                    "to a producer that another has replaced, in version " + version,
                    client -> {
                        Producer zombie = TransactionRequests.producer(client, "zombie-" + version, 2)
                                .older();
                        return produce(client, zombie, transactional(zombie, 0), version);
                    });
        }
        produce.answers(
                Errors.INVALID_TXN_STATE,
                "to records outside of the transaction that their producer has open",
                client -> {
                    Producer producer = TransactionRequests.begun(client, "outside", TOPIC);
                    short first = produce(client, producer, transactional(producer, 0), VERIFYING);
                    return first == 0 ? produce(client, producer, idempotent(producer, 1), VERIFYING) : first;
                });
        produce.answers(Errors.INVALID_RECORD, "to a marker that a client writes", client -> {
            Producer producer = TransactionRequests.begun(client, "marker", TOPIC);
            MemoryRecords marker = MemoryRecords.withEndTransactionMarker(
                    producer.id(), producer.epoch(), new EndTransactionMarker(ControlRecordType.COMMIT, 0));
            return produce(client, producer, marker, VERIFYING);
        });
    }

    private static void idempotentRecords(Provocations.Of produce) {
        produce.answers(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER, "to a gap in the sequence", client -> {
            Producer producer = new Producer(null, 700_001L, (short) 0);
            short first = produce(client, producer, idempotent(producer, 0), VERIFYING);
            return first == 0 ? produce(client, producer, idempotent(producer, 5), VERIFYING) : first;
        });
        produce.answers(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER, "to an epoch that does not begin at 0", client -> {
            Producer producer = new Producer(null, 700_002L, (short) 0);
            short first = produce(client, producer, idempotent(producer, 0), VERIFYING);
            Producer next = new Producer(null, 700_002L, (short) 1);
            return first == 0 ? produce(client, next, idempotent(next, 1), VERIFYING) : first;
        });
        produce.answers(Errors.INVALID_PRODUCER_EPOCH, "to an older epoch of the producer", client -> {
            Producer producer = new Producer(null, 700_003L, (short) 3);
            short first = produce(client, producer, idempotent(producer, 0), VERIFYING);
            return first == 0 ? produce(client, producer.older(), idempotent(producer.older(), 1), VERIFYING) : first;
        });
    }

    private static short plain(RawClient client, String topic, MemoryRecords records) throws Exception {
        return ErrorCodes.of(client, TransactionRequests.produce(null, topic, records), VERIFYING);
    }

    private static MemoryRecords of(int bytes) {
        return MemoryRecords.withRecords(Compression.NONE, new SimpleRecord(new byte[bytes]));
    }

    private static void records(Provocations.Of produce) {
        produce.answers(Errors.CORRUPT_MESSAGE, "to a batch whose checksum does not fit", client -> {
            ByteBuffer damaged = of(100).buffer();
            damaged.put(damaged.limit() - 2, (byte) 77);
            return plain(client, TOPIC, MemoryRecords.readableRecords(damaged));
        });
        produce.answers(
                Errors.INVALID_RECORD,
                "to a produce without a batch",
                client -> plain(client, TOPIC, MemoryRecords.EMPTY));
        produce.answers(
                Errors.MESSAGE_TOO_LARGE,
                "to more than the topic's max.message.bytes",
                client -> plain(client, SMALL, of(2_000)));
        produce.answers(
                Errors.RECORD_LIST_TOO_LARGE,
                "to more than a segment can hold",
                client -> plain(client, SHORT, of(1_500_000)));
        produce.answers(
                Errors.INVALID_TIMESTAMP,
                "to a record that is older than the topic takes",
                client -> plain(
                        client,
                        PUNCTUAL,
                        MemoryRecords.withRecords(
                                Compression.NONE, new SimpleRecord(1L, new byte[] {1}, new byte[] {1}))));
        produce.answers(
                Errors.UNSUPPORTED_COMPRESSION_TYPE,
                "to zstd before version 7",
                client -> ErrorCodes.of(
                        client,
                        TransactionRequests.produce(
                                null,
                                TOPIC,
                                MemoryRecords.withRecords(Compression.zstd().build(), RECORD)),
                        6));
        produce.answers(
                Errors.INVALID_REQUIRED_ACKS,
                "to acks of 5",
                client -> ErrorCodes.of(
                        client, TransactionRequests.produce(null, TOPIC, of(1)).setAcks((short) 5), VERIFYING));
    }

    private static void topics(Provocations.Of produce) {
        produce.answers(
                Errors.UNKNOWN_TOPIC_OR_PARTITION,
                "to a topic that does not exist",
                client -> plain(client, "missing", of(1)));
        produce.answers(
                Errors.INVALID_TOPIC_EXCEPTION,
                "to a topic of the broker's own",
                client -> plain(client, "__consumer_offsets", of(1)));
        produce.answers(Errors.UNKNOWN_TOPIC_ID, "to the id of no topic", client -> {
            ProduceRequestData request = TransactionRequests.produce(null, "", of(1));
            request.topicData().iterator().next().setTopicId(Uuid.randomUuid());
            return ErrorCodes.of(client, request, 13);
        });
    }

    private static FetchRequestData fetch(FetchRequestData.FetchTopic topic) {
        return new FetchRequestData()
                .setMaxWaitMs(0)
                .setMaxBytes(1_000_000)
                .setIsolationLevel((byte) 1)
                .setTopics(List.of(topic));
    }

    private static FetchRequestData.FetchTopic named(String topic, FetchRequestData.FetchPartition partition) {
        return new FetchRequestData.FetchTopic()
                .setTopic(topic)
                .setPartitions(List.of(partition.setPartitionMaxBytes(100_000)));
    }

    private static void fetches(Provocations.Of fetch) {
        fetch.answers(
                Errors.OFFSET_OUT_OF_RANGE,
                "to an offset beyond the end",
                client -> ErrorCodes.of(
                        client,
                        fetch(named(TOPIC, new FetchRequestData.FetchPartition().setFetchOffset(99_999L))),
                        12));
        fetch.answers(
                Errors.UNKNOWN_TOPIC_OR_PARTITION,
                "to a topic that does not exist",
                client -> ErrorCodes.of(client, fetch(named("missing", new FetchRequestData.FetchPartition())), 12));
        fetch.answers(
                Errors.UNKNOWN_TOPIC_ID,
                "to the id of no topic",
                client -> ErrorCodes.of(
                        client,
                        fetch(named("", new FetchRequestData.FetchPartition()).setTopicId(Uuid.randomUuid())),
                        13));
        fetch.answers(
                Errors.UNKNOWN_LEADER_EPOCH,
                "to a leader epoch of the future",
                client -> ErrorCodes.of(
                        client,
                        fetch(named(TOPIC, new FetchRequestData.FetchPartition().setCurrentLeaderEpoch(999))),
                        12));
    }

    private static void fetchSessions(Provocations.Of fetch) {
        fetch.answers(
                Errors.FETCH_SESSION_ID_NOT_FOUND,
                "to a session that there is not",
                client -> ErrorCodes.of(
                        client,
                        fetch(named(TOPIC, new FetchRequestData.FetchPartition()))
                                .setSessionId(12_345)
                                .setSessionEpoch(1),
                        12));
        fetch.answers(
                Errors.INVALID_FETCH_SESSION_EPOCH,
                "to an epoch out of turn",
                client -> ErrorCodes.of(client, session(client).setSessionEpoch(9), 12));
        fetch.answers(Errors.FETCH_SESSION_TOPIC_ID_ERROR, "to a session of names that goes on with ids", client -> {
            FetchRequestData request = session(client).setSessionEpoch(1);
            request.topics().get(0).setTopicId(Coordinators.topicId(client, TOPIC));
            return ErrorCodes.of(client, request, 13);
        });
    }

    /** Begins a session; the request that goes on with it, but for the epoch. */
    private static FetchRequestData session(RawClient client) throws Exception {
        FetchRequestData request = fetch(named(TOPIC, new FetchRequestData.FetchPartition()));
        FetchResponseData response = (FetchResponseData) client.ask(request.setSessionEpoch(0), (short) 12);
        return request.setSessionId(response.sessionId());
    }

    private static void producers(Provocations.Of describe) {
        describe.answers(
                Errors.UNKNOWN_TOPIC_OR_PARTITION,
                "to a topic that does not exist",
                client -> ErrorCodes.of(client, describe("missing"), 0));
        describe.answers(
                Errors.INVALID_TOPIC_EXCEPTION,
                "to a name that no topic can have",
                client -> ErrorCodes.of(client, describe("no such/topic"), 0));
    }

    static DescribeProducersRequestData describe(String topic) {
        DescribeProducersRequestData request = new DescribeProducersRequestData();
        request.topics()
                .add(new DescribeProducersRequestData.TopicRequest()
                        .setName(topic)
                        .setPartitionIndexes(List.of(0)));
        return request;
    }
}
