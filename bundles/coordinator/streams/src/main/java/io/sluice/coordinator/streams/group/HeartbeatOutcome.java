package io.sluice.coordinator.streams.group;

import io.sluice.base.ErrorCode;
import io.sluice.coordinator.streams.topology.InternalTopic;
import io.sluice.protocol.message.StreamsGroupHeartbeatResponse;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of a heartbeat.
 *
 * @param missing internal topics that are to be made; the answer says already that they are missing
 */
public record HeartbeatOutcome(StreamsGroupHeartbeatResponse response, List<InternalTopic> missing) {
    public HeartbeatOutcome {
        missing = List.copyOf(missing);
    }

    static HeartbeatOutcome of(StreamsGroupHeartbeatResponse response, Collection<InternalTopic> missing) {
        return new HeartbeatOutcome(response, List.copyOf(missing));
    }

    static HeartbeatOutcome refused(ErrorCode error, @Nullable String reason) {
        return new HeartbeatOutcome(
                new StreamsGroupHeartbeatResponse().setErrorCode(error.code()).setErrorMessage(reason), List.of());
    }

    static HeartbeatOutcome noGroup(String groupId) {
        return refused(ErrorCode.GROUP_ID_NOT_FOUND, "Streams group " + groupId + " not found.");
    }

    static HeartbeatOutcome noMember(String groupId, String memberId) {
        return refused(
                ErrorCode.UNKNOWN_MEMBER_ID, "Member " + memberId + " is not a member of group " + groupId + ".");
    }

    static HeartbeatOutcome noInstance(String instanceId) {
        return refused(ErrorCode.UNKNOWN_MEMBER_ID, "Instance id " + instanceId + " is unknown.");
    }

    static HeartbeatOutcome replaced(String memberId, String instanceId, String successor) {
        return refused(
                ErrorCode.FENCED_INSTANCE_ID,
                "Static member " + memberId + " with instance id " + instanceId + " was fenced by member " + successor
                        + ".");
    }
}
