package io.sluice.coordinator.txn;

import io.sluice.base.ErrorCode;
import io.sluice.base.Scheduler;
import io.sluice.base.TopicPartition;
import io.sluice.coordinator.runtime.CoordinatorRuntime;
import io.sluice.coordinator.runtime.Reply;
import io.sluice.coordinator.runtime.Work;
import io.sluice.coordinator.txn.state.TransactionRecord;
import io.sluice.coordinator.txn.state.TransactionShard;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * Brings what became of markers, and producer ids, to the state that waits for them, as often as it takes. A state that does not wait any more passes
 * them over.
 */
final class Reports {
    private static final long RETRY_MS = 20L;

    private final CoordinatorRuntime<TransactionShard, TransactionRecord> runtime;
    private final Scheduler scheduler;

    Reports(CoordinatorRuntime<TransactionShard, TransactionRecord> runtime, Scheduler scheduler) {
        this.runtime = runtime;
        this.scheduler = scheduler;
    }

    void written(int partition, String transactionalId, long token, Collection<TopicPartition> partitions) {
        bring(partition, (shard, turn) -> shard.markersWritten(turn, transactionalId, token, partitions));
    }

    void spareId(int partition, String transactionalId, long producerId) {
        bring(partition, (shard, turn) -> shard.abortOverdue(turn, transactionalId, producerId));
    }

    private void bring(int partition, Work<TransactionShard, TransactionRecord> work) {
        Reply<Void> reply = new Reply<>() {
            @Override
            public void answer(@Nullable Void outcome) {}

            @Override
            public void refuse(ErrorCode error) {
                if (error == ErrorCode.COORDINATOR_LOAD_IN_PROGRESS) {
                    scheduler.schedule(RETRY_MS, () -> bring(partition, work));
                }
            }
        };
        runtime.submit(partition, reply, work);
    }
}
