package io.sluice.coordinator.share.fetch;

import io.sluice.coordinator.share.state.SharePartitionKey;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The partitions that a member of a share group reads again and again from this broker. The order is the order in which they are read; one that gave
 * records goes to the end. Guarded by its monitor.
 */
final class ShareSession {
    private final Key key;
    private final Set<SharePartitionKey> partitions = new LinkedHashSet<>();
    private int epoch = 1;
    private volatile long usedAtNanos;
    private volatile long connectionId;

    /** Whose session it is. */
    record Key(String groupId, String memberId) {}

    ShareSession(Key key, long connectionId, long nowNanos) {
        this.key = key;
        this.connectionId = connectionId;
        this.usedAtNanos = nowNanos;
    }

    Key key() {
        return key;
    }

    /** Whether a request carries the epoch that comes next; then that one is over. After the largest comes 1, for 0 begins a session. */
    synchronized boolean advance(int asked, long fromConnection, long nowNanos) {
        if (asked != epoch) {
            return false;
        }
        epoch = epoch == Integer.MAX_VALUE ? 1 : epoch + 1;
        connectionId = fromConnection;
        usedAtNanos = nowNanos;
        return true;
    }

    synchronized void add(SharePartitionKey partition) {
        partitions.add(partition);
    }

    synchronized void remove(SharePartitionKey partition) {
        partitions.remove(partition);
    }

    synchronized void moveToEnd(SharePartitionKey partition) {
        if (partitions.remove(partition)) {
            partitions.add(partition);
        }
    }

    synchronized List<SharePartitionKey> inOrder() {
        return List.copyOf(partitions);
    }

    /** The connection that the member used last; with it the session ends. */
    long connectionId() {
        return connectionId;
    }

    long usedAtNanos() {
        return usedAtNanos;
    }
}
