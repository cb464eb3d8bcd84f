package io.sluice.coordinator.group.consumer;

import io.sluice.coordinator.group.record.GroupRecord;
import io.sluice.coordinator.runtime.Timers;
import io.sluice.coordinator.runtime.Turn;
import java.util.function.Supplier;

/** How long members may be silent, and how long they may take to give partitions up. */
final class MemberTimers {
    private record SessionTimer(String groupId, String memberId) {}

    private record RevocationTimer(String groupId, String memberId) {}

    /** What happens to a member that has taken too long. */
    @FunctionalInterface
    interface Expiry {
        void expired(Turn<GroupRecord> turn, String groupId, String memberId);
    }

    private final Timers<GroupRecord> timers;
    private final Supplier<ConsumerLimits> limits;
    private final Expiry expiry;

    MemberTimers(Timers<GroupRecord> timers, Supplier<ConsumerLimits> limits, Expiry expiry) {
        this.timers = timers;
        this.limits = limits;
        this.expiry = expiry;
    }

    /** A member has been heard of, and is this far. */
    void heard(ConsumerGroup group, ConsumerMember member) {
        String groupId = group.groupId();
        String memberId = member.memberId();
        timers.set(
                new SessionTimer(groupId, memberId),
                limits.get().sessionTimeoutMs(),
                turn -> expiry.expired(turn, groupId, memberId));
    }

    /** A member has to give partitions up, within the time that it asked for. */
    void revoking(ConsumerGroup group, ConsumerMember member) {
        String groupId = group.groupId();
        String memberId = member.memberId();
        timers.set(
                new RevocationTimer(groupId, memberId),
                Math.max(0, member.metadata().rebalanceTimeoutMs()),
                turn -> expiry.expired(turn, groupId, memberId));
    }

    /** A member has given up what it had to. */
    void revoked(ConsumerGroup group, ConsumerMember member) {
        timers.cancel(new RevocationTimer(group.groupId(), member.memberId()));
    }

    /** A member is gone. */
    void cancel(String groupId, String memberId) {
        timers.cancel(new SessionTimer(groupId, memberId));
        timers.cancel(new RevocationTimer(groupId, memberId));
    }
}
