package org.example.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.ErrorCode;
import io.sluice.protocol.message.DescribeClientQuotasRequest;
import io.sluice.protocol.message.DescribeClientQuotasResponse;
import io.sluice.request.kit.RecordingRequest;
import io.sluice.security.api.Operation;
import org.junit.jupiter.api.Test;

final class SampleHandlerTest {
    private final SampleHandler handler = new SampleHandler();

    private DescribeClientQuotasResponse ask(RecordingRequest request) {
        handler.handle(request);
        return request.response(DescribeClientQuotasResponse.class);
    }

    @Test
    void shouldAnswerEveryVersionThatItOffers() {
        for (int version = handler.lowestVersion(); version <= handler.highestVersion(); version++) {
            DescribeClientQuotasResponse response =
                    ask(RecordingRequest.of(version, new DescribeClientQuotasRequest()));
            assertThat(response.errorCode()).isZero();
            assertThat(response.entries()).isEmpty();
        }
    }

    @Test
    void shouldTellNothingToThoseWhoMayNotSeeIt() {
        DescribeClientQuotasResponse response = ask(RecordingRequest.of(1, new DescribeClientQuotasRequest())
                .allowing((operation, resource) -> operation != Operation.DESCRIBE_CONFIGS));
        assertThat(response.errorCode()).isEqualTo(ErrorCode.CLUSTER_AUTHORIZATION_FAILED.code());
        assertThat(response.entries()).isNull();
    }
}
