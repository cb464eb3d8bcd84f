package io.sluice.coordinator.group.offset;

import io.sluice.base.ErrorCode;
import io.sluice.coordinator.api.CommitClaim;
import io.sluice.coordinator.group.classic.ClassicGroup;
import io.sluice.coordinator.group.classic.ClassicGroups;
import io.sluice.coordinator.group.classic.GroupState;
import io.sluice.coordinator.group.consumer.CommitRights;
import io.sluice.coordinator.group.consumer.ConsumerGroup;
import io.sluice.coordinator.group.consumer.ConsumerGroups;
import io.sluice.coordinator.group.kind.HostedKind;
import io.sluice.coordinator.group.kind.HostedKinds;
import io.sluice.protocol.message.OffsetFetchRequest.OffsetFetchRequestGroup;
import java.util.function.Predicate;

/** Who may commit, read and remove the offsets of which group, according to its kind. For one state machine. */
public final class OffsetRights {
    private static final short FIRST_COMMIT_WITH_GROUP_NOT_FOUND = 9;
    private static final short FIRST_TXN_COMMIT_WITH_GROUP_NOT_FOUND = 6;

    private final ClassicGroups groups;
    private final ConsumerGroups consumerGroups;
    private final HostedKinds kinds;

    public OffsetRights(ClassicGroups groups, ConsumerGroups consumerGroups, HostedKinds kinds) {
        this.groups = groups;
        this.consumerGroups = consumerGroups;
        this.kinds = kinds;
    }

    /** Whether the offsets of a claim may be committed: by members of the present generation, and by anybody into a group without members. */
    ErrorCode mayCommit(CommitClaim claim) {
        String groupId = claim.groupId();
        ErrorCode refusal = refusal(claim, groupId);
        return refusal == ErrorCode.STALE_MEMBER_EPOCH && !knowsEpochs(claim) ? ErrorCode.ILLEGAL_GENERATION : refusal;
    }

    /** Whether the client knows the errors of the newer kinds of groups. */
    private static boolean knowsEpochs(CommitClaim claim) {
        return claim.apiVersion()
                >= (claim.transactional() ? FIRST_TXN_COMMIT_WITH_GROUP_NOT_FOUND : FIRST_COMMIT_WITH_GROUP_NOT_FOUND);
    }

    private ErrorCode refusal(CommitClaim claim, String groupId) {
        ClassicGroup classic = groups.find(groupId);
        if (classic != null) {
            return mayCommit(classic, claim);
        }
        ConsumerGroup consumer = consumerGroups.find(groupId);
        if (consumer != null) {
            return CommitRights.mayCommit(consumer, claim);
        }
        HostedKind<?> kind = kinds.of(groupId);
        if (kind != null) {
            return kind.state().mayCommit(claim);
        }
        if (claim.memberEpoch() < 0 && !groups.isReserved(groupId)) {
            return ErrorCode.NONE;
        }
        return knowsEpochs(claim) ? ErrorCode.GROUP_ID_NOT_FOUND : ErrorCode.ILLEGAL_GENERATION;
    }

    /** Old producers do not say in a transaction which member they are: they may commit beside the members. */
    private static ErrorCode mayCommit(ClassicGroup group, CommitClaim claim) {
        int generation = claim.memberEpoch();
        if (generation < 0 && group.is(GroupState.EMPTY)) {
            return ErrorCode.NONE;
        }
        if (generation < 0 && claim.memberId().isEmpty() && claim.instanceId() == null) {
            return claim.transactional() ? ErrorCode.NONE : ErrorCode.UNKNOWN_MEMBER_ID;
        }
        ErrorCode invalid = group.validate(claim.memberId(), claim.instanceId());
        if (invalid != ErrorCode.NONE) {
            return invalid;
        }
        if (generation != group.generation()) {
            return ErrorCode.ILLEGAL_GENERATION;
        }
        boolean assigning = !claim.transactional() && group.is(GroupState.COMPLETING_REBALANCE);
        return assigning ? ErrorCode.REBALANCE_IN_PROGRESS : ErrorCode.NONE;
    }

    ErrorCode mayFetch(OffsetFetchRequestGroup request) {
        String groupId = request.groupId();
        ConsumerGroup consumer = consumerGroups.find(groupId);
        if (consumer != null) {
            return CommitRights.mayFetch(consumer, request);
        }
        HostedKind<?> kind = kinds.of(groupId);
        return kind == null
                ? ErrorCode.NONE
                : kind.state().mayFetchOffsets(groupId, request.memberId(), request.memberEpoch());
    }

    /** Whether offsets of a group may be deleted at all. */
    ErrorCode mayDelete(String groupId) {
        if (consumerGroups.contains(groupId)) {
            return ErrorCode.NONE;
        }
        HostedKind<?> kind = kinds.of(groupId);
        if (kind != null) {
            return kind.state().mayDeleteOffsets(groupId);
        }
        ClassicGroup classic = groups.find(groupId);
        if (classic == null) {
            return ErrorCode.GROUP_ID_NOT_FOUND;
        }
        return classic.is(GroupState.EMPTY) || classic.isConsumerGroup() ? ErrorCode.NONE : ErrorCode.NON_EMPTY_GROUP;
    }

    /** Whether a member consumes a topic. */
    Predicate<String> subscription(String groupId) {
        ConsumerGroup consumer = consumerGroups.find(groupId);
        if (consumer != null) {
            return consumer::isSubscribedTo;
        }
        HostedKind<?> kind = kinds.of(groupId);
        if (kind != null) {
            return topic -> kind.state().isSubscribedTo(groupId, topic);
        }
        ClassicGroup classic = groups.find(groupId);
        return topic -> classic != null && classic.isSubscribedTo(topic);
    }
}
