package io.sluice.coordinator.kit;

import io.sluice.base.ErrorCode;
import io.sluice.base.Scheduler;
import io.sluice.base.TopicIdPartition;
import io.sluice.base.TopicPartition;
import io.sluice.base.Uuid;
import io.sluice.broker.api.AppendEntry;
import io.sluice.broker.api.AppendOrigin;
import io.sluice.broker.api.AppendOutcome;
import io.sluice.broker.api.AppendTicket;
import io.sluice.broker.api.DeleteRecordsOutcome;
import io.sluice.broker.api.EpochEndOutcome;
import io.sluice.broker.api.FetchOutcome;
import io.sluice.broker.api.FetchPosition;
import io.sluice.broker.api.LeadershipListener;
import io.sluice.broker.api.OffsetOutcome;
import io.sluice.broker.api.PartitionStanding;
import io.sluice.broker.api.PartitionStatus;
import io.sluice.broker.api.Partitions;
import io.sluice.request.api.Wakeup;
import io.sluice.storage.api.LogDirectory;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The partitions of one topic, kept in memory, with what a coordinator uses of them. Appends are committed after a delay that the test chooses,
 * in order, and can be made to fail before or after they were written. For one thread.
 */
public final class SimulatedPartitions implements Partitions {
    private final String topic;
    private final Scheduler scheduler;
    private final Map<Integer, SimulatedLog> logs = new LinkedHashMap<>();
    private final List<LeadershipListener> listeners = new ArrayList<>();
    private final Map<Integer, Integer> led = new HashMap<>();
    private LongSupplier commitDelayMs = () -> 0L;
    private int failures;
    private boolean absent;
    private boolean parked;
    private final Queue<Runnable> waiting = new ArrayDeque<>();

    private ErrorCode failure = ErrorCode.NONE;
    private boolean failureIsWritten;

    public SimulatedPartitions(String topic, int partitionCount, Scheduler scheduler) {
        this.topic = topic;
        this.scheduler = scheduler;
        for (int i = 0; i < partitionCount; i++) {
            logs.put(i, new SimulatedLog());
        }
    }

    /** How long each append takes to be committed. */
    public void commitAfter(LongSupplier delayMs) {
        this.commitDelayMs = delayMs;
    }

    /** The next appends fail; when {@code written} they are in the log all the same. */
    public void failNext(int appends, ErrorCode error, boolean written) {
        this.failures = appends;
        this.failure = error;
        this.failureIsWritten = written;
    }

    /** The logs take no appends, as while their engine is being replaced: those wait, and come in order afterwards. */
    public void park() {
        parked = true;
    }

    public void unpark() {
        parked = false;
        Runnable next;
        while ((next = waiting.poll()) != null) {
            next.run();
        }
    }

    /** The logs are away, as while their engine is being replaced, or there again. */
    public void setAbsent(boolean absent) {
        this.absent = absent;
    }

    public SimulatedLog log(int partition) {
        return java.util.Objects.requireNonNull(logs.get(partition));
    }

    public void elect(int partition, int epoch) {
        led.put(partition, epoch);
        listeners.forEach(listener -> listener.elected(partition, epoch));
    }

    public void resign(int partition) {
        led.remove(partition);
        listeners.forEach(listener -> listener.resigned(partition));
    }

    @Override
    public AppendTicket append(List<AppendEntry> entries, short acks, int timeoutMs, AppendOrigin origin) {
        AppendTicket ticket = new AppendTicket(entries);
        for (int i = 0; i < entries.size(); i++) {
            AppendEntry entry = entries.get(i);
            if (parked) {
                int index = i;
                AppendEntry kept = new AppendEntry(
                        entry.partition(),
                        entry.topicId(),
                        copyOf(entry.batches()),
                        entry.transactionVersion(),
                        entry.transactionGuard());
                waiting.add(() -> append(ticket, index, kept));
            } else {
                append(ticket, i, entry);
            }
        }
        return ticket;
    }

