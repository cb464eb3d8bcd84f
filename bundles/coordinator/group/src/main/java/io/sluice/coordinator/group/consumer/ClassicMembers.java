package io.sluice.coordinator.group.consumer;

import io.sluice.base.ErrorCode;
import io.sluice.base.RandomSource;
import io.sluice.base.Uuid;
import io.sluice.cluster.api.MetadataImage;
import io.sluice.cluster.api.TopicImage;
import io.sluice.coordinator.api.PartitionId;
import io.sluice.coordinator.group.assignor.Assignors;
import io.sluice.coordinator.group.classic.ClassicGroup;
import io.sluice.coordinator.group.classic.ClientContext;
import io.sluice.coordinator.group.classic.EmbeddedProtocol;
import io.sluice.coordinator.group.classic.JoinProtocol;
import io.sluice.coordinator.group.consumer.HeartbeatOutcome.ResolvedRegexes;
import io.sluice.coordinator.group.record.GroupRecord;
import io.sluice.coordinator.runtime.Turn;
import io.sluice.protocol.MalformedMessageException;
import io.sluice.protocol.message.ConsumerProtocolSubscription;
import io.sluice.protocol.message.HeartbeatRequest;
import io.sluice.protocol.message.JoinGroupRequest;
import io.sluice.protocol.message.JoinGroupRequest.JoinGroupRequestProtocol;
import io.sluice.protocol.message.JoinGroupResponse;
import io.sluice.protocol.message.LeaveGroupRequest;
import io.sluice.protocol.message.LeaveGroupRequest.MemberIdentity;
import io.sluice.protocol.message.LeaveGroupResponse;
import io.sluice.protocol.message.LeaveGroupResponse.MemberResponse;
import io.sluice.protocol.message.SyncGroupRequest;
import io.sluice.protocol.message.SyncGroupResponse;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Members of consumer groups that use the classic protocol (KIP-848): joining again is how they take a step towards their target, syncing how they
 * learn of it, and a heartbeat tells them when it is time for that. Nobody waits for anybody, and no member leads. For one state machine.
 */
final class ClassicMembers {
    private static final short FIRST_VERSION_WITH_REBALANCE_TIMEOUT = 1;
    private static final short FIRST_VERSION_WITH_MEMBER_ID_REQUIRED = 4;

    private final ConsumerGroups groups;
    private final MemberTimers timers;
    private final Departures departures;
    private final Migration migration;
    private final RandomSource random;
    private final Supplier<MetadataImage> image;
    private final ConsumerPolicy policy;
    private final Assignors assignors;

    ClassicMembers(
            ConsumerGroups groups,
            MemberTimers timers,
            Departures departures,
            Migration migration,
            RandomSource random,
            Supplier<MetadataImage> image,
            ConsumerPolicy policy,
            Assignors assignors) {
        this.groups = groups;
        this.timers = timers;
        this.departures = departures;
        this.migration = migration;
        this.random = random;
        this.image = image;
        this.policy = policy;
        this.assignors = assignors;
    }

    /** A member that may go on, or why it may not. */
    private record Found(@Nullable ConsumerMember member, ErrorCode error) {}

    // ---- join

