package io.sluice.itests;

import static org.apache.kafka.common.protocol.ApiKeys.ADD_OFFSETS_TO_TXN;
import static org.apache.kafka.common.protocol.ApiKeys.ADD_PARTITIONS_TO_TXN;
import static org.apache.kafka.common.protocol.ApiKeys.DESCRIBE_TRANSACTIONS;
import static org.apache.kafka.common.protocol.ApiKeys.END_TXN;
import static org.apache.kafka.common.protocol.ApiKeys.INIT_PRODUCER_ID;
import static org.apache.kafka.common.protocol.ApiKeys.LIST_TRANSACTIONS;
import static org.apache.kafka.common.protocol.ApiKeys.TXN_OFFSET_COMMIT;
import static org.apache.kafka.common.protocol.ApiKeys.WRITE_TXN_MARKERS;

import io.sluice.itests.TransactionRequests.Producer;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.DescribeTransactionsRequestData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.ListTransactionsRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.protocol.Errors;
import org.awaitility.Awaitility;

/** What the transaction coordinator refuses: zombies, strangers, states that do not fit, timeouts. */
class TransactionErrorsIT extends ErrorSuite {
    private static final String TOPIC = "t";
    private static final int OLD = 1; // versions before clients knew that they are fenced

    @Override
    String[] settings() {
        return new String[] {
            "offsets.topic.num.partitions=1",
            "transaction.state.log.num.partitions=1",
            "group.initial.rebalance.delay.ms=0",
            "transaction.max.timeout.ms=900000"
        };
    }

    @Override
    void prepare(String bootstrap) throws Exception {
        Clients.createTopic(bootstrap, TOPIC, 2, Map.of());
        Coordinators.await(bootstrap);
    }

    static List<Provocation> provocations() {
        return new Provocations()
                .with(INIT_PRODUCER_ID, TransactionErrorsIT::initialisations)
                .with(ADD_PARTITIONS_TO_TXN, TransactionErrorsIT::additions)
                .with(ADD_OFFSETS_TO_TXN, TransactionErrorsIT::offsets)
                .with(END_TXN, TransactionErrorsIT::ends)
                .with(TXN_OFFSET_COMMIT, TransactionErrorsIT::commits)
                .with(WRITE_TXN_MARKERS, TransactionErrorsIT::markers)
                .with(DESCRIBE_TRANSACTIONS, TransactionErrorsIT::descriptions)
                .with(LIST_TRANSACTIONS, TransactionErrorsIT::lists)
                .all();
    }

    private static InitProducerIdRequestData again(Producer producer) {
        return TransactionRequests.init(producer.transactionalId())
                .setProducerId(producer.id())
                .setProducerEpoch(producer.epoch());
    }

    private static void initialisations(Provocations.Of init) {
        init.answers(
                Errors.INVALID_REQUEST,
                "to an empty transactional id",
                client -> ErrorCodes.of(client, TransactionRequests.init(""), 4));
        init.answers(
                Errors.INVALID_REQUEST,
                "to a producer id without an epoch",
                client -> ErrorCodes.of(client, TransactionRequests.init("half").setProducerId(7L), 4));
        init.answers(
                Errors.INVALID_REQUEST,
                "to an idempotent producer's epoch without an id",
                client -> ErrorCodes.of(
                        client,
                        new InitProducerIdRequestData().setTransactionalId(null).setProducerEpoch((short) 1),
                        4));
        for (int timeoutMs : new int[] {0, -1, 900_001}) {
            init.answers(
                    Errors.INVALID_TRANSACTION_TIMEOUT,
                    "to a transaction timeout of " + timeoutMs + " ms",
                    client -> ErrorCodes.of(
                            client, TransactionRequests.init("timeout").setTransactionTimeoutMs(timeoutMs), 4));
        }
        init.answers(
                Errors.PRODUCER_FENCED,
                "to a producer that another has replaced",
                client -> ErrorCodes.of(
                        client,
                        again(TransactionRequests.producer(client, "init-zombie", 2)
                                .older()),
                        4));
        init.answers(
                Errors.PRODUCER_FENCED,
                "to a producer id that is not the transactional id's",
                client -> ErrorCodes.of(
                        client,
                        again(TransactionRequests.producer(client, "init-other", 1)
                                .withId(999_999L)),
                        4));
        init.answers(
                Errors.INVALID_PRODUCER_EPOCH,
                "to a replaced producer before version 4",
                client -> ErrorCodes.of(
                        client,
                        again(TransactionRequests.producer(client, "init-old-zombie", 2)
                                .older()),
                        3));
    }

