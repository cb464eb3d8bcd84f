package io.sluice.coordinator.txn.marker;

import io.sluice.base.ErrorCode;
import io.sluice.base.Scheduler;
import io.sluice.base.Time;
import io.sluice.base.TopicPartition;
import io.sluice.broker.api.AppendEntry;
import io.sluice.broker.api.AppendOrigin;
import io.sluice.broker.api.AppendTicket;
import io.sluice.broker.api.Partitions;
import io.sluice.broker.api.TransactionEnd;
import io.sluice.broker.api.TransactionEndReceiver;
import io.sluice.storage.api.TransactionMarker;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Writes markers into partitions of this broker, once. Those of a topic whose state another coordinator keeps are written by that coordinator. Any
 * thread; nothing blocks.
 */
public final class MarkerAppends {
    private static final short ACKS_ALL = -1;

    private final Partitions partitions;
    private final MarkerReceivers receivers;
    private final Scheduler scheduler;
    private final Time time;
    private final int timeoutMs;

    /** @param timeoutMs how long a marker may take to be committed */
    public MarkerAppends(
            Partitions partitions, MarkerReceivers receivers, Scheduler scheduler, Time time, int timeoutMs) {
        this.partitions = partitions;
        this.receivers = receivers;
        this.scheduler = scheduler;
        this.time = time;
        this.timeoutMs = timeoutMs;
    }

    /** @return completes, on any thread and perhaps before this returns, with what became of each partition */
    public CompletableFuture<Map<TopicPartition, ErrorCode>> append(Markers markers) {
        Attempt attempt = new Attempt(markers.partitions().size());
        List<TopicPartition> local = new ArrayList<>();
        for (TopicPartition partition : markers.partitions()) {
            TransactionEndReceiver receiver = receivers.of(partition.topic());
            if (receiver != null) {
                tell(receiver, endOf(markers, partition), partition, attempt);
            } else if (receivers.isAwaited(partition.topic())) {
                attempt.complete(partition, ErrorCode.COORDINATOR_NOT_AVAILABLE);
            } else {
                local.add(partition);
            }
        }
        if (!local.isEmpty()) {
            appendLocal(markers, local, attempt);
        }
        return attempt.future;
    }

    /** The receiver is of another bundle, which may go away with its answer. */
    private void tell(TransactionEndReceiver receiver, TransactionEnd end, TopicPartition partition, Attempt attempt) {
        CompletableFuture<ErrorCode> told;
        try {
            told = receiver.end(end);
        } catch (RuntimeException | LinkageError e) {
            told = CompletableFuture.failedFuture(e);
        }
        Scheduler.Cancellable timer = told.isDone()
                ? () -> {}
                : scheduler.schedule(timeoutMs, () -> attempt.complete(partition, ErrorCode.REQUEST_TIMED_OUT));
        told.whenComplete((error, failure) -> {
            timer.cancel();
            attempt.complete(partition, error == null ? ErrorCode.COORDINATOR_NOT_AVAILABLE : error);
        });
    }

    private static TransactionEnd endOf(Markers markers, TopicPartition partition) {
        return new TransactionEnd(
                partition.partition(),
                markers.producerId(),
                markers.producerEpoch(),
                markers.committed(),
                markers.coordinatorEpoch(),
                markers.transactionVersion());
    }

    private void appendLocal(Markers markers, List<TopicPartition> local, Attempt attempt) {
        TransactionMarker marker = new TransactionMarker(markers.committed(), markers.coordinatorEpoch());
        long nowMs = time.milliseconds();
        List<AppendEntry> entries = new ArrayList<>(local.size());
        for (TopicPartition partition : local) {
            entries.add(AppendEntry.marker(
                    partition,
                    marker.toBatch(markers.producerId(), markers.producerEpoch(), nowMs),
                    markers.transactionVersion()));
        }
        AppendTicket ticket = partitions.append(entries, ACKS_ALL, timeoutMs, AppendOrigin.COORDINATOR);
        if (ticket.isComplete()) {
            settle(ticket, attempt);
            return;
        }
        Scheduler.Cancellable timer = scheduler.schedule(timeoutMs, () -> settle(ticket, attempt));
        ticket.whenComplete(() -> {
            timer.cancel();
            settle(ticket, attempt);
        });
    }

    /** May come twice, when the time is over just as the ticket completes. */
    private static void settle(AppendTicket ticket, Attempt attempt) {
        for (int i = 0; i < ticket.size(); i++) {
            attempt.complete(ticket.entry(i).partition(), ticket.outcome(i).error());
        }
    }

    private static final class Attempt {
        private final CompletableFuture<Map<TopicPartition, ErrorCode>> future = new CompletableFuture<>();
        private final Map<TopicPartition, ErrorCode> outcomes = new HashMap<>();
        private final AtomicInteger open;

        Attempt(int partitions) {
            this.open = new AtomicInteger(partitions);
            if (partitions == 0) {
                future.complete(Map.of());
            }
        }

        void complete(TopicPartition partition, ErrorCode error) {
            @Nullable ErrorCode before;
            synchronized (outcomes) {
                before = outcomes.putIfAbsent(partition, error);
            }
            if (before == null && open.decrementAndGet() == 0) {
                future.complete(outcomes);
            }
        }
    }
}
