package io.sluice.admin.commands;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.admin.api.Command;
import io.sluice.admin.api.CommandException;
import io.sluice.base.ErrorCode;
import io.sluice.base.TopicPartition;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.DescribeTransactionsRequest;
import io.sluice.protocol.message.DescribeTransactionsResponse;
import io.sluice.protocol.message.ListTransactionsRequest;
import io.sluice.protocol.message.ListTransactionsResponse;
import io.sluice.protocol.message.WriteTxnMarkersRequest;
import io.sluice.protocol.message.WriteTxnMarkersResponse;
import io.sluice.storage.api.ProducerStatus;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class TransactionCommandsTest {
    private static final TopicPartition PARTITION = new TopicPartition("orders", 1);

    private final BrokerFake broker = new BrokerFake();
    private final BrokerAccess access = broker.access();
    private final List<Command> commands = new TransactionCommands(access, new TopicNames(access)).all();

    @BeforeEach
    void topic() {
        broker.topic("orders", 2);
        broker.producers(
                PARTITION,
                new ProducerStatus(7L, (short) 3, 12, 1_000L, 5, 42L),
                new ProducerStatus(8L, (short) 0, 4, 1_000L, -1, -1L));
    }

    private int run(String verb, InvocationFake invocation) throws Exception {
        for (Command command : commands) {
            if (command.verb().equals(verb)) {
                return command.run(invocation);
            }
        }
        throw new AssertionError("no command " + verb);
    }

    private void answerMarkers(ErrorCode error) {
        broker.answer(ApiKey.WRITE_TXN_MARKERS, WriteTxnMarkersRequest.class, request -> new WriteTxnMarkersResponse()
                .setMarkers(List.of(new WriteTxnMarkersResponse.WritableTxnMarkerResult()
                        .setProducerId(request.markers().get(0).producerId())
                        .setTopics(List.of(new WriteTxnMarkersResponse.WritableTxnMarkerTopicResult()
                                .setName("orders")
                                .setPartitions(List.of(new WriteTxnMarkersResponse.WritableTxnMarkerPartitionResult()
                                        .setPartitionIndex(1)
                                        .setErrorCode(error.code()))))))));
    }

    @Test
    void shouldAbortTheTransactionThatBeginsThere() throws Exception {
        answerMarkers(ErrorCode.NONE);

        assertThat(run("abort", new InvocationFake("orders", "1").with("from", "42")))
                .isZero();

        WriteTxnMarkersRequest.WritableTxnMarker marker =
                ((WriteTxnMarkersRequest) broker.sent().get(0)).markers().get(0);
        assertThat(marker.producerId()).isEqualTo(7L);
        assertThat(marker.producerEpoch()).isEqualTo((short) 3);
        assertThat(marker.coordinatorEpoch()).isEqualTo(5);
        assertThat(marker.transactionResult()).isFalse();
        assertThat(marker.topics().get(0).partitionIndexes()).containsExactly(1);
    }

    @Test
    void shouldAbortNothingWhereNoTransactionBegins() {
        answerMarkers(ErrorCode.NONE);

        assertThatThrownBy(() -> run("abort", new InvocationFake("orders", "1").with("from", "41")))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("no transaction begins at offset 41 of orders-1");
        assertThat(broker.sent()).isEmpty();
    }

    @Test
    void shouldSayWhyATransactionWasNotAborted() {
        answerMarkers(ErrorCode.TRANSACTION_COORDINATOR_FENCED);

        assertThatThrownBy(() -> run("abort", new InvocationFake("orders", "1").with("from", "42")))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("TRANSACTION_COORDINATOR_FENCED");
    }

    @Test
    void shouldShowWhereTheOpenTransactionsOfAPartitionBegin() throws Exception {
        InvocationFake invocation = new InvocationFake("orders", "1");

        assertThat(run("producers", invocation)).isZero();

        assertThat(invocation.rows()).extracting(row -> row.get("producer")).isEqualTo(List.of(7L, 8L));
        assertThat(invocation.rows()).extracting(row -> row.get("openFrom")).isEqualTo(Arrays.asList(42L, null));
    }

    @Test
    void shouldListTransactionsInTheOrderOfTheirIds() throws Exception {
        broker.answer(ApiKey.LIST_TRANSACTIONS, ListTransactionsRequest.class, request -> {
            assertThat(request.stateFilters()).containsExactly("Ongoing");
            assertThat(request.durationFilter()).isEqualTo(500L);
            return new ListTransactionsResponse()
                    .setTransactionStates(List.of(
                            new ListTransactionsResponse.TransactionState()
                                    .setTransactionalId("b")
                                    .setTransactionState("Ongoing"),
                            new ListTransactionsResponse.TransactionState()
                                    .setTransactionalId("a")
                                    .setTransactionState("Ongoing")));
        });
        InvocationFake invocation =
                new InvocationFake().with("state", "Ongoing").with("longer-than", "500");

        assertThat(run("list", invocation)).isZero();

        assertThat(invocation.rows()).extracting(row -> row.get("transaction")).isEqualTo(List.of("a", "b"));
    }

    @Test
    void shouldNameTheStatesWhenThereIsNoSuchState() {
        broker.answer(ApiKey.LIST_TRANSACTIONS, ListTransactionsRequest.class, request -> new ListTransactionsResponse()
                .setUnknownStateFilters(request.stateFilters()));

        assertThatThrownBy(() -> run("list", new InvocationFake().with("state", "Open")))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("there is no state Open; the states are Empty, Ongoing");
    }

    @Test
    void shouldSayThatThereIsNoSuchTransactionalId() {
        broker.answer(
                ApiKey.DESCRIBE_TRANSACTIONS,
                DescribeTransactionsRequest.class,
                request -> new DescribeTransactionsResponse()
                        .setTransactionStates(List.of(new DescribeTransactionsResponse.TransactionState()
                                .setTransactionalId("mover")
                                .setErrorCode(ErrorCode.TRANSACTIONAL_ID_NOT_FOUND.code()))));

        assertThatThrownBy(() -> run("describe", new InvocationFake("mover")))
                .isInstanceOf(CommandException.class)
                .hasMessage("there is no transactional id mover; txn:list shows them");
    }
}
