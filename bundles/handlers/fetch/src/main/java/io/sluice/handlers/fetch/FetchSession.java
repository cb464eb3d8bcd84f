package io.sluice.handlers.fetch;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * The partitions that a client reads again and again, so that it need not name them each time (KIP-227). The order is the
 * order in which they are read; one that gave records goes to the end, so that all have their turn. Guarded by its monitor.
 */
final class FetchSession {
    private final int id;
    private final boolean usesTopicIds;
    private final LinkedHashMap<SessionPartition.Key, SessionPartition> partitions = new LinkedHashMap<>();
    private int epoch = 1;
    private volatile long usedAtNanos;

    FetchSession(int id, boolean usesTopicIds) {
        this.id = id;
        this.usesTopicIds = usesTopicIds;
    }

    int id() {
        return id;
    }

    boolean usesTopicIds() {
        return usesTopicIds;
    }

    /** The epoch that the client's next request must carry. */
    synchronized int expectedEpoch() {
        return epoch;
    }

    /** After the largest number comes 1, for 0 begins a session. */
    synchronized void advance() {
        epoch = epoch == Integer.MAX_VALUE ? 1 : epoch + 1;
    }

    synchronized void put(SessionPartition partition) {
        partitions.put(partition.key(), partition);
    }

    synchronized SessionPartition getOrAdd(SessionPartition fresh) {
        SessionPartition present = partitions.putIfAbsent(fresh.key(), fresh);
        return present == null ? fresh : present;
    }

    synchronized void forget(SessionPartition.Key key) {
        partitions.remove(key);
    }

    synchronized void moveToEnd(SessionPartition partition) {
        if (partitions.remove(partition.key(), partition)) {
            partitions.put(partition.key(), partition);
        }
    }

    synchronized List<SessionPartition> inOrder() {
        Collection<SessionPartition> now = partitions.values();
        return List.copyOf(now);
    }

    void touch(long nanos) {
        usedAtNanos = nanos;
    }

    long usedAtNanos() {
        return usedAtNanos;
    }
}
