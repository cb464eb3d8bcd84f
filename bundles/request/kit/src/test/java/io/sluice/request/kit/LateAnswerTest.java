package io.sluice.request.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.base.ErrorCode;
import io.sluice.protocol.message.HeartbeatRequest;
import io.sluice.protocol.message.HeartbeatResponse;
import io.sluice.request.api.AuthorizedOperations;
import io.sluice.request.api.LateAnswer;
import io.sluice.security.api.Operation;
import io.sluice.security.api.Resource;
import io.sluice.security.api.ResourceType;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class LateAnswerTest {
    private final RecordingRequest request =
            RecordingRequest.of(4, new HeartbeatRequest().setGroupId("g").setMemberId("m"));

    private static HeartbeatResponse answer(ErrorCode error) {
        return new HeartbeatResponse().setErrorCode(error.code());
    }

    @Test
    void shouldAnswerWhenTheFutureIsDone() {
        CompletableFuture<ErrorCode> future = new CompletableFuture<>();
        LateAnswer.to(request, future, (error, failure) -> answer(error == null ? ErrorCode.NOT_CONTROLLER : error));
        assertThat(request.isAnswered()).isFalse();

        future.complete(ErrorCode.REBALANCE_IN_PROGRESS);

        assertThat(request.response(HeartbeatResponse.class).errorCode())
                .isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS.code());
    }

    @Test
    void shouldAnswerWhenTheFutureFails() {
        CompletableFuture<ErrorCode> future =
                CompletableFuture.failedFuture(new IllegalStateException("no controller"));

        LateAnswer.to(
                request,
                future,
                (error, failure) -> answer(failure == null ? ErrorCode.NONE : ErrorCode.NOT_CONTROLLER));

        assertThat(request.response(HeartbeatResponse.class).errorCode()).isEqualTo(ErrorCode.NOT_CONTROLLER.code());
    }

    @Test
    void shouldCloseTheConnectionWhenNoAnswerCanBeMade() {
        LateAnswer.to(request, CompletableFuture.completedFuture(ErrorCode.NONE), (error, failure) -> {
            throw new IllegalStateException("broken");
        });

        assertThatThrownBy(() -> request.response(HeartbeatResponse.class))
                .hasRootCauseMessage(
                        "disconnected: the answer to HEARTBEAT failed: java.lang.IllegalStateException:" + " broken");
    }

    @Test
    void shouldSetTheBitsOfWhatIsAllowed() {
        RecordingRequest reader = RecordingRequest.of(
                        4, new HeartbeatRequest().setGroupId("g").setMemberId("m"))
                .allowing((operation, resource) -> operation == Operation.READ || operation == Operation.WRITE);

        assertThat(AuthorizedOperations.of(reader, Resource.topic("t"))).isEqualTo(1 << 3 | 1 << 4);
        assertThat(AuthorizedOperations.of(reader, Resource.group("g"))).isEqualTo(1 << 3);
        assertThat(AuthorizedOperations.of(reader, Resource.CLUSTER)).isZero();
        assertThat(AuthorizedOperations.of(request, Resource.group("g")))
                .isEqualTo(1 << 3 | 1 << 6 | 1 << 8 | 1 << 10 | 1 << 11);
        assertThat(AuthorizedOperations.of(request, new Resource(ResourceType.USER, "u")))
                .isZero();
    }
}
