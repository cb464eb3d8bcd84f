package io.sluice.coordinator.group.consumer;

import io.sluice.base.ErrorCode;
import io.sluice.coordinator.group.assignor.Assignors;
import io.sluice.protocol.message.ConsumerGroupHeartbeatRequest;
import org.jspecify.annotations.Nullable;

/** What a heartbeat must be like, whatever the state of its group. */
final class HeartbeatChecks {
    private static final short FIRST_VERSION_WITH_CLIENT_MADE_IDS = 1;

    private HeartbeatChecks() {}

    /** The refusal, or null. */
    static @Nullable HeartbeatOutcome refusal(
            ConsumerGroupHeartbeatRequest request, short version, Assignors assignors) {
        String invalid = invalid(request, version);
        if (invalid != null) {
            return HeartbeatOutcome.refused(ErrorCode.INVALID_REQUEST, invalid);
        }
        String assignor = request.serverAssignor();
        if (assignor != null && !assignors.isKnown(assignor)) {
            return HeartbeatOutcome.refused(
                    ErrorCode.UNSUPPORTED_ASSIGNOR,
                    "There is no assignor " + assignor + ", only " + String.join(", ", assignors.names()) + ".");
        }
        return null;
    }

    private static @Nullable String invalid(ConsumerGroupHeartbeatRequest request, short version) {
        if (request.groupId().isBlank()) {
            return "The group id must not be empty.";
        }
        if ("".equals(request.instanceId())) {
            return "The instance id must not be empty.";
        }
        if ("".equals(request.rackId())) {
            return "The rack id must not be empty.";
        }
        int epoch = request.memberEpoch();
        if (request.memberId().isBlank() && (epoch != 0 || version >= FIRST_VERSION_WITH_CLIENT_MADE_IDS)) {
            return "The member id must not be empty.";
        }
        if (epoch < ConsumerGroup.EPOCH_OF_ABSENT_STATIC_MEMBER) {
            return "There is no member epoch " + epoch + ".";
        }
        if (epoch == ConsumerGroup.EPOCH_OF_ABSENT_STATIC_MEMBER && request.instanceId() == null) {
            return "Only a member with an instance id can be away.";
        }
        return epoch == 0 ? invalidJoin(request) : null;
    }

    private static @Nullable String invalidJoin(ConsumerGroupHeartbeatRequest request) {
        if (request.rebalanceTimeoutMs() == -1) {
            return "A member that joins must say its rebalance timeout.";
        }
        if (request.topicPartitions() == null || !request.topicPartitions().isEmpty()) {
            return "A member that joins must have no partitions.";
        }
        if (request.subscribedTopicNames() == null && request.subscribedTopicRegex() == null) {
            return "A member that joins must say what it subscribes to.";
        }
        return null;
    }
}
