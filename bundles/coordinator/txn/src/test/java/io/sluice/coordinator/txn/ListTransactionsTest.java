package io.sluice.coordinator.txn;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.ErrorCode;
import io.sluice.coordinator.txn.handler.ListTransactionsHandler;
import io.sluice.protocol.message.ListTransactionsRequest;
import io.sluice.protocol.message.ListTransactionsResponse;
import io.sluice.request.kit.RecordingRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ListTransactionsTest {
    private final SimulatedTransactions txn = new SimulatedTransactions(1L);

    private RecordingRequest ask(String pattern) {
        RecordingRequest request =
                RecordingRequest.of(2, new ListTransactionsRequest().setTransactionalIdPattern(pattern));
        new ListTransactionsHandler(txn.coordinator).handle(request);
        return request;
    }

    @ParameterizedTest
    @ValueSource(strings = {"([", "((a{1000}){1000}){1000}"})
    void shouldRefuseAPatternThatIsNoneOrTooLarge(String pattern) {
        RecordingRequest request = ask(pattern);

        assertThat(request.isAnswered()).isTrue();
        assertThat(request.response(ListTransactionsResponse.class).errorCode())
                .isEqualTo(ErrorCode.INVALID_REGULAR_EXPRESSION.code());
    }

    @Test
    void shouldTakeAPatternOfOrdinaryIds() {
        assertThat(ask("transfers-[0-9]{1,20}").isAnswered()).isFalse();
    }
}
