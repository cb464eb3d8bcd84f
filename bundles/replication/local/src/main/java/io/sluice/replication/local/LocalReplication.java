package io.sluice.replication.local;

import io.sluice.base.TopicIdPartition;
import io.sluice.replication.api.CommitListener;
import io.sluice.replication.api.LeaderState;
import io.sluice.replication.api.PartitionReplication;
import io.sluice.replication.api.ReplicationStrategy;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The leader is the only replica: the high watermark is the end of the log. */
final class LocalReplication implements ReplicationStrategy {
    private final Set<LocalPartitionReplication> open = ConcurrentHashMap.newKeySet();

    @Override
    public PartitionReplication lead(
            TopicIdPartition partition,
            LeaderState state,
            long logEndOffset,
            long highWatermark,
            CommitListener listener) {
        LocalPartitionReplication made = new LocalPartitionReplication(state, highWatermark, listener, open::remove);
        open.add(made);
        made.appended(logEndOffset);
        return made;
    }

    @Override
    public void close() {
        for (LocalPartitionReplication replication : open) {
            replication.close();
        }
    }
}