    JoinGroupResponse join(Turn<GroupRecord> turn, JoinGroupRequest request, ClientContext client) {
        ConsumerGroup group = groups.find(request.groupId());
        boolean anonymous = request.memberId().isEmpty();
        String memberId = anonymous ? Uuid.random(random).toString() : request.memberId();
        if (group == null) {
            return refused(memberId, ErrorCode.UNKNOWN_MEMBER_ID);
        }
        if (policy.migration() == MigrationPolicy.DISABLED) {
            return refused(anonymous ? "" : memberId, ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
        }
        ConsumerLimits limits = policy.limits(group.groupId());
        if (group.size() >= limits.sizeMax() && !group.knows(memberId, request.groupInstanceId())) {
            return refused(anonymous ? "" : memberId, ErrorCode.GROUP_MAX_SIZE_REACHED);
        }
        ClassicProtocols protocols = protocols(request);
        ConsumerProtocolSubscription subscription = protocols == null ? null : subscription(protocols);
        boolean consumes = request.protocolType().equals(ClassicGroup.CONSUMER_PROTOCOL_TYPE);
        if (protocols == null || subscription == null || !consumes || !group.accepts(protocols)) {
            return refused(anonymous ? "" : memberId, ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
        }
        if (anonymous
                && request.groupInstanceId() == null
                && client.version() >= FIRST_VERSION_WITH_MEMBER_ID_REQUIRED) {
            return refused(memberId, ErrorCode.MEMBER_ID_REQUIRED);
        }
        MemberLookup lookup = MemberLookup.ofClassic(group, memberId, anonymous, request.groupInstanceId());
        if (lookup.refusal() instanceof HeartbeatOutcome.Answered refusal) {
            return refused(memberId, ErrorCode.of(refusal.response().errorCode()));
        }
        ConsumerMember former = former(lookup, memberId);
        int rebalanceTimeoutMs = client.version() < FIRST_VERSION_WITH_REBALANCE_TIMEOUT
                ? request.sessionTimeoutMs()
                : request.rebalanceTimeoutMs();
        ConsumerMember member =
                former.with(former.metadata().with(request, client, rebalanceTimeoutMs, subscription, protocols));
        GroupChange change = new GroupChange(group, lookup, member, image.get(), turn.nowMs(), limits, assignors);
        ConsumerMember after;
        try {
            after = change.decide(ResolvedRegexes.NONE, owned(subscription));
        } catch (AssignorException e) {
            return refused(memberId, ErrorCode.UNKNOWN_SERVER_ERROR);
        }
        if (!turn.write(change.records())) {
            return refused(memberId, ErrorCode.UNKNOWN_SERVER_ERROR);
        }
        joined(turn, lookup, change, after);
        return new JoinGroupResponse()
                .setMemberId(memberId)
                .setGenerationId(after.current().epoch())
                .setProtocolType(ClassicGroup.CONSUMER_PROTOCOL_TYPE)
                .setProtocolName(protocols.favourite().name());
    }

    private void joined(Turn<GroupRecord> turn, MemberLookup lookup, GroupChange change, ConsumerMember after) {
        ConsumerGroup changed = groups.find(change.groupId());
        if (changed == null) {
            return;
        }
        change.remember(changed, ResolvedRegexes.NONE);
        ConsumerMember replaced = lookup.replaced();
        if (replaced != null) {
            timers.cancel(changed.groupId(), replaced.memberId());
            if (migration.downgrade(turn, changed, after.current().epoch())) {
                return;
            }
        }
        timers.heard(changed, after);
        timers.joined(changed, after);
    }

    private static ConsumerMember former(MemberLookup lookup, String memberId) {
        ConsumerMember replaced = lookup.replaced();
        if (replaced != null) {
            return new ConsumerMember(
                    memberId, replaced.metadata(), replaced.current().forSuccessor());
        }
        return lookup.member() == null ? ConsumerMember.fresh(memberId) : lookup.member();
    }

    private static @Nullable ClassicProtocols protocols(JoinGroupRequest request) {
        List<JoinProtocol> protocols = new ArrayList<>();
        for (JoinGroupRequestProtocol protocol : request.protocols()) {
            protocols.add(new JoinProtocol(protocol.name(), protocol.metadata()));
        }
        return protocols.isEmpty() ? null : new ClassicProtocols(request.sessionTimeoutMs(), protocols);
    }

    private static @Nullable ConsumerProtocolSubscription subscription(ClassicProtocols protocols) {
        try {
            return EmbeddedProtocol.subscription(protocols.favourite().metadata());
        } catch (MalformedMessageException e) {
            return null;
        }
    }

    /** What the member says that it has: eager members have given up everything before they join. */
    private Set<PartitionId> owned(ConsumerProtocolSubscription subscription) {
        Set<PartitionId> owned = new HashSet<>();
        for (ConsumerProtocolSubscription.TopicPartition topic : subscription.ownedPartitions()) {
            TopicImage known = image.get().topic(topic.topic());
            if (known != null) {
                topic.partitions().forEach(partition -> owned.add(new PartitionId(known.id(), partition)));
            }
        }
        return owned;
    }

    private static JoinGroupResponse refused(String memberId, ErrorCode error) {
        return new JoinGroupResponse()
                .setMemberId(memberId)
                .setErrorCode(error.code())
                .setProtocolName(null);
    }

    // ---- sync and heartbeat

    SyncGroupResponse sync(SyncGroupRequest request) {
        ConsumerGroup group = groups.find(request.groupId());
        Found found = find(group, request.memberId(), request.groupInstanceId(), request.generationId());
        ConsumerMember member = found.member();
        ClassicProtocols classic = member == null ? null : member.metadata().classic();
        if (group == null || member == null || classic == null) {
            return new SyncGroupResponse().setErrorCode(found.error().code());
        }
        JoinProtocol protocol = classic.favourite();
        boolean agrees = (request.protocolType() == null
                        || request.protocolType().equals(ClassicGroup.CONSUMER_PROTOCOL_TYPE))
                && (request.protocolName() == null || request.protocolName().equals(protocol.name()));
        if (!agrees) {
            return new SyncGroupResponse().setErrorCode(ErrorCode.INCONSISTENT_GROUP_PROTOCOL.code());
        }
        if (group.epoch() > member.current().epoch() && member.current().state() != MemberState.UNREVOKED_PARTITIONS) {
            timers.rejoining(group, member);
            return new SyncGroupResponse().setErrorCode(ErrorCode.REBALANCE_IN_PROGRESS.code());
        }
        timers.synced(group, member);
        timers.heard(group, member);
        return new SyncGroupResponse()
                .setProtocolType(request.protocolType())
                .setProtocolName(request.protocolName())
                .setAssignment(EmbeddedProtocol.write(
                        migration.assignment(member.current().assigned().keySet()), protocol.metadata()));
    }

    ErrorCode heartbeat(HeartbeatRequest request) {
        ConsumerGroup group = groups.find(request.groupId());
        Found found = find(group, request.memberId(), request.groupInstanceId(), request.generationId());
        ConsumerMember member = found.member();
        if (group == null || member == null) {
            return found.error();
        }
        timers.heard(group, member);
        CurrentAssignment current = member.current();
        boolean waitsNoMore = current.state() == MemberState.UNRELEASED_PARTITIONS && !group.isWaitingForOthers(member);
        if (current.epoch() < group.epoch() || current.state() == MemberState.UNREVOKED_PARTITIONS || waitsNoMore) {
            timers.rejoining(group, member);
            return ErrorCode.REBALANCE_IN_PROGRESS;
        }
        return ErrorCode.NONE;
    }

    private static Found find(
            @Nullable ConsumerGroup group, String memberId, @Nullable String instanceId, int generation) {
        Found found = find(group, memberId, instanceId);
        ConsumerMember member = found.member();
        return member != null && member.current().epoch() != generation
                ? new Found(null, ErrorCode.ILLEGAL_GENERATION)
                : found;
    }

    private static Found find(@Nullable ConsumerGroup group, String memberId, @Nullable String instanceId) {
        ConsumerMember member = null;
        if (group != null) {
            member = instanceId == null ? group.member(memberId) : group.staticMember(instanceId);
        }
        if (member == null) {
            return new Found(null, ErrorCode.UNKNOWN_MEMBER_ID);
        }
        if (!member.memberId().equals(memberId)) {
            return new Found(null, ErrorCode.FENCED_INSTANCE_ID);
        }
        return member.metadata().isClassic()
                ? new Found(member, ErrorCode.NONE)
                : new Found(null, ErrorCode.UNKNOWN_MEMBER_ID);
    }

    // ---- leave

    LeaveGroupResponse leave(Turn<GroupRecord> turn, LeaveGroupRequest request) {
        List<MemberResponse> responses = new ArrayList<>();
        for (MemberIdentity identity : request.members()) {
            responses.add(leave(turn, groups.find(request.groupId()), identity));
        }
        return new LeaveGroupResponse().setMembers(responses);
    }

    /** An administrator puts a static member out by its instance id alone (KIP-345). */
    private MemberResponse leave(Turn<GroupRecord> turn, @Nullable ConsumerGroup group, MemberIdentity identity) {
        String memberId = identity.memberId();
        if (memberId.isEmpty() && identity.groupInstanceId() != null && group != null) {
            ConsumerMember present = group.staticMember(identity.groupInstanceId());
            memberId = present == null ? "" : present.memberId();
        }
        Found found = find(group, memberId, identity.groupInstanceId());
        ConsumerMember member = found.member();
        ErrorCode error = found.error();
        if (group != null && member != null && !departures.remove(turn, group, member)) {
            error = ErrorCode.UNKNOWN_SERVER_ERROR;
        }
        return new MemberResponse()
                .setMemberId(memberId)
                .setGroupInstanceId(identity.groupInstanceId())
                .setErrorCode(error.code());
    }
}
