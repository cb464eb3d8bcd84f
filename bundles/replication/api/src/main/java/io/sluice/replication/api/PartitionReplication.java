package io.sluice.replication.api;

import io.sluice.base.ErrorCode;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * The replication of one partition under one leadership. {@link #admit} and {@link #appended} are called by the
 * partition's writer, one at a time; {@link #highWatermark} from any thread.
 */
@ConsumerType
public interface PartitionReplication {
    /** {@link ErrorCode#NONE}, or why a write with these acks cannot be taken now ({@code NOT_ENOUGH_REPLICAS} for example). */
    ErrorCode admit(short acks);

    /** The log now ends at this offset. Must not block; may call the listener. */
    void appended(long logEndOffset);

    /** All below this offset is committed: it is never lost and consumers may read it. Never falls. */
    long highWatermark();

    /** The leadership changed without a change of leader: its replicas or in-sync replicas are others now. */
    void updated(LeaderState state);

    /** The broker no longer leads the partition, or the strategy is being replaced. No call of the listener follows. */
    void close();
}
