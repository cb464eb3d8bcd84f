package io.sluice.broker.kernel;

import io.sluice.base.Scheduler;
import io.sluice.base.Time;
import io.sluice.broker.kernel.migration.MigrationFiles;

/** What moving partitions needs of the kernel. */
record MigrationServices(
        EngineHosts engines,
        MigrationMetadata metadata,
        MigrationFiles files,
        Time time,
        Scheduler scheduler,
        Sabotage sabotage) {}
