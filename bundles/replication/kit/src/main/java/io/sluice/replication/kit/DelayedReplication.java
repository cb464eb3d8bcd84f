package io.sluice.replication.kit;

import io.sluice.base.ErrorCode;
import io.sluice.base.TopicIdPartition;
import io.sluice.replication.api.CommitListener;
import io.sluice.replication.api.LeaderState;
import io.sluice.replication.api.PartitionReplication;
import io.sluice.replication.api.ReplicationStrategy;
import io.sluice.replication.api.ReplicationStrategyFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A strategy for tests: what is appended stays uncommitted until the test commits it, and writes are refused when the test says so.
 * The listener is called on the test's thread. It is its own factory, and can be opened again after it was closed.
 */
public final class DelayedReplication implements ReplicationStrategy, ReplicationStrategyFactory {
    private static final short ACKS_ALL = -1;

    private final Map<TopicIdPartition, Led> led = new ConcurrentHashMap<>();
    private volatile ErrorCode refusal = ErrorCode.NONE;
    private volatile boolean immediate;

    @Override
    public ReplicationStrategy open() {
        return this;
    }

    @Override
    public PartitionReplication lead(
            TopicIdPartition partition,
            LeaderState state,
            long logEndOffset,
            long highWatermark,
            CommitListener listener) {
        Led now = new Led(state, logEndOffset, highWatermark, listener);
        led.put(partition, now);
        return now;
    }

    /** Commits what was appended to the partition, up to this offset at most. */
    public void commit(TopicIdPartition partition, long offset) {
        Objects.requireNonNull(led.get(partition), () -> partition + " is not led")
                .commit(offset);
    }

    /** Commits all that was appended so far. */
    public void commitAll() {
        for (Led one : led.values()) {
            one.commit(Long.MAX_VALUE);
        }
    }

    /** From now on what is appended is committed at once, or no longer is. */
    public void immediate(boolean now) {
        immediate = now;
    }

    /** From now on every write is refused with this error; {@link ErrorCode#NONE} ends that. */
    public void refuse(ErrorCode with) {
        refusal = with;
    }

    /** Where the log of the partition ends, as the strategy was told. */
    public long logEndOffset(TopicIdPartition partition) {
        return Objects.requireNonNull(led.get(partition), () -> partition + " is not led").logEndOffset;
    }

    /** What the strategy was last told of the partition's leadership. */
    public LeaderState state(TopicIdPartition partition) {
        return Objects.requireNonNull(led.get(partition), () -> partition + " is not led").state;
    }

    /** The partitions that are led and not closed. */
    public List<TopicIdPartition> open(TopicIdPartition... among) {
        List<TopicIdPartition> open = new ArrayList<>();
        for (TopicIdPartition partition : among) {
            Led one = led.get(partition);
            if (one != null && !one.closed) {
                open.add(partition);
            }
        }
        return open;
    }

    @Override
    public void close() {
        led.values().forEach(Led::close);
    }

    private final class Led implements PartitionReplication {
        private final CommitListener listener;
        private volatile LeaderState state;
        private volatile long logEndOffset;
        private volatile long highWatermark;
        private volatile boolean closed;

        Led(LeaderState state, long logEndOffset, long highWatermark, CommitListener listener) {
            this.state = state;
            this.logEndOffset = logEndOffset;
            this.highWatermark = highWatermark;
            this.listener = listener;
        }

        synchronized void commit(long offset) {
            long to = Math.min(offset, logEndOffset);
            if (!closed && to > highWatermark) {
                highWatermark = to;
                listener.committed(to);
            }
        }

        @Override
        public ErrorCode admit(short acks) {
            if (refusal != ErrorCode.NONE) {
                return refusal;
            }
            LeaderState now = state;
            return acks == ACKS_ALL && now.inSyncReplicas().size() < now.minInSyncReplicas()
                    ? ErrorCode.NOT_ENOUGH_REPLICAS
                    : ErrorCode.NONE;
        }

        @Override
        public void appended(long logEnd) {
            logEndOffset = logEnd;
            if (immediate) {
                commit(logEnd);
            }
        }

        @Override
        public long highWatermark() {
            return highWatermark;
        }

        @Override
        public void updated(LeaderState changed) {
            state = changed;
        }

        @Override
        public synchronized void close() {
            closed = true;
        }
    }
}
