package io.sluice.broker.kernel;

import io.sluice.replication.api.ReplicationStrategy;
import io.sluice.replication.api.ReplicationStrategyFactory;
import java.util.Collection;
import java.util.function.Supplier;

/** The replication role: gives every partition that is led its replication, and takes it away while the strategy is replaced. */
final class ReplicationHost {
    private final PartRole<ReplicationStrategyFactory, ReplicationStrategy> role;
    private final Supplier<Collection<Partition>> partitions;

    ReplicationHost(String type, RoleContext context, Supplier<Collection<Partition>> partitions) {
        this.partitions = partitions;
        this.role = new PartRole<>("replication", type, context, new Strategies());
    }

    PartRole<ReplicationStrategyFactory, ReplicationStrategy> role() {
        return role;
    }

    /** Gives the partition its replication if the strategy is there; else it gets it when the strategy comes. */
    void lead(Partition partition) {
        PartRole.Lease<ReplicationStrategy> lease = role.acquire();
        if (lease == null) {
            return;
        }
        try {
            partition.attachReplication(lease.part());
        } finally {
            lease.release();
        }
    }

    private final class Strategies implements PartRole.Lifecycle<ReplicationStrategyFactory, ReplicationStrategy> {
        @Override
        public ReplicationStrategy open(ReplicationStrategyFactory factory) {
            return factory.open();
        }

        @Override
        public void opened(ReplicationStrategy strategy) {
            for (Partition partition : partitions.get()) {
                lead(partition);
            }
        }

        @Override
        public void close(ReplicationStrategy strategy) {
            for (Partition partition : partitions.get()) {
                partition.detachReplication();
            }
            strategy.close();
        }
    }
}
