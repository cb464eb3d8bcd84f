package io.sluice.broker.kernel;

import io.sluice.base.Scheduler;
import io.sluice.base.Time;
import io.sluice.replication.api.ReplicationStrategy;
import io.sluice.replication.api.ReplicationStrategyFactory;

/** What a partition needs of the kernel. */
interface KernelServices {
    Time time();

    Sabotage sabotage();

    Scheduler scheduler();

    /** For work that waits for a disk because a reader does. */
    Scheduler coldReads();

    /** For the fsyncs that appends wait for. */
    SyncQueue syncs();

    DiskSpace diskSpace();

    RequestMemory memory();

    /** What goes into topics and out of them. */
    TrafficBook traffic();

    PartRole<ReplicationStrategyFactory, ReplicationStrategy> replicationRole();

    ReplicationHost replication();
}
