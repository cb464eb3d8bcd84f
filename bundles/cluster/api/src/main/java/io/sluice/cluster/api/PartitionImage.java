package io.sluice.cluster.api;

import io.sluice.base.Uuid;
import java.util.List;

/**
 * A partition's record.
 *
 * @param leader node id, or -1
 * @param leaderEpoch rises with each leadership
 * @param partitionEpoch rises with each change of this record
 * @param directories where each replica lies, in the order of the replicas; {@code Uuid.ZERO} when not assigned
 */
public record PartitionImage(
        int partition,
        List<Integer> replicas,
        List<Integer> inSyncReplicas,
        int leader,
        int leaderEpoch,
        int partitionEpoch,
        List<Uuid> directories) {
    public PartitionImage {
        replicas = List.copyOf(replicas);
        inSyncReplicas = List.copyOf(inSyncReplicas);
        directories = List.copyOf(directories);
    }
}
