package io.sluice.handlers.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.ErrorCode;
import io.sluice.cluster.api.BrokerImage;
import io.sluice.protocol.message.DescribeClusterRequest;
import io.sluice.protocol.message.DescribeClusterResponse;
import io.sluice.request.kit.MemoryBroker;
import io.sluice.request.kit.MemoryMetadata;
import io.sluice.request.kit.RecordingRequest;
import io.sluice.security.api.Operation;
import org.junit.jupiter.api.Test;

class DescribeClusterHandlerTest {
    private final MemoryMetadata metadata = new MemoryMetadata();
    private final DescribeClusterHandler handler = new DescribeClusterHandler(metadata, new MemoryBroker());

    private DescribeClusterResponse ask(int version, DescribeClusterRequest asked) {
        RecordingRequest request = RecordingRequest.of(version, asked);
        handler.handle(request);
        return request.response(DescribeClusterResponse.class);
    }

    @Test
    void shouldDescribeTheClusterInEveryVersion() {
        metadata.broker(2, false, "rack-2", new BrokerImage.Listener(RecordingRequest.LISTENER, "PLAINTEXT", "two", 2));
        for (int version = 0; version <= 2; version++) {
            DescribeClusterResponse response = ask(version, new DescribeClusterRequest());
            assertThat(response.errorCode()).isZero();
            assertThat(response.clusterId()).isEqualTo(MemoryBroker.CLUSTER_ID);
            assertThat(response.controllerId()).isEqualTo(1);
            assertThat(response.brokers()).hasSize(2);
            assertThat(response.brokers().get(1).rack()).isEqualTo("rack-2");
            assertThat(response.clusterAuthorizedOperations()).isEqualTo(Integer.MIN_VALUE);
        }
    }

    @Test
    void shouldShowFencedBrokersToThoseWhoAsk() {
        metadata.broker(2, true, null, new BrokerImage.Listener(RecordingRequest.LISTENER, "PLAINTEXT", "two", 2));

        assertThat(ask(2, new DescribeClusterRequest()).brokers()).hasSize(1);
        DescribeClusterResponse all = ask(2, new DescribeClusterRequest().setIncludeFencedBrokers(true));
        assertThat(all.brokers().get(1).isFenced()).isTrue();
    }

    @Test
    void shouldRefuseToSpeakForControllers() {
        byte controllers = 2;
        byte unknown = 7;
        assertThat(ask(2, new DescribeClusterRequest().setEndpointType(controllers))
                        .errorCode())
                .isEqualTo(ErrorCode.MISMATCHED_ENDPOINT_TYPE.code());
        assertThat(ask(2, new DescribeClusterRequest().setEndpointType(unknown)).errorCode())
                .isEqualTo(ErrorCode.UNSUPPORTED_ENDPOINT_TYPE.code());
    }

    @Test
    void shouldTellNoOperationsToThoseWhoMayNotDescribeTheCluster() {
        DescribeClusterRequest asked = new DescribeClusterRequest().setIncludeClusterAuthorizedOperations(true);
        RecordingRequest refused =
                RecordingRequest.of(2, asked).allowing((operation, resource) -> operation != Operation.DESCRIBE);

        handler.handle(refused);

        assertThat(refused.response(DescribeClusterResponse.class).clusterAuthorizedOperations())
                .isZero();
        assertThat(ask(2, asked).clusterAuthorizedOperations()).isPositive();
    }
}