    private static void additions(Provocations.Of add) {
        add.answers(
                Errors.INVALID_PRODUCER_ID_MAPPING,
                "to a transactional id that nobody has initialised",
                client -> ErrorCodes.of(
                        client, TransactionRequests.add(new Producer("add-unknown", 1L, (short) 0), TOPIC, 0), 3));
        add.answers(
                Errors.INVALID_PRODUCER_ID_MAPPING,
                "to the producer id of another",
                client -> ErrorCodes.of(
                        client,
                        TransactionRequests.add(
                                TransactionRequests.producer(client, "add-other", 1)
                                        .withId(999_999L),
                                TOPIC,
                                0),
                        3));
        add.answers(
                Errors.PRODUCER_FENCED,
                "to a producer that another has replaced",
                client -> ErrorCodes.of(
                        client,
                        TransactionRequests.add(
                                TransactionRequests.producer(client, "add-zombie", 2)
                                        .older(),
                                TOPIC,
                                0),
                        3));
        add.answers(
                Errors.INVALID_PRODUCER_EPOCH,
                "to a replaced producer before version 2",
                client -> ErrorCodes.of(
                        client,
                        TransactionRequests.add(
                                TransactionRequests.producer(client, "add-old-zombie", 2)
                                        .older(),
                                TOPIC,
                                0),
                        OLD));
        add.answers(
                Errors.INVALID_REQUEST,
                "to an empty transactional id",
                client -> ErrorCodes.of(client, TransactionRequests.add(new Producer("", 1L, (short) 0), TOPIC, 0), 3));
        add.answers(
                Errors.UNKNOWN_TOPIC_OR_PARTITION,
                "to a topic that does not exist",
                client -> ErrorCodes.of(
                        client,
                        TransactionRequests.add(TransactionRequests.producer(client, "add-no-topic", 1), "missing", 0),
                        3));
        add.answers(
                Errors.UNKNOWN_TOPIC_OR_PARTITION,
                "to a partition that does not exist",
                client -> ErrorCodes.of(
                        client,
                        TransactionRequests.add(TransactionRequests.producer(client, "add-no-partition", 1), TOPIC, 9),
                        3));
        add.answers(
                Errors.OPERATION_NOT_ATTEMPTED,
                "for the partitions beside one that does not exist",
                client -> ErrorCodes.of(
                        client,
                        TransactionRequests.add(TransactionRequests.producer(client, "add-beside", 1), TOPIC, 0, 9),
                        3));
        add.answers(
                Errors.TOPIC_AUTHORIZATION_FAILED,
                "to a topic of the broker's own",
                client -> ErrorCodes.of(
                        client,
                        TransactionRequests.add(
                                TransactionRequests.producer(client, "add-internal", 1), "__consumer_offsets", 0),
                        3));
        add.answers(
                Errors.TRANSACTION_ABORTABLE,
                "to a broker that verifies a partition which was not added",
                client -> ErrorCodes.of(
                        client,
                        TransactionRequests.addForBroker(
                                TransactionRequests.producer(client, "verify", 1), true, TOPIC),
                        5));
    }

