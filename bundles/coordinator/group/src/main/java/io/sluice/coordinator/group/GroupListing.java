package io.sluice.coordinator.group;

import io.sluice.base.ErrorCode;
import io.sluice.coordinator.group.classic.ClassicGroup;
import io.sluice.coordinator.group.classic.ClassicGroups;
import io.sluice.coordinator.group.classic.GroupState;
import io.sluice.coordinator.group.classic.Member;
import io.sluice.coordinator.group.consumer.ConsumerGroup;
import io.sluice.coordinator.group.consumer.ConsumerGroups;
import io.sluice.coordinator.group.kind.HostedKind;
import io.sluice.coordinator.group.kind.HostedKinds;
import io.sluice.protocol.message.DescribeGroupsResponse.DescribedGroup;
import io.sluice.protocol.message.DescribeGroupsResponse.DescribedGroupMember;
import io.sluice.protocol.message.ListGroupsResponse.ListedGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What administrators are told of groups. For one state machine. */
public final class GroupListing {
    private static final short FIRST_VERSION_WITH_GROUP_NOT_FOUND = 6;
    private static final String CLASSIC = "classic";
    private static final byte[] NOTHING = new byte[0];

    private final ClassicGroups groups;
    private final ConsumerGroups consumerGroups;
    private final HostedKinds kinds;

    GroupListing(ClassicGroups groups, ConsumerGroups consumerGroups, HostedKinds kinds) {
        this.groups = groups;
        this.consumerGroups = consumerGroups;
        this.kinds = kinds;
    }

    /**
     * The groups in these states and of these types, in lower case; an empty filter lets all through.
     */
    public List<ListedGroup> list(Set<String> states, Set<String> types) {
        List<ListedGroup> listed = new ArrayList<>();
        if (types.isEmpty() || types.contains(CLASSIC)) {
            for (ClassicGroup group : groups.all()) {
                String type = group.protocolType();
                list(
                        listed,
                        states,
                        group.groupId(),
                        type == null ? "" : type,
                        group.state().label(),
                        CLASSIC);
            }
        }
        if (types.isEmpty() || types.contains(ConsumerGroups.TYPE)) {
            for (ConsumerGroup group : consumerGroups.all()) {
                list(
                        listed,
                        states,
                        group.groupId(),
                        ClassicGroup.CONSUMER_PROTOCOL_TYPE,
                        group.state().label(),
                        ConsumerGroups.TYPE);
            }
        }
        for (HostedKind<?> kind : kinds.all()) {
            if (types.isEmpty() || types.contains(kind.type())) {
                for (io.sluice.coordinator.api.ListedGroup group : kind.state().list()) {
                    list(listed, states, group.groupId(), group.protocolType(), group.state(), kind.type());
                }
            }
        }
        return listed;
    }

    private static void list(
            List<ListedGroup> listed,
            Set<String> states,
            String groupId,
            String protocolType,
            String state,
            String type) {
        if (states.isEmpty() || states.contains(state.toLowerCase(Locale.ROOT))) {
            listed.add(new ListedGroup()
                    .setGroupId(groupId)
                    .setProtocolType(protocolType)
                    .setGroupState(state)
                    .setGroupType(type));
        }
    }

    /** One group; one that is not there is Dead. Metadata and assignments are told of a stable group only. */
    public DescribedGroup describe(String groupId, short version) {
        ClassicGroup group = groups.find(groupId);
        if (group == null) {
            return missing(groupId, version);
        }
        boolean stable = group.is(GroupState.STABLE);
        List<DescribedGroupMember> members = new ArrayList<>(group.size());
        for (Member member : group.members()) {
            members.add(new DescribedGroupMember()
                    .setMemberId(member.memberId())
                    .setGroupInstanceId(member.instanceId())
                    .setClientId(member.clientId())
                    .setClientHost(member.clientHost())
                    .setMemberMetadata(stable ? member.metadata(group.protocolName()) : NOTHING)
                    .setMemberAssignment(member.assignment()));
        }
        String type = group.protocolType();
        String protocol = stable ? group.protocolName() : null;
        return new DescribedGroup()
                .setGroupId(groupId)
                .setGroupState(group.state().label())
                .setProtocolType(type == null ? "" : type)
                .setProtocolData(protocol == null ? "" : protocol)
                .setMembers(members);
    }

    private DescribedGroup missing(String groupId, short version) {
        DescribedGroup dead = new DescribedGroup().setGroupId(groupId).setGroupState(GroupState.DEAD);
        if (version >= FIRST_VERSION_WITH_GROUP_NOT_FOUND) {
            String reason = groups.isReserved(groupId) || consumerGroups.contains(groupId)
                    ? "Group " + groupId + " is not a classic group."
                    : "Group " + groupId + " not found.";
            dead.setErrorCode(ErrorCode.GROUP_ID_NOT_FOUND.code()).setErrorMessage(reason);
        }
        return dead;
    }
}
