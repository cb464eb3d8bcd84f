package org.example.replication;

import io.sluice.base.ErrorCode;
import io.sluice.base.TopicIdPartition;
import io.sluice.replication.api.CommitListener;
import io.sluice.replication.api.LeaderState;
import io.sluice.replication.api.PartitionReplication;
import io.sluice.replication.api.ReplicationStrategy;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The leader is the only replica: what is in its log is committed. Begin here, and tell the listener later, once others have it too. */
final class SampleReplication implements ReplicationStrategy {
    private static final short ACKS_ALL = -1;

    private final Set<Led> open = ConcurrentHashMap.newKeySet();

    @Override
    public PartitionReplication lead(
            TopicIdPartition partition,
            LeaderState state,
            long logEndOffset,
            long highWatermark,
            CommitListener listener) {
        Led led = new Led(state, highWatermark, listener);
        open.add(led);
        led.appended(logEndOffset);
        return led;
    }

    @Override
    public void close() {
        open.forEach(Led::close);
    }

    /** One partition under one leadership. The partition's writer appends, one call at a time; any thread reads the high watermark. */
    private final class Led implements PartitionReplication {
        private final CommitListener listener;
        private volatile LeaderState state;
        private volatile long highWatermark;
        private volatile boolean closed;

        Led(LeaderState state, long highWatermark, CommitListener listener) {
            this.state = state;
            this.highWatermark = highWatermark;
            this.listener = listener;
        }

        @Override
        public ErrorCode admit(short acks) {
            LeaderState now = state;
            return acks == ACKS_ALL && now.inSyncReplicas().size() < now.minInSyncReplicas()
                    ? ErrorCode.NOT_ENOUGH_REPLICAS
                    : ErrorCode.NONE;
        }

        @Override
        public void appended(long logEndOffset) {
            if (!closed && logEndOffset > highWatermark) {
                highWatermark = logEndOffset; // before the listener is told: it may look
                listener.committed(logEndOffset);
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
        public void close() {
            closed = true;
            open.remove(this);
        }
    }
}