    private static void offsets(Provocations.Of add) {
        add.answers(
                Errors.INVALID_PRODUCER_ID_MAPPING,
                "to a transactional id that nobody has initialised",
                client -> ErrorCodes.of(
                        client,
                        TransactionRequests.addOffsets(new Producer("offsets-unknown", 1L, (short) 0), "g"),
                        3));
        add.answers(
                Errors.PRODUCER_FENCED,
                "to a producer that another has replaced",
                client -> ErrorCodes.of(
                        client,
                        TransactionRequests.addOffsets(
                                TransactionRequests.producer(client, "offsets-zombie", 2)
                                        .older(),
                                "g"),
                        3));
        add.answers(
                Errors.INVALID_PRODUCER_EPOCH,
                "to a replaced producer before version 2",
                client -> ErrorCodes.of(
                        client,
                        TransactionRequests.addOffsets(
                                TransactionRequests.producer(client, "offsets-old-zombie", 2)
                                        .older(),
                                "g"),
                        OLD));
        add.answers(
                Errors.INVALID_REQUEST,
                "to an empty transactional id",
                client ->
                        ErrorCodes.of(client, TransactionRequests.addOffsets(new Producer("", 1L, (short) 0), "g"), 3));
    }

    /** Asks again while the transaction before is still being ended, for which requests wait here, but not everywhere. */
    private static short onceEnded(Callable<Short> question) {
        return Awaitility.await().until(question, error -> error != Errors.CONCURRENT_TRANSACTIONS.code());
    }

    private static void ends(Provocations.Of end) {
        end.answers(
                Errors.INVALID_PRODUCER_ID_MAPPING,
                "to a transactional id that nobody has initialised",
                client -> ErrorCodes.of(
                        client, TransactionRequests.end(new Producer("end-unknown", 1L, (short) 0), true), 4));
        end.answers(
                Errors.INVALID_PRODUCER_ID_MAPPING,
                "to the producer id of another",
                client -> ErrorCodes.of(
                        client,
                        TransactionRequests.end(
                                TransactionRequests.begun(client, "end-other", TOPIC)
                                        .withId(999_999L),
                                true),
                        4));
        for (int version : new int[] {4, 5}) {
            end.answers(
                    Errors.PRODUCER_FENCED,
                    "to a producer that another has replaced, in version " + version,
                    client -> ErrorCodes.of(
                            client,
                            TransactionRequests.end(
                                    TransactionRequests.producer(client, "end-zombie-" + version, 2)
                                            .older(),
                                    true),
                            version));
            end.answers(
                    Errors.INVALID_TXN_STATE,
                    "to a commit without a transaction, in version " + version,
                    client -> ErrorCodes.of(
                            client,
                            TransactionRequests.end(
                                    TransactionRequests.producer(client, "end-nothing-" + version, 1), true),
                            version));
            end.answers(Errors.INVALID_TXN_STATE, "to a commit of what was aborted, in version " + version, client -> {
                Producer producer = TransactionRequests.begun(client, "end-twice-" + version, TOPIC);
                Errors aborted =
                        Errors.forCode(ErrorCodes.of(client, TransactionRequests.end(producer, false), version));
                return aborted == Errors.NONE
                        ? onceEnded(() -> ErrorCodes.of(client, TransactionRequests.end(producer, true), version))
                        : aborted.code();
            });
        }
        end.answers(
                Errors.INVALID_PRODUCER_EPOCH,
                "to a replaced producer before version 2",
                client -> ErrorCodes.of(
                        client,
                        TransactionRequests.end(
                                TransactionRequests.producer(client, "end-old-zombie", 2)
                                        .older(),
                                true),
                        OLD));
        end.answers(
                Errors.INVALID_REQUEST,
                "to an empty transactional id",
                client -> ErrorCodes.of(client, TransactionRequests.end(new Producer("", 1L, (short) 0), true), 4));
    }

    /** The producer with a group's offsets in its transaction. */
    private static Producer committing(RawClient client, String name) throws Exception {
        Producer producer = TransactionRequests.producer(client, name, 1);
        short error = ErrorCodes.of(client, TransactionRequests.addOffsets(producer, name), 3);
        if (error != 0) {
            throw new IllegalStateException(name + ": " + Errors.forCode(error));
        }
        return producer;
    }

    private static TxnOffsetCommitRequestData commit(RawClient client, String name) throws Exception {
        return TransactionRequests.commit(committing(client, name), name, TOPIC);
    }

