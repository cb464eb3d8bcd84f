package io.sluice.coordinator.group.consumer;

import io.sluice.base.ErrorCode;
import io.sluice.protocol.message.ConsumerGroupHeartbeatResponse;
import java.util.Map;
import java.util.Set;

/** What became of a heartbeat. */
public sealed interface HeartbeatOutcome {
    /** It is decided. */
    record Answered(ConsumerGroupHeartbeatResponse response) implements HeartbeatOutcome {}

    /**
     * Nothing is decided: the topics of these regular expressions must be looked up first, with the rights of whoever asks.
     */
    record RegexesWanted(Set<String> regexes) implements HeartbeatOutcome {}

    /**
     * The topics that regular expressions stand for.
     *
     * @param version the offset of the metadata in which they were looked up
     */
    record ResolvedRegexes(Map<String, Set<String>> topics, long version) {
        /** When nothing has been looked up. */
        public static final ResolvedRegexes NONE = new ResolvedRegexes(Map.of(), -1L);
    }

    /** A refusal with its reason. */
    static HeartbeatOutcome refused(ErrorCode error, String reason) {
        return new Answered(
                new ConsumerGroupHeartbeatResponse().setErrorCode(error.code()).setErrorMessage(reason));
    }

    static HeartbeatOutcome noGroup(String groupId) {
        return refused(ErrorCode.GROUP_ID_NOT_FOUND, "There is no consumer group " + groupId + ".");
    }

    static HeartbeatOutcome noMember(ConsumerGroup group, String memberId) {
        return refused(
                ErrorCode.UNKNOWN_MEMBER_ID, "There is no member " + memberId + " in group " + group.groupId() + ".");
    }

    static HeartbeatOutcome replaced(String memberId, String instanceId) {
        return refused(
                ErrorCode.FENCED_INSTANCE_ID,
                "Another member has taken the place of " + memberId + " under instance id " + instanceId + ".");
    }
}
