package io.sluice.cluster.controller;

import io.sluice.base.ErrorCode;
import io.sluice.base.Uuid;
import io.sluice.cluster.api.PartitionImage;
import io.sluice.cluster.api.image.BrokerRegistration;
import io.sluice.cluster.api.image.ClusterImage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Makes partitions from lists of replicas, and checks the lists that clients give. */
final class NewPartitions {
    private final ClusterImage image;

    NewPartitions(ClusterImage image) {
        this.image = image;
    }

    /** @param replicationFactor how many replicas there must be, or 0 for any number */
    ApiError checkManual(List<Integer> replicas, int replicationFactor) {
        if (replicas.isEmpty()) {
            return refused("The manual partition assignment includes an empty replica list.");
        }
        Set<Integer> seen = new HashSet<>();
        for (Integer broker : replicas) {
            if (!image.registrations().containsKey(broker)) {
                return refused("The manual partition assignment includes broker " + broker
                        + ", but no such broker is registered.");
            }
            if (!seen.add(broker)) {
                return refused("The manual partition assignment includes the broker " + broker + " more than once.");
            }
        }
        if (replicationFactor > 0 && replicas.size() != replicationFactor) {
            return refused("The manual partition assignment includes a partition with " + replicas.size()
                    + " replica(s), but this is not consistent with previous partitions, which have "
                    + replicationFactor + " replica(s).");
        }
        return ApiError.NONE;
    }

    /** A partition at its beginning: led by the first active replica; with no leader if there is none. */
    PartitionImage create(int number, List<Integer> replicas) {
        List<Integer> active = active(replicas);
        int leader = active.isEmpty() ? -1 : active.get(0);
        List<Uuid> directories = new ArrayList<>(replicas.size());
        replicas.forEach(broker -> directories.add(directory(broker)));
        return new PartitionImage(number, replicas, active, leader, 0, 0, directories);
    }

    List<Integer> active(List<Integer> replicas) {
        List<Integer> active = new ArrayList<>(replicas.size());
        for (Integer broker : replicas) {
            BrokerRegistration registration = image.registrations().get(broker);
            if (registration != null && ReplicaPlacement.isActive(registration)) {
                active.add(broker);
            }
        }
        return active;
    }

    /** The only directory of a broker; with several, the broker chooses. */
    private Uuid directory(int broker) {
        BrokerRegistration registration = image.registrations().get(broker);
        return registration != null && registration.logDirs().size() == 1
                ? registration.logDirs().get(0)
                : Uuid.ZERO;
    }

    private static ApiError refused(String message) {
        return ApiError.of(ErrorCode.INVALID_REPLICA_ASSIGNMENT, message);
    }
}