    private static void commits(Provocations.Of commit) {
        commit.answers(
                Errors.INVALID_PRODUCER_ID_MAPPING,
                "to a transactional id that nobody has initialised",
                client -> ErrorCodes.of(
                        client,
                        TransactionRequests.commit(new Producer("commit-unknown", 1L, (short) 0), "g", TOPIC),
                        4));
        commit.answers(
                Errors.INVALID_PRODUCER_EPOCH,
                "to a producer that another has replaced",
                client -> ErrorCodes.of(
                        client,
                        TransactionRequests.commit(
                                TransactionRequests.producer(client, "commit-zombie", 2)
                                        .older(),
                                "g",
                                TOPIC),
                        4));
        commit.answers(
                Errors.INVALID_TXN_STATE,
                "to a group that was not added to the transaction, before version 4",
                client -> ErrorCodes.of(
                        client,
                        TransactionRequests.commit(
                                TransactionRequests.begun(client, "commit-not-added", TOPIC), "not-added", TOPIC),
                        3));
        commit.answers(
                Errors.TRANSACTION_ABORTABLE,
                "to a group that was not added to the transaction",
                client -> ErrorCodes.of(
                        client,
                        TransactionRequests.commit(
                                TransactionRequests.begun(client, "commit-not-added-4", TOPIC), "not-added", TOPIC),
                        4));
        commit.answers(
                Errors.UNKNOWN_TOPIC_OR_PARTITION,
                "to a topic that does not exist",
                client -> ErrorCodes.of(
                        client,
                        TransactionRequests.commit(committing(client, "commit-no-topic"), "commit-no-topic", "missing"),
                        4));
        commit.answers(
                Errors.UNKNOWN_TOPIC_ID,
                "to the id of no topic",
                client -> ErrorCodes.of(
                        client,
                        TransactionRequests.commit(
                                committing(client, "commit-no-id"), "commit-no-id", Uuid.randomUuid()),
                        6));
        commit.answers(Errors.OFFSET_METADATA_TOO_LARGE, "to metadata of more than 4096 bytes", client -> {
            TxnOffsetCommitRequestData request = commit(client, "commit-metadata");
            request.topics().get(0).setPartitions(List.of(TransactionRequests.offset(0, "x".repeat(4097))));
            return ErrorCodes.of(client, request, 4);
        });
        commit.answers(Errors.INVALID_COMMIT_OFFSET_SIZE, "to more than a batch can hold", client -> {
                    TxnOffsetCommitRequestData request = commit(client, "commit-size");
                    request.topics()
                            .get(0)
                            .setPartitions(Collections.nCopies(300, TransactionRequests.offset(0, "x".repeat(4096))));
                    return ErrorCodes.of(client, request, 4);
                })
                .unlikeKafka(Errors.UNKNOWN_SERVER_ERROR, "Kafka's message schema lists this one");
        members(commit);
    }

