package io.sluice.coordinator.streams.group;

import io.sluice.coordinator.api.KindRecord;
import io.sluice.coordinator.runtime.Timers;
import io.sluice.coordinator.runtime.Turn;

/** How long members may be silent, and how long they may take to give tasks up. */
final class MemberTimers {
    private record SessionTimer(String groupId, String memberId) {}

    private record RevocationTimer(String groupId, String memberId) {}

    /** What happens to a member that has taken too long. */
    @FunctionalInterface
    interface Expiry {
        void expired(Turn<KindRecord> turn, String groupId, String memberId, String reason);
    }

    private final Timers<KindRecord> timers;
    private final StreamsSettings settings;
    private final Expiry expiry;

    MemberTimers(Timers<KindRecord> timers, StreamsSettings settings, Expiry expiry) {
        this.timers = timers;
        this.settings = settings;
        this.expiry = expiry;
    }

    /** A member has been heard of. */
    void heard(String groupId, String memberId) {
        int timeoutMs = settings.sessionTimeoutMs(groupId);
        timers.set(
                new SessionTimer(groupId, memberId),
                timeoutMs,
                turn -> expiry.expired(turn, groupId, memberId, "it was silent for " + timeoutMs + " ms"));
    }

    /** A member is this far: if it has to give tasks up, it must within the time that it asked for, counted from when it was told. */
    void reconciled(String groupId, StreamsMember member) {
        String memberId = member.memberId();
        RevocationTimer timer = new RevocationTimer(groupId, memberId);
        if (member.current().state() != MemberState.UNREVOKED_TASKS) {
            timers.cancel(timer);
            return;
        }
        int timeoutMs = Math.max(0, member.metadata().rebalanceTimeoutMs());
        timers.set(
                timer,
                timeoutMs,
                turn -> expiry.expired(
                        turn, groupId, memberId, "it did not give its tasks up within " + timeoutMs + " ms"));
    }

    /** A member is gone. */
    void cancel(String groupId, String memberId) {
        timers.cancel(new SessionTimer(groupId, memberId));
        timers.cancel(new RevocationTimer(groupId, memberId));
    }
}
