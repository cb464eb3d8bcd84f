package io.sluice.broker.api;

import io.sluice.base.ErrorCode;
import io.sluice.base.TopicPartition;
import java.nio.file.Path;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * In which of a broker's log directories its partitions lie, and their moves from one to another while they are written and read (KIP-113).
 * A service of the kernel's; any thread that may block.
 */
@ProviderType
public interface ReplicaDirectories {
    /**
     * Begins to move a partition; a move to another directory than this one is given up. With the directory in which it is, that is all.
     * A partition that this broker does not have is made there when it comes.
     *
     * @return {@code NONE} when it has begun; LOG_DIR_NOT_FOUND, KAFKA_STORAGE_ERROR when the directory or the partition is offline,
     *     REPLICA_NOT_AVAILABLE or UNKNOWN_TOPIC_OR_PARTITION when the partition is not here
     */
    ErrorCode move(TopicPartition partition, Path directory);

    /** The moves that are under way. */
    List<FutureReplica> moving();
}
