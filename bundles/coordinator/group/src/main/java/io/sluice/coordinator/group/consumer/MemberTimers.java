package io.sluice.coordinator.group.consumer;

import io.sluice.coordinator.group.record.GroupRecord;
import io.sluice.coordinator.runtime.Timers;
import io.sluice.coordinator.runtime.Turn;
import java.util.HashSet;
import java.util.Set;

/** How long members may be silent, and how long they may take to give partitions up. */
final class MemberTimers {
    private record SessionTimer(String groupId, String memberId) {}

    private record RevocationTimer(String groupId, String memberId) {}

    private record JoinTimer(String groupId, String memberId) {}

    private record SyncTimer(String groupId, String memberId) {}

    /** What happens to a member that has taken too long. */
    @FunctionalInterface
    interface Expiry {
        void expired(Turn<GroupRecord> turn, String groupId, String memberId);
    }

    private final Timers<GroupRecord> timers;
    private final ConsumerPolicy policy;
    private final Expiry expiry;
    private final Set<JoinTimer> expected = new HashSet<>();

    MemberTimers(Timers<GroupRecord> timers, ConsumerPolicy policy, Expiry expiry) {
        this.timers = timers;
        this.policy = policy;
        this.expiry = expiry;
    }

    /** A member has been heard of, and is this far. */
    void heard(ConsumerGroup group, ConsumerMember member) {
        String groupId = group.groupId();
        String memberId = member.memberId();
        ClassicProtocols classic = member.metadata().classic();
        timers.set(
                new SessionTimer(groupId, memberId),
                classic == null ? policy.limits(groupId).sessionTimeoutMs() : classic.sessionTimeoutMs(),
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

    /** A member of the classic protocol has been told to join again, within the time that it asked for when it joined. */
    void rejoining(ConsumerGroup group, ConsumerMember member) {
        String groupId = group.groupId();
        String memberId = member.memberId();
        JoinTimer timer = new JoinTimer(groupId, memberId);
        if (expected.add(timer)) {
            timers.set(timer, Math.max(0, member.metadata().rebalanceTimeoutMs()), turn -> {
                expected.remove(timer);
                expiry.expired(turn, groupId, memberId);
            });
        }
    }

    /** A member of the classic protocol has joined, and must fetch its assignment within that time. */
    void joined(ConsumerGroup group, ConsumerMember member) {
        String groupId = group.groupId();
        String memberId = member.memberId();
        cancelJoin(groupId, memberId);
        timers.set(
                new SyncTimer(groupId, memberId),
                Math.max(0, member.metadata().rebalanceTimeoutMs()),
                turn -> expiry.expired(turn, groupId, memberId));
    }

    /** A member of the classic protocol has fetched its assignment. */
    void synced(ConsumerGroup group, ConsumerMember member) {
        timers.cancel(new SyncTimer(group.groupId(), member.memberId()));
    }

    private void cancelJoin(String groupId, String memberId) {
        JoinTimer timer = new JoinTimer(groupId, memberId);
        expected.remove(timer);
        timers.cancel(timer);
    }

    /** A member is gone. */
    void cancel(String groupId, String memberId) {
        cancelJoin(groupId, memberId);
        timers.cancel(new SyncTimer(groupId, memberId));
        timers.cancel(new SessionTimer(groupId, memberId));
        timers.cancel(new RevocationTimer(groupId, memberId));
    }
}
