package io.sluice.coordinator.txn;

import io.sluice.base.ErrorCode;
import io.sluice.base.Scheduler;
import io.sluice.base.TopicPartition;
import io.sluice.coordinator.runtime.CoordinatorRuntime;
import io.sluice.coordinator.runtime.Reply;
import io.sluice.coordinator.txn.state.TransactionRecord;
import io.sluice.coordinator.txn.state.TransactionShard;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Brings what became of markers to the state that waits for it, as often as it takes. A state that does not wait any more passes it over. */
final class MarkerReports {
    private static final long RETRY_MS = 20L;

    private final CoordinatorRuntime<TransactionShard, TransactionRecord> runtime;
    private final Scheduler scheduler;

    MarkerReports(CoordinatorRuntime<TransactionShard, TransactionRecord> runtime, Scheduler scheduler) {
        this.runtime = runtime;
        this.scheduler = scheduler;
    }

    void written(int partition, String transactionalId, long token, Collection<TopicPartition> partitions) {
        Reply<Void> reply = new Reply<>() {
            @Override
            public void answer(@Nullable Void outcome) {}

            @Override
            public void refuse(ErrorCode error) {
                if (error == ErrorCode.COORDINATOR_LOAD_IN_PROGRESS) {
                    scheduler.schedule(RETRY_MS, () -> written(partition, transactionalId, token, partitions));
                }
            }
        };
        runtime.submit(
                partition, reply, (shard, turn) -> shard.markersWritten(turn, transactionalId, token, partitions));
    }
}