    private void append(AppendTicket ticket, int index, AppendEntry entry) {
        int partition = entry.partition().partition();
        SimulatedLog log = logs.get(partition);
        if (log == null || !led.containsKey(partition)) {
            ticket.complete(index, AppendOutcome.refused(ErrorCode.NOT_LEADER_OR_FOLLOWER, null));
            return;
        }
        boolean fails = failures > 0;
        if (fails) {
            failures--;
        }
        ErrorCode error = fails ? failure : ErrorCode.NONE;
        if (fails && !failureIsWritten) {
            ticket.complete(index, AppendOutcome.refused(error, "as the test wants it"));
            return;
        }
        if (!log.mayAppend(entry.batches(), entry.transactionGuard())) {
            ticket.complete(index, AppendOutcome.refused(ErrorCode.NOT_ENOUGH_REPLICAS, "its transaction has ended"));
            return;
        }
        long base = log.append(entry.batches());
        long last = log.endOffset() - 1;
        long delay = commitDelayMs.getAsLong();
        if (delay <= 0L && log.isCommitted(base)) {
            commit(ticket, index, log, base, last, error);
        } else {
            ticket.written();
            log.committing(() -> scheduler.schedule(delay, () -> {
                commit(ticket, index, log, base, last, error);
                log.committed();
            }));
        }
    }

    private static void commit(
            AppendTicket ticket, int index, SimulatedLog log, long base, long last, ErrorCode error) {
        log.commitTo(last + 1);
        ticket.complete(
                index,
                error == ErrorCode.NONE
                        ? new AppendOutcome(ErrorCode.NONE, base, last, -1L, 0L, List.of(), null)
                        : AppendOutcome.refused(error, "as the test wants it"));
    }

    @Override
    public long transactionGuard(TopicPartition partition, long producerId, short producerEpoch) {
        SimulatedLog log = logs.get(partition.partition());
        return log == null ? AppendEntry.ONGOING : log.transactionGuard(producerId, producerEpoch);
    }

    @Override
    public FetchOutcome fetch(FetchPosition position, int maxBytes, boolean minOneBatch) {
        int partition = position.partition().partition();
        SimulatedLog log = logs.get(partition);
        if (log == null || !led.containsKey(partition)) {
            return FetchOutcome.refused(ErrorCode.NOT_LEADER_OR_FOLLOWER);
        }
        FetchOutcome outcome = log.read(position.offset(), maxBytes);
        return absent ? FetchOutcome.absent(outcome.highWatermark(), outcome.logStartOffset()) : outcome;
    }

    @Override
    public @Nullable PartitionStatus status(TopicPartition partition) {
        SimulatedLog log = logs.get(partition.partition());
        if (log == null || !partition.topic().equals(topic)) {
            return null;
        }
        return new PartitionStatus(
                new TopicIdPartition(Uuid.ZERO, partition),
                "simulated",
                PartitionStanding.ONLINE,
                null,
                led.getOrDefault(partition.partition(), 0),
                log.startOffset(),
                log.highWatermark(),
                log.endOffset(),
                0L,
                null);
    }

    @Override
    public List<PartitionStatus> statuses() {
        List<PartitionStatus> statuses = new ArrayList<>();
        for (int partition : logs.keySet()) {
            statuses.add(java.util.Objects.requireNonNull(status(new TopicPartition(topic, partition))));
        }
        return statuses;
    }

    @Override
    public Registration onLeadership(String wanted, LeadershipListener listener) {
        listeners.add(listener);
        if (wanted.equals(topic)) {
            new HashMap<>(led).forEach(listener::elected);
        }
        return () -> listeners.remove(listener);
    }

    @Override
    public void watch(Collection<FetchPosition> positions, int minBytes, Wakeup wakeup) {
        throw new UnsupportedOperationException("coordinators do not watch");
    }

    @Override
    public OffsetOutcome offsetFor(
            TopicPartition partition, int currentLeaderEpoch, long timestamp, boolean readCommitted) {
        throw new UnsupportedOperationException("coordinators do not list offsets");
    }

    @Override
    public EpochEndOutcome endOffsetFor(TopicPartition partition, int currentLeaderEpoch, int epoch) {
        throw new UnsupportedOperationException("coordinators do not ask for epochs");
    }

    @Override
    public CompletableFuture<DeleteRecordsOutcome> deleteRecords(TopicPartition partition, long offset) {
        SimulatedLog log = logs.get(partition.partition());
        if (log == null || !led.containsKey(partition.partition())) {
            return CompletableFuture.completedFuture(new DeleteRecordsOutcome(ErrorCode.NOT_LEADER_OR_FOLLOWER, -1L));
        }
        log.deleteBefore(offset);
        return CompletableFuture.completedFuture(new DeleteRecordsOutcome(ErrorCode.NONE, log.startOffset()));
    }

    @Override
    public List<LogDirectory> logDirectories() {
        return List.of();
    }

    /** Copies a buffer's content. */
    static ByteBuffer copyOf(ByteBuffer bytes) {
        ByteBuffer copy = ByteBuffer.allocate(bytes.remaining());
        return copy.put(bytes.duplicate()).flip();
    }
}
