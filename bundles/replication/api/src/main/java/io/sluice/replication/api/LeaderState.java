package io.sluice.replication.api;

import java.util.List;

/**
 * What the metadata says of a partition that this broker leads.
 *
 * @param leaderEpoch rises with every leadership (KIP-101)
 * @param partitionEpoch rises with every change of the partition's record
 * @param replicas the brokers that hold it
 * @param inSyncReplicas the part of them that has all that is committed
 * @param minInSyncReplicas {@code min.insync.replicas}, capped at the number of replicas
 */
public record LeaderState(
        int leaderEpoch,
        int partitionEpoch,
        List<Integer> replicas,
        List<Integer> inSyncReplicas,
        int minInSyncReplicas) {
    public LeaderState {
        replicas = List.copyOf(replicas);
        inSyncReplicas = List.copyOf(inSyncReplicas);
    }
}
