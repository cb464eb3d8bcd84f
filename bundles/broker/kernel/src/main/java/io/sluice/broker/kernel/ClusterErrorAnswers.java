package io.sluice.broker.kernel;

import static io.sluice.broker.kernel.ErrorAnswers.CLOSE;

import io.sluice.base.ErrorCode;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.AddRaftVoterResponse;
import io.sluice.protocol.message.DescribeClusterResponse;
import io.sluice.protocol.message.DescribeQuorumResponse;
import io.sluice.protocol.message.GetTelemetrySubscriptionsResponse;
import io.sluice.protocol.message.PushTelemetryResponse;
import io.sluice.protocol.message.RemoveRaftVoterResponse;
import io.sluice.protocol.message.UnregisterBrokerResponse;
import io.sluice.protocol.message.UnregisterControllerResponse;
import io.sluice.protocol.message.UpdateFeaturesResponse;

/** The errors of APIs that administer the cluster, and of the telemetry of clients. */
final class ClusterErrorAnswers {
    private ClusterErrorAnswers() {}

    static void addTo(ErrorAnswers all) {
        addQuorum(all);
        addRegistrations(all);
        addTelemetry(all);
        all.put(ApiKey.DESCRIBE_CLUSTER, CLOSE, (request, code) -> new DescribeClusterResponse().setErrorCode(code));
    }

    private static void addQuorum(ErrorAnswers all) {
        ErrorCode error = ErrorCode.NOT_CONTROLLER;
        all.put(ApiKey.UPDATE_FEATURES, error, (request, code) -> new UpdateFeaturesResponse()
                .setErrorCode(code)
                .setErrorMessage(null));
        all.put(ApiKey.DESCRIBE_QUORUM, error, (request, code) -> new DescribeQuorumResponse()
                .setErrorCode(code)
                .setErrorMessage(null));
        all.put(ApiKey.ADD_RAFT_VOTER, error, (request, code) -> new AddRaftVoterResponse()
                .setErrorCode(code)
                .setErrorMessage(null));
        all.put(ApiKey.REMOVE_RAFT_VOTER, error, (request, code) -> new RemoveRaftVoterResponse()
                .setErrorCode(code)
                .setErrorMessage(null));
    }

    private static void addRegistrations(ErrorAnswers all) {
        ErrorCode error = ErrorCode.REQUEST_TIMED_OUT;
        all.put(ApiKey.UNREGISTER_BROKER, error, (request, code) -> new UnregisterBrokerResponse()
                .setErrorCode(code)
                .setErrorMessage(null));
        all.put(ApiKey.UNREGISTER_CONTROLLER, error, (request, code) -> new UnregisterControllerResponse()
                .setErrorCode(code)
                .setErrorMessage(null));
    }

    /** The one error after which a client's telemetry waits for its next turn (KIP-714). */
    private static void addTelemetry(ErrorAnswers all) {
        ErrorCode error = ErrorCode.THROTTLING_QUOTA_EXCEEDED;
        all.put(ApiKey.GET_TELEMETRY_SUBSCRIPTIONS, error, (request, code) -> new GetTelemetrySubscriptionsResponse()
                .setErrorCode(code));
        all.put(ApiKey.PUSH_TELEMETRY, error, (request, code) -> new PushTelemetryResponse().setErrorCode(code));
    }
}
