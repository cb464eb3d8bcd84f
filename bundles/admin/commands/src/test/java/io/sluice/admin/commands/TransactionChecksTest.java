package io.sluice.admin.commands;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.admin.api.HealthCheck.Finding;
import io.sluice.base.ErrorCode;
import io.sluice.base.TopicPartition;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.DescribeTransactionsRequest;
import io.sluice.protocol.message.DescribeTransactionsResponse;
import io.sluice.protocol.message.DescribeTransactionsResponse.TopicData;
import io.sluice.protocol.message.DescribeTransactionsResponse.TransactionState;
import io.sluice.protocol.message.ListTransactionsRequest;
import io.sluice.protocol.message.ListTransactionsResponse;
import io.sluice.storage.api.ProducerStatus;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TransactionChecksTest {
    private static final TopicPartition PARTITION = new TopicPartition("t", 0);
    private static final long NOW_MS = 1_000_000L;

    private final BrokerFake broker = new BrokerFake();
    private final List<TransactionState> known = new ArrayList<>();
    private final TransactionChecks checks = new TransactionChecks(broker.access(), () -> NOW_MS);

    @BeforeEach
    void answers() {
        broker.topic("t", 1);
        broker.end(PARTITION, 100L);
        broker.answer(ApiKey.LIST_TRANSACTIONS, ListTransactionsRequest.class, request -> new ListTransactionsResponse()
                .setTransactionStates(known.stream()
                        .map(state -> new ListTransactionsResponse.TransactionState()
                                .setTransactionalId(state.transactionalId())
                                .setProducerId(state.producerId())
                                .setTransactionState(state.transactionState()))
                        .toList()));
        broker.answer(
                ApiKey.DESCRIBE_TRANSACTIONS,
                DescribeTransactionsRequest.class,
                request -> new DescribeTransactionsResponse().setTransactionStates(known));
    }

    private void ongoing(long producerId, long beganMs) {
        known.add(new TransactionState()
                .setTransactionalId("tx-" + producerId)
                .setTransactionState("Ongoing")
                .setProducerId(producerId)
                .setTransactionStartTimeMs(beganMs)
                .setTransactionTimeoutMs(60_000)
                .setTopics(List.of(new TopicData().setTopic("t").setPartitions(List.of(0)))));
    }

    private static ProducerStatus open(long producerId, long lastTimestampMs) {
        return new ProducerStatus(producerId, (short) 0, 5, lastTimestampMs, 0, 42L);
    }

    @Test
    void shouldFindNothingWrongWithATransactionInTime() {
        ongoing(7L, NOW_MS - 60_000L);
        broker.producers(PARTITION, open(7L, NOW_MS - 59_000L));
        assertThat(checks.look()).isEmpty();
    }

    @Test
    void shouldTellOfOneThatIsOpenForTooLong() {
        ongoing(7L, NOW_MS - 100_000L);
        assertThat(checks.look()).singleElement().satisfies(finding -> {
            assertThat(finding.about()).isEqualTo("transaction tx-7");
            assertThat(finding.problem()).contains("open for 100 s (Ongoing) and may be for 60 s");
        });
    }

    @Test
    void shouldTellOfOneThatNoCoordinatorKnows() {
        ongoing(8L, NOW_MS - 10_000L); // another producer's
        broker.producers(PARTITION, open(7L, NOW_MS - 100_000L), open(8L, NOW_MS - 100_000L));
        List<Finding> findings = checks.look();
        assertThat(findings).singleElement().satisfies(finding -> {
            assertThat(finding.about()).isEqualTo("t-0");
            assertThat(finding.problem()).startsWith("a transaction of producer 7 hangs since offset 42");
            assertThat(finding.fix()).isEqualTo("txn:abort t 0 --from 42");
        });
    }

    /** While its coordinator is being updated or loads, a transaction must not be taken for one that hangs. */
    @Test
    void shouldNotTakeForHangingWhatACoordinatorDoesNotTellNow() {
        ongoing(7L, NOW_MS - 60_000L);
        known.get(0).setErrorCode(ErrorCode.NOT_COORDINATOR.code());
        broker.producers(PARTITION, open(7L, NOW_MS - 59_000L));
        assertThat(checks.look()).singleElement().satisfies(finding -> {
            assertThat(finding.about()).isEqualTo("transactions");
            assertThat(finding.problem()).startsWith("they could not be looked at: ");
        });
    }

    @Test
    void shouldLeaveAloneWhatHasJustBegunOrIsOver() {
        broker.producers(
                PARTITION, open(7L, NOW_MS - 1_000L), new ProducerStatus(8L, (short) 0, 5, NOW_MS - 100_000L, 0, -1L));
        assertThat(checks.look()).isEmpty();
    }
}
