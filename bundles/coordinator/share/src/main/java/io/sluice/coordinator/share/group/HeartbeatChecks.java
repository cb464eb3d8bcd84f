package io.sluice.coordinator.share.group;

import io.sluice.base.ErrorCode;
import io.sluice.protocol.message.ShareGroupHeartbeatRequest;
import io.sluice.protocol.message.ShareGroupHeartbeatResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What may be wrong with a heartbeat, with Kafka's errors. Stateless. */
final class HeartbeatChecks {
    static final int JOIN_EPOCH = 0;
    static final int LEAVE_EPOCH = -1;

    private HeartbeatChecks() {}

    /** What is wrong whatever the group is; null when nothing is. */
    static @Nullable ShareGroupHeartbeatResponse invalid(ShareGroupHeartbeatRequest request) {
        if (request.memberId().isBlank()) {
            return refused(ErrorCode.INVALID_REQUEST, "MemberId can't be empty.");
        }
        if (request.groupId().isBlank()) {
            return refused(ErrorCode.INVALID_REQUEST, "GroupId can't be empty.");
        }
        String rackId = request.rackId();
        if (rackId != null && rackId.isBlank()) {
            return refused(ErrorCode.INVALID_REQUEST, "RackId can't be empty.");
        }
        List<String> topics = request.subscribedTopicNames();
        if (request.memberEpoch() == JOIN_EPOCH && (topics == null || topics.isEmpty())) {
            return refused(ErrorCode.INVALID_REQUEST, "SubscribedTopicNames must be set in first request.");
        }
        if (request.memberEpoch() < LEAVE_EPOCH) {
            return refused(ErrorCode.INVALID_REQUEST, "MemberEpoch is invalid.");
        }
        return null;
    }

    /** What is wrong with the epoch that a member comes with; null when nothing is. */
    static @Nullable ShareGroupHeartbeatResponse fenced(ShareMember member, int epoch) {
        if (epoch > member.epoch()) {
            return refused(
                    ErrorCode.FENCED_MEMBER_EPOCH,
                    "The share group member has a greater member epoch (" + epoch
                            + ") than the one known by the group coordinator (" + member.epoch()
                            + "). The member must abandon all its partitions and rejoin.");
        }
        if (epoch < member.epoch() && epoch != member.previousEpoch()) {
            return refused(
                    ErrorCode.FENCED_MEMBER_EPOCH,
                    "The share group member has a smaller member epoch (" + epoch
                            + ") than the one known by the group coordinator (" + member.epoch()
                            + "). The member must abandon all its partitions and rejoin.");
        }
        return null;
    }

    static ShareGroupHeartbeatResponse refused(ErrorCode error, @Nullable String message) {
        return new ShareGroupHeartbeatResponse().setErrorCode(error.code()).setErrorMessage(message);
    }
}
