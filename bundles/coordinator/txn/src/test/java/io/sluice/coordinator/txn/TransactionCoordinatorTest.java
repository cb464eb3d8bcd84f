package io.sluice.coordinator.txn;

import static io.sluice.coordinator.txn.SimulatedTransactions.ID;
import static io.sluice.coordinator.txn.SimulatedTransactions.TIMEOUT_MS;
import static io.sluice.coordinator.txn.SimulatedTransactions.TOPIC;
import static io.sluice.coordinator.txn.SimulatedTransactions.V1;
import static io.sluice.coordinator.txn.SimulatedTransactions.V2;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.ErrorCode;
import io.sluice.broker.api.TopicNames;
import io.sluice.broker.api.TransactionEnd;
import io.sluice.broker.api.TransactionEndReceiver;
import io.sluice.coordinator.kit.SimulatedPartitions;
import io.sluice.coordinator.txn.SimulatedTransactions.Marker;
import io.sluice.coordinator.txn.state.IdentityOutcome;
import io.sluice.coordinator.txn.state.ProducerClaim;
import io.sluice.protocol.ApiKey;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TransactionCoordinatorTest {
    private static final short LAST_EPOCH = Short.MAX_VALUE - 1;

    private final SimulatedTransactions txn = new SimulatedTransactions(1L);

    private static IdentityOutcome with(IdentityOutcome producer, int epoch) {
        return new IdentityOutcome(ErrorCode.NONE, producer.producerId(), (short) epoch);
    }

    /** The producer of the last epoch but the one that fences; no client comes so far in a test. */
    private IdentityOutcome exhausted() {
        IdentityOutcome producer = txn.init(ID);
        while (producer.producerEpoch() < LAST_EPOCH) {
            producer = txn.init(ID);
        }
        return producer;
    }

    @Test
    void shouldFenceEachProducerByTheNext() {
        IdentityOutcome first = txn.init(ID);
        IdentityOutcome second = txn.init(ID);

        assertThat(first.producerEpoch()).isZero();
        assertThat(second).isEqualTo(with(first, 1));
        assertThat(txn.add(first, V1, 0)).isEqualTo(ErrorCode.PRODUCER_FENCED);
        assertThat(txn.end(first, true, V1).error()).isEqualTo(ErrorCode.PRODUCER_FENCED);
        assertThat(txn.end(first, false, V2).error()).isEqualTo(ErrorCode.PRODUCER_FENCED);
        assertThat(txn.add(second, V1, 0)).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldNotKnowAProducerThatWasNeverInitialised() {
        IdentityOutcome stranger = new IdentityOutcome(ErrorCode.NONE, 77L, (short) 0);

        assertThat(txn.add(stranger, V1, 0)).isEqualTo(ErrorCode.INVALID_PRODUCER_ID_MAPPING);
        assertThat(txn.end(stranger, true, V1).error()).isEqualTo(ErrorCode.INVALID_PRODUCER_ID_MAPPING);
        assertThat(txn.verify(stranger, 0)).containsExactly(ErrorCode.INVALID_PRODUCER_ID_MAPPING);
        txn.init(ID);
        assertThat(txn.end(stranger, true, V2).error()).isEqualTo(ErrorCode.INVALID_PRODUCER_ID_MAPPING);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldWriteAMarkerIntoEachPartition(boolean commit) {
        IdentityOutcome producer = txn.init(ID);
        txn.add(producer, V1, 0);
        txn.add(producer, V1, 2, 3);

        assertThat(txn.end(producer, commit, V1)).isEqualTo(producer);
        txn.scheduler.advance(10);

        assertThat(txn.markers())
                .containsExactly(
                        new Marker(0, producer.producerId(), (short) 0, commit, 1),
                        new Marker(2, producer.producerId(), (short) 0, commit, 1),
                        new Marker(3, producer.producerId(), (short) 0, commit, 1));
        assertThat(txn.state()).isEqualTo(commit ? "CompleteCommit" : "CompleteAbort");
        assertThat(txn.describe(ID).topics()).isEmpty();
    }

    @Test
    void shouldRaiseTheEpochWithEachEndOfTheSecondProtocol() {
        IdentityOutcome producer = txn.init(ID);
        txn.add(producer, V2, 1);

        IdentityOutcome next = txn.end(producer, true, V2);

        assertThat(next).isEqualTo(with(producer, 1));
        txn.scheduler.advance(10);
        assertThat(txn.markers()).containsExactly(new Marker(1, producer.producerId(), (short) 1, true, 1));
        assertThat(txn.partitions.appended().stream()
                        .filter(entry -> entry.partition().topic().equals(TOPIC)))
                .allMatch(entry -> entry.transactionVersion() == 2);
        assertThat(txn.add(producer, V2, 1)).isEqualTo(ErrorCode.PRODUCER_FENCED);
        assertThat(txn.add(next, V2, 1)).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldKnowARepeatedEndByTheEpochBefore() {
        IdentityOutcome producer = txn.init(ID);
        txn.add(producer, V2, 1);
        IdentityOutcome next = txn.end(producer, true, V2);
        txn.scheduler.advance(10);

        assertThat(txn.end(producer, true, V2)).isEqualTo(next);
        assertThat(txn.end(producer, false, V2).error()).isEqualTo(ErrorCode.INVALID_TXN_STATE);
        txn.scheduler.advance(10);
        assertThat(txn.markers()).hasSize(1);

        txn.add(next, V2, 2);
        assertThat(txn.end(producer, true, V2).error()).isEqualTo(ErrorCode.PRODUCER_FENCED);
    }

    @Test
    void shouldKnowARepeatedEndByTheStateInTheFirstProtocol() {
        IdentityOutcome producer = txn.init(ID);
        txn.add(producer, V1, 1);
        txn.end(producer, true, V1);
        txn.scheduler.advance(10);

        assertThat(txn.end(producer, true, V1)).isEqualTo(producer);
        assertThat(txn.end(producer, false, V1).error()).isEqualTo(ErrorCode.INVALID_TXN_STATE);
        txn.scheduler.advance(10);
        assertThat(txn.markers()).hasSize(1);
    }

    @Test
    void shouldLetAnEmptyTransactionBeAbortedAndNotCommitted() {
        IdentityOutcome producer = txn.init(ID);

        assertThat(txn.end(producer, true, V1).error()).isEqualTo(ErrorCode.INVALID_TXN_STATE);
        assertThat(txn.end(producer, true, V2).error()).isEqualTo(ErrorCode.INVALID_TXN_STATE);
        assertThat(txn.end(producer, false, V1).error()).isEqualTo(ErrorCode.INVALID_TXN_STATE);
        IdentityOutcome next = txn.end(producer, false, V2);
        assertThat(next).isEqualTo(with(producer, 1));
        assertThat(txn.state()).isEqualTo("CompleteAbort");
        assertThat(txn.end(next, true, V2).error()).isEqualTo(ErrorCode.INVALID_TXN_STATE);
        assertThat(txn.end(next, false, V2)).isEqualTo(with(producer, 2));
    }

    @Test
    void shouldTakeANewProducerIdWhenTheEpochsOfATransactionAreUsedUp() {
        IdentityOutcome last = exhausted();
        txn.add(last, V2, 0);

        IdentityOutcome next = txn.end(last, true, V2);

        assertThat(next.producerId()).isNotEqualTo(last.producerId());
        assertThat(next.producerEpoch()).isZero();
        txn.scheduler.advance(10);
        assertThat(txn.markers()).containsExactly(new Marker(0, last.producerId(), Short.MAX_VALUE, true, 1));
        assertThat(txn.end(last, true, V2)).as("repeated").isEqualTo(next);
        assertThat(txn.add(next, V2, 0)).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldTakeANewProducerIdWhenTheEpochsOfAProducerAreUsedUp() {
        IdentityOutcome last = exhausted();

        IdentityOutcome next = txn.init(ID, last.producerId(), last.producerEpoch());

        assertThat(next.producerId()).isNotEqualTo(last.producerId());
        assertThat(next.producerEpoch()).isZero();
        assertThat(txn.init(ID, last.producerId(), last.producerEpoch()))
                .as("repeated")
                .isEqualTo(next);
        assertThat(txn.init(ID, last.producerId(), last.producerEpoch() - 1).error())
                .isEqualTo(ErrorCode.PRODUCER_FENCED);
    }

    @Test
    void shouldGiveAProducerThatBringsItsEpochTheNext() {
        IdentityOutcome first = txn.init(ID);

        IdentityOutcome second = txn.init(ID, first.producerId(), first.producerEpoch());

        assertThat(second).isEqualTo(with(first, 1));
        assertThat(txn.init(ID, first.producerId(), first.producerEpoch()))
                .as("repeated")
                .isEqualTo(second);
        txn.restart();
        assertThat(txn.init(ID, first.producerId(), first.producerEpoch()))
                .as("repeated after a restart")
                .isEqualTo(second);
        IdentityOutcome other = txn.init(ID);
        assertThat(txn.init(ID, second.producerId(), second.producerEpoch()).error())
                .as("another was initialised")
                .isEqualTo(ErrorCode.PRODUCER_FENCED);
        assertThat(other).isEqualTo(with(first, 2));
    }

    @Test
    void shouldAbortWhatAProducerLeftOpenBeforeTheNextMayWrite() {
        IdentityOutcome first = txn.init(ID);
        txn.add(first, V1, 0);

        IdentityOutcome second = txn.init(ID);

        assertThat(second).isEqualTo(with(first, 2));
        assertThat(txn.markers()).containsExactly(new Marker(0, first.producerId(), (short) 1, false, 1));
        assertThat(txn.end(first, true, V1).error()).isEqualTo(ErrorCode.PRODUCER_FENCED);
    }

    @Test
    void shouldNotLetAFencedProducerAbortTheTransactionOfTheNext() {
        IdentityOutcome first = txn.init(ID);
        IdentityOutcome second = txn.init(ID);
        txn.add(second, V2, 0);

        assertThat(txn.init(ID, first.producerId(), first.producerEpoch()).error())
                .isEqualTo(ErrorCode.PRODUCER_FENCED);
        assertThat(txn.state()).isEqualTo("Ongoing");
    }

    @ParameterizedTest
    @ValueSource(shorts = {V1, V2})
    void shouldAbortATransactionThatTakesTooLong(short version) {
        IdentityOutcome producer = txn.init(ID);
        txn.add(producer, version, 0, 1);

        txn.scheduler.advance(TIMEOUT_MS);
        assertThat(txn.state()).isEqualTo("Ongoing");
        txn.scheduler.advance(11_000);

        assertThat(txn.state()).isEqualTo("CompleteAbort");
        assertThat(txn.markers())
                .containsExactly(
                        new Marker(0, producer.producerId(), (short) 1, false, 1),
                        new Marker(1, producer.producerId(), (short) 1, false, 1));
        assertThat(txn.partitions.appended().stream()
                        .filter(entry -> entry.partition().topic().equals(TOPIC)))
                .as("an end of the second protocol")
                .allMatch(entry -> entry.transactionVersion() == 2);
        assertThat(txn.add(producer, version, 0)).isEqualTo(ErrorCode.PRODUCER_FENCED);
        assertThat(txn.verify(producer, 0)).containsExactly(ErrorCode.PRODUCER_FENCED);
    }

    @ParameterizedTest
    @ValueSource(shorts = {V1, V2})
    void shouldLetTheProducerOfATransactionThatTookTooLongGoOn(short version) {
        IdentityOutcome producer = txn.init(ID);
        txn.add(producer, version, 0);
        txn.scheduler.advance(TIMEOUT_MS + 11_000L);

        IdentityOutcome next = txn.init(ID, producer.producerId(), producer.producerEpoch());

        assertThat(next).isEqualTo(with(producer, 1));
        txn.restart();
        assertThat(txn.init(ID, producer.producerId(), producer.producerEpoch()))
                .as("repeated")
                .isEqualTo(next);
        assertThat(txn.add(next, version, 0)).isEqualTo(ErrorCode.NONE);
        assertThat(txn.init(ID, producer.producerId(), producer.producerEpoch()).error())
                .as("when it has gone on")
                .isEqualTo(ErrorCode.PRODUCER_FENCED);
    }

    @Test
    void shouldFenceTheProducerOfATransactionThatTookTooLongByAnother() {
        IdentityOutcome producer = txn.init(ID);
        txn.add(producer, V2, 0);
        txn.scheduler.advance(TIMEOUT_MS + 11_000L);

        assertThat(txn.init(ID)).isEqualTo(with(producer, 2));

        assertThat(txn.init(ID, producer.producerId(), producer.producerEpoch()).error())
                .isEqualTo(ErrorCode.PRODUCER_FENCED);
        assertThat(txn.end(producer, false, V2).error()).isEqualTo(ErrorCode.PRODUCER_FENCED);
    }

    @Test
    void shouldTakeTheAbortOfATransactionThatTookTooLongForARepetition() {
        IdentityOutcome producer = txn.init(ID);
        txn.add(producer, V2, 0);
        txn.data.failNext(100, ErrorCode.NOT_ENOUGH_REPLICAS, false);
        txn.scheduler.advance(TIMEOUT_MS + 11_000L);
        assertThat(txn.state()).isEqualTo("PrepareAbort");
        assertThat(txn.end(producer, true, V2).error()).isEqualTo(ErrorCode.INVALID_TXN_STATE);
        Pending<IdentityOutcome> early = txn.endLater(producer, false, V2);
        txn.scheduler.advance(150);
        assertThat(early.refusal()).isEqualTo(ErrorCode.CONCURRENT_TRANSACTIONS);

        txn.data.failNext(0, ErrorCode.NONE, false);
        txn.scheduler.advance(2_000);

        assertThat(txn.end(producer, true, V2).error()).isEqualTo(ErrorCode.INVALID_TXN_STATE);
        assertThat(txn.end(producer, true, V1).error()).isEqualTo(ErrorCode.PRODUCER_FENCED);
        IdentityOutcome next = txn.end(producer, false, V2);
        assertThat(next).isEqualTo(with(producer, 1));
        assertThat(txn.add(next, V2, 0)).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldForgetTransactionalIdsThatNobodyUses() {
        txn.broker.config.put("transactional.id.expiration.ms", "86400000");
        IdentityOutcome producer = txn.init(ID);

        txn.scheduler.advance(86_000_000L);
        assertThat(txn.describe(ID).errorCode()).isZero();
        txn.scheduler.advance(3_600_000L);

        assertThat(txn.describe(ID).errorCode()).isEqualTo(ErrorCode.TRANSACTIONAL_ID_NOT_FOUND.code());
        txn.restart();
        assertThat(txn.describe(ID).errorCode()).isEqualTo(ErrorCode.TRANSACTIONAL_ID_NOT_FOUND.code());
        assertThat(txn.init(ID, producer.producerId(), producer.producerEpoch()).producerId())
                .isNotEqualTo(producer.producerId());
    }

    @Test
    void shouldVerifyWhatBelongsToAnOpenTransaction() {
        IdentityOutcome producer = txn.init(ID);
        assertThat(txn.verify(producer, 0)).containsExactly(ErrorCode.TRANSACTION_ABORTABLE);
        txn.add(producer, V1, 0);

        assertThat(txn.verify(producer, 0, 1)).containsExactly(ErrorCode.NONE, ErrorCode.TRANSACTION_ABORTABLE);
        assertThat(txn.verify(with(producer, 5), 0)).containsExactly(ErrorCode.PRODUCER_FENCED);
        txn.data.failNext(100, ErrorCode.NOT_ENOUGH_REPLICAS, false);
        txn.end(producer, true, V1);
        assertThat(txn.verify(producer, 0)).containsExactly(ErrorCode.CONCURRENT_TRANSACTIONS);
    }

    @Test
    void shouldLetTheNextTransactionWaitForTheMarkersOfTheLast() {
        IdentityOutcome producer = txn.init(ID);
        txn.add(producer, V2, 0);
        txn.data.failNext(2, ErrorCode.NOT_ENOUGH_REPLICAS, false);
        IdentityOutcome next = txn.end(producer, true, V2);

        Pending<ErrorCode> added = txn.addLater(next, V2, 1);
        txn.scheduler.advance(1);
        assertThat(added.isDone()).isFalse();
        assertThat(txn.state()).isEqualTo("PrepareCommit");
        txn.scheduler.advance(60);

        assertThat(added.outcome()).isEqualTo(ErrorCode.NONE);
        assertThat(txn.state()).isEqualTo("Ongoing");
        assertThat(txn.markers()).hasSize(1);
    }

    @Test
    void shouldSendAwayWhoWaitsTooLong() {
        IdentityOutcome producer = txn.init(ID);
        txn.add(producer, V2, 0);
        txn.data.failNext(100, ErrorCode.NOT_ENOUGH_REPLICAS, false);
        IdentityOutcome next = txn.end(producer, true, V2);

        Pending<ErrorCode> added = txn.addLater(next, V2, 1);
        Pending<IdentityOutcome> repeated = txn.endLater(producer, true, V2);
        Pending<IdentityOutcome> other = txn.initLater(ID, -1L, -1);
        txn.scheduler.advance(150);

        assertThat(added.refusal()).isEqualTo(ErrorCode.CONCURRENT_TRANSACTIONS);
        assertThat(repeated.refusal()).isEqualTo(ErrorCode.CONCURRENT_TRANSACTIONS);
        assertThat(other.refusal()).isEqualTo(ErrorCode.CONCURRENT_TRANSACTIONS);
        assertThat(txn.describe(ID).topics()).hasSize(1);
    }

    @Test
    void shouldGoOnWithPreparedTransactionsAfterARestart() {
        IdentityOutcome producer = txn.init(ID);
        txn.add(producer, V2, 0, 1);
        txn.data.failNext(1_000, ErrorCode.KAFKA_STORAGE_ERROR, false);
        txn.end(producer, true, V2);
        txn.scheduler.advance(500);
        assertThat(txn.markers()).isEmpty();

        txn.restart();
        txn.data.failNext(0, ErrorCode.NONE, false);
        txn.scheduler.advance(2_000);

        assertThat(txn.state()).isEqualTo("CompleteCommit");
        assertThat(txn.markers())
                .containsExactly(
                        new Marker(0, producer.producerId(), (short) 1, true, 2),
                        new Marker(1, producer.producerId(), (short) 1, true, 2));
    }

    @Test
    void shouldWriteNoMarkerForADecisionThatIsNotCommitted() {
        IdentityOutcome producer = txn.init(ID);
        txn.add(producer, V2, 0);
        txn.states.failNext(1, ErrorCode.NOT_ENOUGH_REPLICAS, false);

        Pending<IdentityOutcome> ended = txn.endLater(producer, true, V2);
        txn.scheduler.advance(1_000);

        assertThat(ended.refusal()).isEqualTo(ErrorCode.COORDINATOR_NOT_AVAILABLE);
        assertThat(txn.markers()).isEmpty();
        assertThat(txn.state()).isEqualTo("Ongoing");
        assertThat(txn.end(producer, false, V2)).isEqualTo(with(producer, 1));
    }

    @Test
    void shouldEndWhatWasDecidedThoughNobodyKnew() {
        IdentityOutcome producer = txn.init(ID);
        txn.add(producer, V2, 0);
        txn.states.failNext(1, ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND, true);

        Pending<IdentityOutcome> ended = txn.endLater(producer, true, V2);
        txn.scheduler.advance(1_000);

        assertThat(ended.refusal()).isEqualTo(ErrorCode.COORDINATOR_NOT_AVAILABLE);
        assertThat(txn.state()).isEqualTo("CompleteCommit");
        assertThat(txn.end(producer, true, V2)).as("asked again").isEqualTo(with(producer, 1));
        assertThat(txn.end(producer, false, V2).error()).isEqualTo(ErrorCode.INVALID_TXN_STATE);
        assertThat(txn.markers()).hasSize(1);
    }

    @Test
    void shouldPassOverPartitionsOfTopicsThatAreGone() {
        IdentityOutcome producer = txn.init(ID);
        txn.add(producer, V2, 0);
        txn.partitions.remove(TOPIC);
        txn.end(producer, true, V2);
        txn.scheduler.advance(50);
        assertThat(txn.state()).as("while the metadata has it").isEqualTo("PrepareCommit");

        txn.metadata.delete(TOPIC);
        txn.scheduler.advance(2_000);

        assertThat(txn.state()).isEqualTo("CompleteCommit");
    }

    @Test
    void shouldPassOverPartitionsThatHaveSeenALaterEpoch() {
        IdentityOutcome producer = txn.init(ID);
        txn.add(producer, V2, 0);
        txn.data.failNext(1, ErrorCode.INVALID_PRODUCER_EPOCH, false);

        txn.end(producer, true, V2);
        txn.scheduler.advance(50);

        assertThat(txn.state()).isEqualTo("CompleteCommit");
    }

    @Test
    void shouldLeaveATransactionToALaterCoordinator() {
        IdentityOutcome producer = txn.init(ID);
        txn.add(producer, V2, 0);
        txn.data.failNext(1, ErrorCode.TRANSACTION_COORDINATOR_FENCED, false);

        txn.end(producer, true, V2);
        txn.scheduler.advance(5_000);

        assertThat(txn.markers()).as("a second try").isEmpty();
        assertThat(txn.state()).isEqualTo("PrepareCommit");
    }

    @Test
    void shouldHandMarkersOfATopicToTheCoordinatorThatKeepsItsState() {
        txn.metadata.topic(TopicNames.CONSUMER_OFFSETS, 50);
        txn.broker.advertise(ApiKey.TXN_OFFSET_COMMIT);
        IdentityOutcome producer = txn.init(ID);
        var offsets = txn.coordinator.offsetsPartition("group");
        ProducerClaim claim = new ProducerClaim(ID, producer.producerId(), producer.producerEpoch());
        Pending<ErrorCode> added = new Pending<>();
        txn.coordinator.submit(ID, added, (shard, turn) -> shard.add(turn, claim, List.of(offsets), V1, added));
        txn.scheduler.advance(1);
        txn.end(producer, true, V1);
        txn.scheduler.advance(500);
        assertThat(txn.state()).as("while nobody keeps it").isEqualTo("PrepareCommit");

        List<TransactionEnd> ends = new ArrayList<>();
        txn.coordinator.receiverAdded(new TransactionEndReceiver() {
            @Override
            public String topic() {
                return TopicNames.CONSUMER_OFFSETS;
            }

            @Override
            public CompletableFuture<ErrorCode> end(TransactionEnd end) {
                ends.add(end);
                return CompletableFuture.completedFuture(
                        ends.size() == 1 ? ErrorCode.COORDINATOR_LOAD_IN_PROGRESS : ErrorCode.NONE);
            }
        });
        txn.scheduler.advance(3_000);

        assertThat(txn.state()).isEqualTo("CompleteCommit");
        assertThat(ends)
                .hasSize(2)
                .containsOnly(
                        new TransactionEnd(offsets.partition(), producer.producerId(), (short) 0, true, 1, (short) 0));
    }

    /** A receiver of the ends of transactions in the topic of offsets, and a transaction with one such partition that is just being committed. */
    private void commitOffsets(Function<TransactionEnd, CompletableFuture<ErrorCode>> receiver) {
        txn.metadata.topic(TopicNames.CONSUMER_OFFSETS, 50);
        txn.coordinator.receiverAdded(new TransactionEndReceiver() {
            @Override
            public String topic() {
                return TopicNames.CONSUMER_OFFSETS;
            }

            @Override
            public CompletableFuture<ErrorCode> end(TransactionEnd end) {
                return receiver.apply(end);
            }
        });
        IdentityOutcome producer = txn.init(ID);
        var offsets = txn.coordinator.offsetsPartition("group");
        ProducerClaim claim = new ProducerClaim(ID, producer.producerId(), producer.producerEpoch());
        Pending<ErrorCode> added = new Pending<>();
        txn.coordinator.submit(ID, added, (shard, turn) -> shard.add(turn, claim, List.of(offsets), V1, added));
        txn.scheduler.advance(1);
        txn.end(producer, true, V1);
    }

    @Test
    void shouldTellACoordinatorAgainThatGaveNoAnswer() {
        Deque<CompletableFuture<ErrorCode>> answers = new ArrayDeque<>();
        answers.add(new CompletableFuture<>());
        answers.add(CompletableFuture.completedFuture(ErrorCode.NONE));
        commitOffsets(end -> answers.remove());
        txn.scheduler.advance(29_000);
        assertThat(txn.state()).isEqualTo("PrepareCommit");

        txn.scheduler.advance(2_000);

        assertThat(txn.state()).isEqualTo("CompleteCommit");
    }

    @Test
    void shouldTellACoordinatorAgainThatFailed() {
        AtomicInteger calls = new AtomicInteger();
        commitOffsets(end -> {
            if (calls.getAndIncrement() == 0) {
                throw new IllegalStateException("the bundle is stopped");
            }
            return CompletableFuture.completedFuture(ErrorCode.NONE);
        });
        txn.scheduler.advance(100);

        assertThat(txn.state()).isEqualTo("CompleteCommit");
        assertThat(calls).hasValue(2);
    }

    @Test
    void shouldPassOverPartitionsThatAreGoneWhateverTheirCoordinatorSays() {
        commitOffsets(end -> CompletableFuture.completedFuture(ErrorCode.NOT_COORDINATOR));
        txn.scheduler.advance(100);
        assertThat(txn.state()).isEqualTo("PrepareCommit");

        txn.metadata.delete(TopicNames.CONSUMER_OFFSETS);
        txn.scheduler.advance(2_000);

        assertThat(txn.state()).isEqualTo("CompleteCommit");
    }

    @Test
    void shouldWriteNoMarkerPastACoordinatorThatMayStillBeStarting() {
        SimulatedPartitions offsetLogs = txn.topic(TopicNames.CONSUMER_OFFSETS, 1);
        IdentityOutcome producer = txn.init(ID);
        var offsets = txn.coordinator.offsetsPartition("group");
        ProducerClaim claim = new ProducerClaim(ID, producer.producerId(), producer.producerEpoch());
        Pending<ErrorCode> added = new Pending<>();
        txn.coordinator.submit(ID, added, (shard, turn) -> shard.add(turn, claim, List.of(offsets), V1, added));
        txn.scheduler.advance(1);
        txn.end(producer, true, V1);
        txn.scheduler.advance(5_000);
        assertThat(txn.state()).isEqualTo("PrepareCommit");
        assertThat(offsetLogs.log(0).batchCount()).isZero();

        txn.scheduler.advance(30_000);

        assertThat(txn.state()).as("when there is none").isEqualTo("CompleteCommit");
        assertThat(offsetLogs.log(0).batchCount()).isEqualTo(1);
    }

    @Test
    void shouldTakeANewProducerIdWhenTheLastTransactionOfAnIdTakesTooLong() {
        IdentityOutcome last = exhausted();
        txn.add(last, V1, 0);
        txn.scheduler.advance(TIMEOUT_MS + 11_000L);

        assertThat(txn.state()).isEqualTo("CompleteAbort");
        assertThat(txn.markers()).containsExactly(new Marker(0, last.producerId(), Short.MAX_VALUE, false, 1));
        IdentityOutcome next = txn.end(last, false, V2);
        assertThat(next.error()).isEqualTo(ErrorCode.NONE);
        assertThat(next.producerId()).isNotEqualTo(last.producerId());
        assertThat(next.producerEpoch()).isZero();
        assertThat(txn.init(ID, last.producerId(), last.producerEpoch()))
                .as("by its initialisation")
                .isEqualTo(next);
        assertThat(txn.add(next, V2, 0)).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldLeaveTheLastTransactionOfAnIdOpenWhileThereIsNoOther() {
        IdentityOutcome last = exhausted();
        txn.add(last, V2, 0);
        txn.controller.fail();
        txn.restart();
        txn.scheduler.advance(TIMEOUT_MS + 30_000L);

        assertThat(txn.state()).isEqualTo("Ongoing");
        assertThat(txn.end(last, true, V1).error()).as("meanwhile").isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldTakeANewProducerIdWhenTheLastTransactionOfAnIdIsFollowedByAnotherProducer() {
        IdentityOutcome last = exhausted();
        txn.add(last, V1, 0);

        IdentityOutcome next = txn.init(ID);

        assertThat(txn.markers()).containsExactly(new Marker(0, last.producerId(), Short.MAX_VALUE, false, 1));
        assertThat(next.producerId()).isNotEqualTo(last.producerId());
        assertThat(next.producerEpoch()).isEqualTo((short) 1);
        assertThat(txn.end(last, false, V2).error()).isEqualTo(ErrorCode.INVALID_PRODUCER_ID_MAPPING);
    }

    @Test
    void shouldGiveNobodyTheEpochThatFencesTheLast() {
        IdentityOutcome last = exhausted();
        txn.add(last, V1, 0);
        txn.data.failNext(1_000, ErrorCode.NOT_ENOUGH_REPLICAS, false);
        txn.scheduler.advance(TIMEOUT_MS + 11_000L);
        assertThat(txn.state()).isEqualTo("PrepareAbort");

        IdentityOutcome beyond = with(last, Short.MAX_VALUE);
        assertThat(txn.verify(beyond, 0)).containsExactly(ErrorCode.PRODUCER_FENCED);
        assertThat(txn.end(beyond, false, V2).error()).isEqualTo(ErrorCode.PRODUCER_FENCED);
        assertThat(txn.end(beyond, false, V1).error()).isEqualTo(ErrorCode.PRODUCER_FENCED);
        txn.data.failNext(0, ErrorCode.NONE, false);
        txn.scheduler.advance(2_000);
        assertThat(txn.add(beyond, V2, 0)).isEqualTo(ErrorCode.INVALID_PRODUCER_ID_MAPPING);
        assertThat(txn.end(beyond, false, V2).error()).isEqualTo(ErrorCode.INVALID_PRODUCER_ID_MAPPING);
    }

    @Test
    void shouldAskForAnotherProducerIdOnlyWhenItIsNeeded() {
        txn.controller.fail();
        Pending<IdentityOutcome> refused = txn.initLater(ID, -1L, -1);
        txn.scheduler.advance(1);

        assertThat(refused.refusal()).isEqualTo(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS);
    }
}
