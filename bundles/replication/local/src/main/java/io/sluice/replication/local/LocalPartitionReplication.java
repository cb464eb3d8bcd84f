package io.sluice.replication.local;

import io.sluice.base.ErrorCode;
import io.sluice.replication.api.CommitListener;
import io.sluice.replication.api.LeaderState;
import io.sluice.replication.api.PartitionReplication;
import java.util.function.Consumer;

/** One partition of {@link LocalReplication}. */
final class LocalPartitionReplication implements PartitionReplication {
    private static final short ACKS_ALL = -1;

    private final CommitListener listener;
    private final Consumer<LocalPartitionReplication> whenClosed;
    private volatile LeaderState state;
    private volatile long highWatermark;
    private volatile boolean closed;

    LocalPartitionReplication(
            LeaderState state,
            long highWatermark,
            CommitListener listener,
            Consumer<LocalPartitionReplication> whenClosed) {
        this.state = state;
        this.highWatermark = highWatermark;
        this.listener = listener;
        this.whenClosed = whenClosed;
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
            highWatermark = logEndOffset;
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
        whenClosed.accept(this);
    }
}
