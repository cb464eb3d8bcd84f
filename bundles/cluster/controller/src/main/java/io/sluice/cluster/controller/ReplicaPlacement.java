package io.sluice.cluster.controller;

import io.sluice.base.ErrorCode;
import io.sluice.base.RandomSource;
import io.sluice.cluster.api.image.BrokerRegistration;
import io.sluice.cluster.api.image.ClusterImage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Spreads replicas over racks and brokers: leaders go round the racks, the replicas of a partition lie in as many racks as
 * there are, and fenced brokers never lead.
 */
final class ReplicaPlacement {
    private final List<Rack> racks = new ArrayList<>();
    private final int brokers;
    private final int active;
    private int nextRack;

    /** The brokers of one rack; those that are not fenced come first. */
    private static final class Rack {
        private final List<Integer> active = new ArrayList<>();
        private final List<Integer> fenced = new ArrayList<>();
        private int next;

        int size() {
            return active.size() + fenced.size();
        }

        /** The n-th broker, counted from where this round begins. */
        int broker(int n) {
            return n < active.size()
                    ? active.get((next + n) % active.size())
                    : fenced.get((next + n - active.size()) % fenced.size());
        }
    }

    ReplicaPlacement(ClusterImage image, RandomSource random) {
        Map<String, Rack> byName = new TreeMap<>();
        int activeCount = 0;
        Collection<BrokerRegistration> registrations = image.registrations().values();
        for (BrokerRegistration broker : registrations) {
            String name = broker.rack();
            Rack rack = byName.computeIfAbsent(name == null ? "" : name, key -> new Rack());
            boolean usable = isActive(broker);
            (usable ? rack.active : rack.fenced).add(broker.nodeId());
            activeCount += usable ? 1 : 0;
        }
        byName.values().forEach(rack -> {
            rack.next = random.nextInt(rack.size());
            racks.add(rack);
        });
        racks.sort((a, b) -> Boolean.compare(a.active.isEmpty(), b.active.isEmpty()));
        this.brokers = registrations.size();
        this.active = activeCount;
        this.nextRack = racks.isEmpty() ? 0 : random.nextInt(racks.size());
    }

    static boolean isActive(BrokerRegistration broker) {
        return !broker.fenced() && !broker.inControlledShutdown();
    }

    /** Whether partitions of so many replicas can be placed. */
    ApiError check(int replicationFactor) {
        String prefix = "Unable to replicate the partition " + replicationFactor + " time(s): ";
        if (replicationFactor <= 0) {
            return ApiError.of(ErrorCode.INVALID_REPLICATION_FACTOR, prefix + "the number must be positive.");
        }
        if (active == 0) {
            return ApiError.of(ErrorCode.INVALID_REPLICATION_FACTOR, prefix + "All brokers are currently fenced.");
        }
        if (replicationFactor > brokers) {
            return ApiError.of(
                    ErrorCode.INVALID_REPLICATION_FACTOR,
                    prefix + "The target replication factor of " + replicationFactor
                            + " cannot be reached because only " + brokers + " broker(s) are registered.");
        }
        return ApiError.NONE;
    }

    /** The replicas of the next partition, the leader first; after {@link #check}. */
    List<Integer> place(int replicationFactor) {
        while (racks.get(nextRack).active.isEmpty()) {
            nextRack = (nextRack + 1) % racks.size();
        }
        int[] taken = new int[racks.size()];
        List<Integer> replicas = new ArrayList<>(replicationFactor);
        for (int rack = nextRack; replicas.size() < replicationFactor; rack = (rack + 1) % racks.size()) {
            Rack candidate = racks.get(rack);
            if (taken[rack] < candidate.size()) {
                replicas.add(candidate.broker(taken[rack]++));
            }
        }
        racks.get(nextRack).next++;
        nextRack = (nextRack + 1) % racks.size();
        return Collections.unmodifiableList(replicas);
    }
}
