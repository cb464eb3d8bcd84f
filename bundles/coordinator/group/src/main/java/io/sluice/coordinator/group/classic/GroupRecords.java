package io.sluice.coordinator.group.classic;

import io.sluice.coordinator.group.record.GroupMetadataRecord;
import io.sluice.coordinator.group.record.GroupRecord;
import io.sluice.protocol.group.GroupMetadataValue;
import io.sluice.protocol.group.GroupMetadataValue.MemberMetadata;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** What of a classic group is written, and how it is read again. */
public final class GroupRecords {
    private GroupRecords() {}

    /** The group as it stands. */
    public static GroupRecord of(ClassicGroup group) {
        return of(group, Member::assignment);
    }

    /** The group as it will stand with these assignments. */
    static GroupRecord of(ClassicGroup group, Function<Member, byte[]> assignments) {
        List<MemberMetadata> members = new ArrayList<>();
        for (Member member : group.members()) {
            members.add(new MemberMetadata()
                    .setMemberId(member.memberId())
                    .setGroupInstanceId(member.instanceId())
                    .setClientId(member.clientId())
                    .setClientHost(member.clientHost())
                    .setRebalanceTimeout(member.rebalanceTimeoutMs())
                    .setSessionTimeout(member.sessionTimeoutMs())
                    .setSubscription(member.metadata(group.protocolName()))
                    .setAssignment(assignments.apply(member)));
        }
        String protocolType = group.protocolType();
        return new GroupMetadataRecord(
                group.groupId(),
                new GroupMetadataValue()
                        .setProtocolType(protocolType == null ? "" : protocolType)
                        .setGeneration(group.generation())
                        .setProtocol(group.protocolName())
                        .setLeader(group.leaderId())
                        .setCurrentStateTimestamp(group.stateSinceMs())
                        .setMembers(members));
    }

    /** A group that has only been named so far. */
    static GroupRecord newborn(ClassicGroup group) {
        return new GroupMetadataRecord(
                group.groupId(),
                new GroupMetadataValue()
                        .setProtocolType("")
                        .setGeneration(0)
                        .setProtocol(null)
                        .setLeader(null)
                        .setCurrentStateTimestamp(group.stateSinceMs())
                        .setMembers(List.of()));
    }

    /** The group that a record tells of. Members know the protocol that was chosen only. */
    static ClassicGroup read(String groupId, GroupMetadataValue value) {
        List<Member> members = new ArrayList<>();
        String protocol = value.protocol();
        for (MemberMetadata written : value.members()) {
            int session = written.sessionTimeout();
            int rebalance = written.rebalanceTimeout() < 0 ? session : written.rebalanceTimeout();
            Member member = new Member(
                    written.memberId(),
                    written.groupInstanceId(),
                    written.clientId(),
                    written.clientHost(),
                    rebalance,
                    session,
                    List.of(new JoinProtocol(protocol == null ? "" : protocol, written.subscription())));
            member.setAssignment(written.assignment());
            members.add(member);
        }
        ClassicGroup group = new ClassicGroup(groupId);
        group.restore(
                value.generation(),
                value.protocolType(),
                protocol,
                value.leader(),
                value.currentStateTimestamp(),
                members);
        return group;
    }
}