    private static void members(Provocations.Of commit) {
        commit.answers(Errors.ILLEGAL_GENERATION, "to a generation of a group that is not there", client -> {
            TxnOffsetCommitRequestData request = commit(client, "commit-no-group");
            return ErrorCodes.of(client, request.setMemberId("m").setGenerationIdOrMemberEpoch(1), 4);
        });
        commit.answers(
                Errors.GROUP_ID_NOT_FOUND, "to a generation of a group that is not there, since version 6", client -> {
                    Uuid topic = Coordinators.topicId(client, TOPIC);
                    TxnOffsetCommitRequestData request = TransactionRequests.commit(
                            committing(client, "commit-no-group-6"), "commit-no-group-6", topic);
                    return ErrorCodes.of(client, request.setMemberId("m").setGenerationIdOrMemberEpoch(1), 6);
                });
        commit.answers(Errors.ILLEGAL_GENERATION, "to another generation of the member's", client -> {
            TxnOffsetCommitRequestData request = commit(client, "commit-generation");
            GroupRequests.Member member = GroupRequests.joined(client, "commit-generation", null);
            return ErrorCodes.of(
                    client, request.setMemberId(member.id()).setGenerationIdOrMemberEpoch(member.generation() + 1), 4);
        });
        commit.answers(Errors.UNKNOWN_MEMBER_ID, "to who is not a member", client -> {
            TxnOffsetCommitRequestData request = commit(client, "commit-stranger");
            GroupRequests.Member member = GroupRequests.joined(client, "commit-stranger", null);
            return ErrorCodes.of(
                    client, request.setMemberId("stranger").setGenerationIdOrMemberEpoch(member.generation()), 4);
        });
        commit.answers(Errors.FENCED_INSTANCE_ID, "to another's instance id", client -> {
            TxnOffsetCommitRequestData request = commit(client, "commit-instance");
            GroupRequests.Member member = GroupRequests.joined(client, "commit-instance", "i");
            return ErrorCodes.of(
                    client,
                    request.setMemberId("another")
                            .setGroupInstanceId("i")
                            .setGenerationIdOrMemberEpoch(member.generation()),
                    4);
        });
        commit.answers(Errors.STALE_MEMBER_EPOCH, "to an epoch that a member has not, since version 6", client -> {
            Uuid topic = Coordinators.topicId(client, TOPIC);
            TxnOffsetCommitRequestData request =
                    TransactionRequests.commit(committing(client, "commit-epoch"), "commit-epoch", topic);
            GroupRequests.Member member = GroupRequests.consumer(client, "commit-epoch", TOPIC);
            return ErrorCodes.of(
                    client, request.setMemberId(member.id()).setGenerationIdOrMemberEpoch(member.generation() + 5), 6);
        });
        commit.answers(Errors.ILLEGAL_GENERATION, "to an epoch that a member has not, before version 6", client -> {
            TxnOffsetCommitRequestData request = commit(client, "commit-old-epoch");
            GroupRequests.Member member = GroupRequests.consumer(client, "commit-old-epoch", TOPIC);
            return ErrorCodes.of(
                    client, request.setMemberId(member.id()).setGenerationIdOrMemberEpoch(member.generation() + 5), 4);
        });
    }

    private static void markers(Provocations.Of write) {
        write.answers(
                Errors.UNKNOWN_TOPIC_OR_PARTITION,
                "to a topic that does not exist",
                client -> ErrorCodes.of(
                        client, TransactionRequests.marker(new Producer("", 424_242L, (short) 0), "missing", 0), 1));
        write.answers(Errors.TRANSACTION_COORDINATOR_FENCED, "to an older coordinator", client -> {
            Producer producer = new Producer("", 424_243L, (short) 0);
            short first = ErrorCodes.of(client, TransactionRequests.marker(producer, TOPIC, 5), 1);
            return first == 0 ? ErrorCodes.of(client, TransactionRequests.marker(producer, TOPIC, 4), 1) : first;
        });
        write.answers(Errors.INVALID_PRODUCER_EPOCH, "to an older epoch of its producer", client -> {
            Producer producer = new Producer("", 424_244L, (short) 3);
            short first = ErrorCodes.of(client, TransactionRequests.marker(producer, TOPIC, 5), 1);
            return first == 0
                    ? ErrorCodes.of(client, TransactionRequests.marker(producer.older(), TOPIC, 5), 1)
                    : first;
        });
    }

    private static void descriptions(Provocations.Of describe) {
        describe.answers(
                Errors.TRANSACTIONAL_ID_NOT_FOUND,
                "to an id that nobody has initialised",
                client -> ErrorCodes.of(
                        client,
                        new DescribeTransactionsRequestData().setTransactionalIds(List.of("describe-unknown")),
                        0));
        describe.answers(
                Errors.INVALID_REQUEST,
                "to an empty transactional id",
                client -> ErrorCodes.of(
                        client, new DescribeTransactionsRequestData().setTransactionalIds(List.of("")), 0));
    }

    private static void lists(Provocations.Of list) {
        list.answers(
                Errors.INVALID_REGULAR_EXPRESSION,
                "to a pattern that is none",
                client -> ErrorCodes.of(client, new ListTransactionsRequestData().setTransactionalIdPattern("(["), 2));
        list.answers(
                        Errors.INVALID_REGULAR_EXPRESSION,
                        "to a pattern that would take all memory",
                        client -> ErrorCodes.of(
                                client,
                                new ListTransactionsRequestData().setTransactionalIdPattern("((a{1000}){1000}){1000}"),
                                2))
                .notOfKafka("it takes the memory of the broker");
    }
}
