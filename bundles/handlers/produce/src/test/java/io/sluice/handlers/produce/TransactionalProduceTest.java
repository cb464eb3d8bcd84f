package io.sluice.handlers.produce;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.ErrorCode;
import io.sluice.base.TopicPartition;
import io.sluice.base.Uuid;
import io.sluice.broker.api.AppendEntry;
import io.sluice.broker.api.AppendOutcome;
import io.sluice.broker.api.ProducerTransactions;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.ByteBufferRecords;
import io.sluice.protocol.message.InitProducerIdRequest;
import io.sluice.protocol.message.InitProducerIdResponse;
import io.sluice.protocol.message.ProduceRequest;
import io.sluice.protocol.message.ProduceRequest.PartitionProduceData;
import io.sluice.protocol.message.ProduceRequest.TopicProduceData;
import io.sluice.protocol.message.ProduceResponse;
import io.sluice.protocol.record.RecordBatchBuilder;
import io.sluice.request.kit.MemoryBroker;
import io.sluice.request.kit.MemoryMetadata;
import io.sluice.request.kit.MemoryPartitions;
import io.sluice.request.kit.RecordingRequest;
import io.sluice.security.api.Operation;
import io.sluice.security.api.Resource;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TransactionalProduceTest {
    private static final int SEQUENCE = 12;
    private static final String TOPIC = "orders";
    private static final String ID = "payments";
    private static final int ADDS = 12;

    private final MemoryMetadata metadata = new MemoryMetadata();
    private final MemoryBroker broker = new MemoryBroker();
    private final MemoryPartitions partitions =
            new MemoryPartitions().appending(TransactionalProduceTest::accept).guardedBy(40L);
    private final ProduceHandler handler = new ProduceHandler(partitions, metadata, broker);
    private final Coordinator coordinator = new Coordinator();

    private static AppendOutcome accept(AppendEntry entry) {
        return new AppendOutcome(ErrorCode.NONE, 40L, 40L, -1L, 3L, List.of(), null);
    }

    /** Answers when the test says so. */
    private static final class Coordinator implements ProducerTransactions {
        final List<Claim> claims = new ArrayList<>();
        CompletableFuture<List<ErrorCode>> answer = new CompletableFuture<>();

        @Override
        public CompletableFuture<InitProducerIdResponse> init(InitProducerIdRequest request) {
            throw new AssertionError("nobody is initialised");
        }

        @Override
        public CompletableFuture<List<ErrorCode>> admit(Claim claim) {
            claims.add(claim);
            return answer;
        }
    }

    @BeforeEach
    void install() {
        metadata.topic(TOPIC, 2);
        broker.advertise(ApiKey.END_TXN);
        handler.setTransactions(coordinator);
    }

    private static ByteBuffer batch(long producerId, boolean transactional) {
        return new RecordBatchBuilder()
                .producer(producerId, (short) 3, SEQUENCE)
                .transactional(transactional)
                .append(null, ByteBuffer.wrap(new byte[] {1, 2, 3}), 1_000L)
                .build();
    }

    private static ProduceRequest request(String id, ByteBuffer... batches) {
        ProduceRequest request =
                new ProduceRequest().setAcks((short) -1).setTimeoutMs(1_000).setTransactionalId(id);
        List<PartitionProduceData> data = new ArrayList<>();
        for (int i = 0; i < batches.length; i++) {
            data.add(new PartitionProduceData().setIndex(i).setRecords(new ByteBufferRecords(batches[i])));
        }
        request.topicData().add(new TopicProduceData().setName(TOPIC).setPartitionData(data));
        return request;
    }

    private static List<ErrorCode> errors(RecordingRequest request) {
        List<ErrorCode> errors = new ArrayList<>();
        request.response(ProduceResponse.class)
                .responses()
                .get(0)
                .partitionResponses()
                .forEach(one -> errors.add(ErrorCode.of(one.errorCode())));
        return errors;
    }

    private RecordingRequest send(int version, ProduceRequest asked) {
        RecordingRequest request = RecordingRequest.of(version, asked);
        handler.handle(request);
        return request;
    }

    /** The kernel's part: whoever was woken is resumed. */
    private void resume(RecordingRequest request, boolean timedOut) {
        RecordingRequest.Parked parked = request.parked();
        assertThat(parked).isNotNull();
        assertThat(parked.fired()).isNotEqualTo(timedOut);
        handler.resume(request, parked.continuation(), timedOut);
    }

    @ParameterizedTest
    @CsvSource({"12, ADD", "11, VERIFY_ABORTABLE", "10, VERIFY"})
    void shouldAskTheCoordinatorBeforeTheFirstAppendOfATransaction(int version, ProducerTransactions.Admission how) {
        RecordingRequest request = send(version, request(ID, batch(7L, true)));

        assertThat(partitions.appended()).isEmpty();
        assertThat(coordinator.claims)
                .containsExactly(
                        new ProducerTransactions.Claim(ID, 7L, (short) 3, List.of(new TopicPartition(TOPIC, 0)), how));
        coordinator.answer.complete(List.of(ErrorCode.NONE));
        resume(request, false);

        assertThat(errors(request)).containsExactly(ErrorCode.NONE);
        AppendEntry any = new AppendEntry(new TopicPartition(TOPIC, 0), Uuid.ZERO, batch(7L, true));
        assertThat(partitions.appended())
                .extracting(AppendEntry::transactionGuard)
                .containsExactly((version >= ADDS ? any.guardedFromFirst(40L) : any.guardedBy(40L)).transactionGuard());
        assertThat(partitions.guardedSequences()).containsExactly(SEQUENCE);
    }

    @Test
    void shouldAskNobodyWhenTheLogKnowsTheTransaction() {
        partitions.guardedBy(AppendEntry.ONGOING);

        RecordingRequest request = send(ADDS, request(ID, batch(7L, true)));

        assertThat(errors(request)).containsExactly(ErrorCode.NONE);
        assertThat(coordinator.claims).isEmpty();
        assertThat(partitions.appended())
                .extracting(AppendEntry::transactionGuard)
                .containsExactly(AppendEntry.ONGOING);
    }

    @Test
    void shouldAppendWhatIsAdmittedAndRefuseTheRest() {
        RecordingRequest request = send(ADDS, request(ID, batch(7L, true), batch(7L, true)));
        coordinator.answer.complete(List.of(ErrorCode.INVALID_PRODUCER_EPOCH, ErrorCode.NONE));
        resume(request, false);

        assertThat(errors(request)).containsExactly(ErrorCode.INVALID_PRODUCER_EPOCH, ErrorCode.NONE);
        assertThat(partitions.appended())
                .extracting(AppendEntry::partition)
                .containsExactly(new TopicPartition(TOPIC, 1));
    }

    @ParameterizedTest
    @CsvSource({
        "12, CONCURRENT_TRANSACTIONS, CONCURRENT_TRANSACTIONS",
        "11, CONCURRENT_TRANSACTIONS, NOT_ENOUGH_REPLICAS",
        "12, NOT_COORDINATOR, NOT_ENOUGH_REPLICAS",
        "9, COORDINATOR_LOAD_IN_PROGRESS, NOT_ENOUGH_REPLICAS",
        "9, INVALID_TXN_STATE, INVALID_TXN_STATE",
        "11, TRANSACTION_ABORTABLE, TRANSACTION_ABORTABLE",
        "12, INVALID_PRODUCER_ID_MAPPING, INVALID_PRODUCER_ID_MAPPING"
    })
    void shouldTellProducersWhatTheyKnow(int version, ErrorCode answered, ErrorCode told) {
        coordinator.answer = CompletableFuture.completedFuture(List.of(answered));

        assertThat(errors(send(version, request(ID, batch(7L, true))))).containsExactly(told);
        assertThat(partitions.appended()).isEmpty();
    }

    @Test
    void shouldRefuseRecordsOfATransactionWithoutTheRightToIt() {
        RecordingRequest stranger = RecordingRequest.of(ADDS, request(ID, batch(7L, true)))
                .allowing((operation, resource) -> !resource.equals(Resource.transactionalId(ID)));
        handler.handle(stranger);

        assertThat(errors(stranger)).containsExactly(ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
        assertThat(errors(send(ADDS, request(null, batch(7L, true)))))
                .as("without an id")
                .containsExactly(ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
        assertThat(partitions.appended()).isEmpty();
        RecordingRequest plain = RecordingRequest.of(ADDS, request(ID, batch(7L, false)))
                .allowing((operation, resource) ->
                        operation == Operation.WRITE && resource.equals(Resource.topic(TOPIC)));
        handler.handle(plain);
        assertThat(errors(plain)).as("without a transaction").containsExactly(ErrorCode.NONE);
    }

    @Test
    void shouldRefuseRecordsOfSeveralProducers() {
        assertThat(errors(send(ADDS, request(ID, batch(7L, true), batch(8L, true)))))
                .containsExactly(ErrorCode.INVALID_PRODUCER_ID_MAPPING, ErrorCode.INVALID_PRODUCER_ID_MAPPING);
        assertThat(partitions.appended()).isEmpty();
    }

    @Test
    void shouldWaitForACoordinatorThatIsBeingReplaced() {
        handler.unsetTransactions(coordinator);
        coordinator.answer = CompletableFuture.completedFuture(List.of(ErrorCode.NONE));
        RecordingRequest request = send(ADDS, request(ID, batch(7L, true)));
        assertThat(request.isAnswered()).isFalse();

        handler.setTransactions(coordinator);
        resume(request, false);

        assertThat(errors(request)).containsExactly(ErrorCode.NONE);
        handler.unsetTransactions(coordinator);
        RecordingRequest other = send(ADDS, request(ID, batch(7L, true)));
        resume(other, true);
        assertThat(errors(other)).as("too long").containsExactly(ErrorCode.NOT_ENOUGH_REPLICAS);
    }

    @Test
    void shouldNotWaitForeverForAnAnswer() {
        RecordingRequest request = send(ADDS, request(ID, batch(7L, true)));
        resume(request, true);

        assertThat(errors(request)).containsExactly(ErrorCode.NOT_ENOUGH_REPLICAS);
        assertThat(partitions.appended()).isEmpty();
    }

    @Test
    void shouldRefuseTransactionsForGoodWhereNoCoordinatorIsInstalled() {
        ProduceHandler alone = new ProduceHandler(partitions, metadata, new MemoryBroker());
        RecordingRequest request = RecordingRequest.of(ADDS, request(ID, batch(7L, true)));
        alone.handle(request);

        assertThat(errors(request)).containsExactly(ErrorCode.INVALID_TXN_STATE);
        RecordingRequest plain = RecordingRequest.of(ADDS, request(null, batch(7L, false)));
        alone.handle(plain);
        assertThat(errors(plain)).as("idempotent producers").containsExactly(ErrorCode.NONE);
    }
}
