package io.sluice.handlers.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.ErrorCode;
import io.sluice.broker.api.ProducerIds;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.InitProducerIdRequest;
import io.sluice.protocol.message.InitProducerIdResponse;
import io.sluice.request.kit.MemoryBroker;
import io.sluice.request.kit.MemoryController;
import io.sluice.request.kit.MemoryMetadata;
import io.sluice.request.kit.RecordingRequest;
import io.sluice.security.api.Operation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class InitProducerIdHandlerTest {
    private static final int NEWEST = ApiKey.INIT_PRODUCER_ID.highestStableVersion();

    private final MemoryMetadata metadata = new MemoryMetadata();
    private final MemoryController controller = new MemoryController(metadata);
    private final InitProducerIdHandler handler = new InitProducerIdHandler(controller, metadata, new MemoryBroker());

    private static InitProducerIdRequest idempotent() {
        return new InitProducerIdRequest().setTransactionalId(null).setTransactionTimeoutMs(60_000);
    }

    private InitProducerIdResponse ask(RecordingRequest request) {
        handler.handle(request);
        return request.response(InitProducerIdResponse.class);
    }

    @Test
    void shouldGiveEveryProducerAnIdOfItsOwnFromAsFewBlocksAsPossible() {
        Set<Long> ids = new HashSet<>();
        for (int i = 0; i < 1500; i++) {
            InitProducerIdResponse response = ask(RecordingRequest.of(i % (NEWEST + 1), idempotent()));
            assertThat(response.errorCode()).isZero();
            assertThat(response.producerEpoch()).isZero();
            ids.add(response.producerId());
        }
        assertThat(ids).hasSize(1500);
        assertThat(controller.requests()).hasSize(2);
    }

    @Test
    void shouldAnswerAllWhoWaitedForABlockOnceItIsThere() {
        controller.hold();
        List<RecordingRequest> waiting = new ArrayList<>();
        for (int i = 0; i < 2500; i++) {
            RecordingRequest request = RecordingRequest.of(NEWEST, idempotent());
            handler.handle(request);
            waiting.add(request);
        }
        assertThat(waiting).noneMatch(RecordingRequest::isAnswered);

        controller.release();

        Set<Long> ids = new HashSet<>();
        waiting.forEach(request ->
                ids.add(request.response(InitProducerIdResponse.class).producerId()));
        assertThat(ids).hasSize(2500).doesNotContain(-1L);
        assertThat(controller.requests()).hasSize(3);
    }

    @Test
    void shouldBoundHowManyWait() {
        controller.hold();
        for (int i = 0; i < ProducerIds.WAITING_MAX; i++) {
            handler.handle(RecordingRequest.of(NEWEST, idempotent()));
        }

        assertThat(ask(RecordingRequest.of(NEWEST, idempotent())).errorCode())
                .isEqualTo(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS.code());
    }

    @Test
    void shouldLetProducersAskAgainWhenNoControllerIsActive() {
        controller.fail();

        InitProducerIdResponse response = ask(RecordingRequest.of(NEWEST, idempotent()));

        assertThat(response.errorCode()).isEqualTo(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS.code());
        assertThat(response.producerId()).isEqualTo(-1L);
    }

    @Test
    void shouldRefuseTransactionsForGood() {
        InitProducerIdResponse response =
                ask(RecordingRequest.of(NEWEST, idempotent().setTransactionalId("t")));

        assertThat(response.errorCode()).isEqualTo(ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED.code());
        assertThat(response.producerId()).isEqualTo(-1L);
        assertThat(ask(RecordingRequest.of(NEWEST, idempotent().setTransactionalId("")))
                        .errorCode())
                .isEqualTo(ErrorCode.INVALID_REQUEST.code());
    }

    @Test
    void shouldRefuseAnIdWithoutItsEpoch() {
        assertThat(ask(RecordingRequest.of(NEWEST, idempotent().setProducerId(5L)))
                        .errorCode())
                .isEqualTo(ErrorCode.INVALID_REQUEST.code());
        InitProducerIdRequest both = idempotent().setProducerId(5L).setProducerEpoch((short) 3);
        assertThat(ask(RecordingRequest.of(NEWEST, both)).errorCode()).isZero();
    }

    @Test
    void shouldGiveIdsToThoseWhoMayWriteToSomeTopic() {
        RecordingRequest writer = RecordingRequest.of(NEWEST, idempotent())
                .allowing((operation, resource) -> operation == Operation.WRITE);

        assertThat(ask(RecordingRequest.of(NEWEST, idempotent()).allowing((operation, resource) -> false))
                        .errorCode())
                .isEqualTo(ErrorCode.CLUSTER_AUTHORIZATION_FAILED.code());
        metadata.topic("t", 1);
        assertThat(ask(writer).errorCode()).isZero();
    }
}
