package io.sluice.coordinator.share.fetch;

import io.sluice.base.ErrorCode;
import io.sluice.base.Time;
import io.sluice.coordinator.share.partition.SharePartition;
import io.sluice.coordinator.share.partition.SharePartitions;
import io.sluice.coordinator.share.state.SharePartitionKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The share sessions of this broker (KIP-932), at most so many as are configured; a new one takes the place of one that was not used for long, or is
 * refused. What a member had acquired through a session that ends is for others. Any thread.
 */
public final class ShareSessions {
    static final int INITIAL_EPOCH = 0;
    static final int FINAL_EPOCH = -1;
    private static final long EVICTABLE_AFTER_NANOS = 120_000_000_000L;

    private final SharePartitions partitions;
    private final Time time;
    private final IntSupplier sessionsMax;
    private final Map<ShareSession.Key, ShareSession> sessions = new HashMap<>();

    /** @param sessionsMax asked for each time */
    public ShareSessions(SharePartitions partitions, Time time, IntSupplier sessionsMax) {
        this.partitions = partitions;
        this.time = time;
        this.sessionsMax = sessionsMax;
    }

    /** A session, or why there is none. */
    record Entry(ErrorCode error, @Nullable ShareSession session) {
        static Entry refused(ErrorCode error) {
            return new Entry(error, null);
        }
    }

    /** Begins a session in place of one that the member had. It goes on to hold what it has acquired, and may acknowledge that in the new one. */
    Entry begin(ShareSession.Key key, long connectionId) {
        ShareSession evicted = null;
        ShareSession fresh = new ShareSession(key, connectionId, time.nanoseconds());
        synchronized (this) {
            sessions.remove(key);
            if (sessions.size() >= sessionsMax.getAsInt()) {
                evicted = evictable();
                if (evicted == null) {
                    return Entry.refused(ErrorCode.SHARE_SESSION_LIMIT_REACHED);
                }
                sessions.remove(evicted.key());
            }
            sessions.put(key, fresh);
        }
        if (evicted != null) {
            release(evicted);
        }
        return new Entry(ErrorCode.NONE, fresh);
    }

    private @Nullable ShareSession evictable() {
        ShareSession oldest = null;
        for (ShareSession session : sessions.values()) {
            if (oldest == null || session.usedAtNanos() - oldest.usedAtNanos() < 0L) {
                oldest = session;
            }
        }
        return oldest == null || time.nanoseconds() - oldest.usedAtNanos() < EVICTABLE_AFTER_NANOS ? null : oldest;
    }

    /** The session with which a request goes on. */
    Entry next(ShareSession.Key key, int epoch, long connectionId) {
        ShareSession session = find(key);
        if (session == null) {
            return Entry.refused(ErrorCode.SHARE_SESSION_NOT_FOUND);
        }
        return session.advance(epoch, connectionId, time.nanoseconds())
                ? new Entry(ErrorCode.NONE, session)
                : Entry.refused(ErrorCode.INVALID_SHARE_SESSION_EPOCH);
    }

    synchronized @Nullable ShareSession find(ShareSession.Key key) {
        return sessions.get(key);
    }

    /** How many there are. */
    public synchronized int count() {
        return sessions.size();
    }

    /** The member is gone from its group, or from this broker. */
    public void memberGone(String groupId, String memberId) {
        end(new ShareSession.Key(groupId, memberId));
    }

    /** A connection has ended, and with it the sessions that it served; a member that comes again begins another. */
    public void connectionLost(long connectionId) {
        List<ShareSession> lost;
        synchronized (this) {
            lost = sessions.values().stream()
                    .filter(session -> session.connectionId() == connectionId)
                    .toList();
            lost.forEach(session -> sessions.remove(session.key()));
        }
        lost.forEach(this::release);
    }

    /** Ends a session if there is one. */
    void end(ShareSession.Key key) {
        ShareSession session;
        synchronized (this) {
            session = sessions.remove(key);
        }
        if (session != null) {
            release(session);
        }
    }

    private void release(ShareSession session) {
        for (SharePartitionKey key : session.inOrder()) {
            SharePartition partition = partitions.find(key);
            if (partition != null) {
                partition.release(session.key().memberId());
            }
        }
    }
}
