package io.sluice.coordinator.group.classic;

import io.sluice.protocol.message.ConsumerProtocolAssignment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A member that comes into a classic group from a consumer group, where it has used the classic protocol already.
 *
 * @param assignment what it is to have
 */
public record Newcomer(
        String memberId,
        @Nullable String instanceId,
        String clientId,
        String clientHost,
        int rebalanceTimeoutMs,
        int sessionTimeoutMs,
        List<JoinProtocol> protocols,
        ConsumerProtocolAssignment assignment) {
    public Newcomer {
        protocols = List.copyOf(protocols);
    }

    private Member toMember() {
        return new Member(memberId, instanceId, clientId, clientHost, rebalanceTimeoutMs, sessionTimeoutMs, protocols);
    }

    /** A stable group of these members. */
    public static ClassicGroup group(String groupId, int generation, long nowMs, List<Newcomer> newcomers) {
        ClassicGroup choosing = new ClassicGroup(groupId);
        newcomers.forEach(newcomer -> choosing.add(newcomer.toMember(), ClassicGroup.CONSUMER_PROTOCOL_TYPE));
        String protocol = choosing.selectProtocol();
        List<Member> members = newcomers.stream()
                .map(newcomer -> {
                    Member member = newcomer.toMember();
                    member.setAssignment(EmbeddedProtocol.write(newcomer.assignment, member.metadata(protocol)));
                    return member;
                })
                .toList();
        ClassicGroup group = new ClassicGroup(groupId);
        group.restore(
                generation,
                ClassicGroup.CONSUMER_PROTOCOL_TYPE,
                protocol,
                newcomers.isEmpty() ? null : newcomers.get(0).memberId,
                nowMs,
                members);
        return group;
    }
}
