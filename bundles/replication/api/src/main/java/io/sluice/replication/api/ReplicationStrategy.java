package io.sluice.replication.api;

import io.sluice.base.TopicIdPartition;
import org.osgi.annotation.versioning.ConsumerType;

/** Decides for the partitions that this broker leads when what was appended is committed. */
@ConsumerType
public interface ReplicationStrategy extends AutoCloseable {
    /**
     * This broker begins to lead a partition.
     *
     * @param partition whose
     * @param state the leadership, as the metadata has it
     * @param logEndOffset the end of the log at this moment
     * @param highWatermark the last one that is known, never above the log's end
     * @param listener is told of every later rise; may be called from within {@link PartitionReplication#appended}
     */
    PartitionReplication lead(
            TopicIdPartition partition,
            LeaderState state,
            long logEndOffset,
            long highWatermark,
            CommitListener listener);

    /** Ends every partition's replication that is still open. */
    @Override
    void close();
}
