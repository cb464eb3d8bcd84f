package io.sluice.coordinator.group.classic;

import io.sluice.coordinator.group.record.GroupRecord;
import io.sluice.coordinator.runtime.Timers;
import io.sluice.coordinator.runtime.Turn;

/** The session of each member: a timer that heartbeats put off. */
final class Sessions {
    /** How long a member that has not been told its id may wait in a rebalance, in milliseconds: its client may be gone long since. */
    static final int NEW_MEMBER_TIMEOUT_MS = 5 * 60_000;

    private record SessionTimer(String groupId, String memberId) {}

    /** What happens when a session is over. */
    @FunctionalInterface
    interface Expiry {
        void expired(Turn<GroupRecord> turn, String groupId, String memberId);
    }

    private final Timers<GroupRecord> timers;
    private final Expiry expiry;

    Sessions(Timers<GroupRecord> timers, Expiry expiry) {
        this.timers = timers;
        this.expiry = expiry;
    }

    void renew(ClassicGroup group, Member member) {
        begin(group, member.memberId(), member.sessionTimeoutMs());
    }

    void begin(ClassicGroup group, String memberId, int timeoutMs) {
        String groupId = group.groupId();
        timers.set(new SessionTimer(groupId, memberId), timeoutMs, turn -> expiry.expired(turn, groupId, memberId));
    }

    void end(ClassicGroup group, String memberId) {
        timers.cancel(new SessionTimer(group.groupId(), memberId));
    }
}
