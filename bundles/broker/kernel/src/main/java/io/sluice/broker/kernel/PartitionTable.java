package io.sluice.broker.kernel;

import io.sluice.base.ErrorCode;
import io.sluice.base.LeaderEpoch;
import io.sluice.base.TopicPartition;
import io.sluice.base.Uuid;
import io.sluice.broker.api.AppendEntry;
import io.sluice.broker.api.AppendOrigin;
import io.sluice.broker.api.AppendTicket;
import io.sluice.broker.api.DeleteRecordsOutcome;
import io.sluice.broker.api.EpochEndOutcome;
import io.sluice.broker.api.FetchOutcome;
import io.sluice.broker.api.FetchPosition;
import io.sluice.broker.api.LeadershipListener;
import io.sluice.broker.api.OffsetOutcome;
import io.sluice.broker.api.PartitionStatus;
import io.sluice.broker.api.Partitions;
import io.sluice.broker.api.ProducersOutcome;
import io.sluice.broker.api.SpecialTimestamp;
import io.sluice.request.api.Wakeup;
import io.sluice.storage.api.LogDirectory;
import io.sluice.storage.api.ProducerStatus;
import io.sluice.storage.api.TimestampOffset;
import io.sluice.storage.api.TransactionGuard;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The partitions of this broker by name: what handlers and coordinators see of them. Kept by {@link PartitionAssignments}. */
final class PartitionTable implements Partitions {
    private static final long BATCH_BYTES_GUESS = 1L << 20;

    private final ConcurrentHashMap<TopicPartition, Partition> partitions = new ConcurrentHashMap<>();
    private final KernelServices services;
    private final EngineHosts engines;
    private final LeadershipListeners leadership;
    private final ColdReads coldReads;

    PartitionTable(KernelServices services, EngineHosts engines) {
        this.services = services;
        this.engines = engines;
        this.leadership = new LeadershipListeners(services.scheduler());
        this.coldReads = new ColdReads(services.coldReads());
    }

    Collection<Partition> all() {
        return partitions.values();
    }

    @Nullable
    Partition find(TopicPartition name) {
        return partitions.get(name);
    }

    void add(Partition partition) {
        partitions.put(partition.id().topicPartition(), partition);
    }

    @Nullable
    Partition remove(TopicPartition name) {
        return partitions.remove(name);
    }

    LeadershipListeners leadership() {
        return leadership;
    }

    @Override
    public AppendTicket append(List<AppendEntry> entries, short acks, int timeoutMs, AppendOrigin origin) {
        AppendTicket ticket = new AppendTicket(entries);
        for (int i = 0; i < entries.size(); i++) {
            AppendEntry entry = entries.get(i);
            AppendWork work = new AppendWork(ticket, i, acks, origin, entry.batches());
            Partition partition = partitions.get(entry.partition());
            if (partition == null) {
                work.refuse(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, null);
            } else if (!matches(entry.topicId(), partition)) {
                work.refuse(ErrorCode.UNKNOWN_TOPIC_ID, null);
            } else {
                partition.append(work);
            }
        }
        return ticket;
    }

    private static boolean matches(Uuid asked, Partition partition) {
        return asked.isZero() || asked.equals(partition.id().topicId());
    }

    @Override
    public FetchOutcome fetch(FetchPosition position, int maxBytes, boolean minOneBatch) {
        Partition partition = partitions.get(position.partition().topicPartition());
        return partition == null || !matches(position.partition().topicId(), partition)
                ? refusal(partition)
                : partition.fetch(position, maxBytes, minOneBatch);
    }

    @Override
    public FetchOutcome fetchWarm(FetchPosition position, int maxBytes, boolean minOneBatch) {
        Partition partition = partitions.get(position.partition().topicPartition());
        return partition == null || !matches(position.partition().topicId(), partition)
                ? refusal(partition)
                : partition.fetchWarm(position, maxBytes, minOneBatch);
    }

    private static FetchOutcome refusal(@Nullable Partition other) {
        return FetchOutcome.refused(
                other == null ? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION : ErrorCode.INCONSISTENT_TOPIC_ID);
    }

    @Override
    public void warm(List<FetchPosition> positions, int maxBytes, Wakeup wakeup) {
        List<ColdReads.Position> cold = new ArrayList<>(positions.size());
        for (FetchPosition position : positions) {
            Partition partition = partitions.get(position.partition().topicPartition());
            if (partition != null && matches(position.partition().topicId(), partition)) {
                cold.add(new ColdReads.Position(partition, position));
            }
        }
        coldReads.warm(cold, maxBytes, wakeup);
    }

    /** What is there already is looked at once, up to as much as is asked for and a batch that ends behind it. */
    @Override
    public void watch(Collection<FetchPosition> positions, int minBytes, Wakeup wakeup) {
        List<FetchPosition> asked = List.copyOf(positions);
        List<FetchOutcome> seen = new ArrayList<>(asked.size());
        int there = 0;
        for (FetchPosition position : asked) {
            FetchOutcome outcome =
                    fetchWarm(position, (int) Math.min(Integer.MAX_VALUE, minBytes + BATCH_BYTES_GUESS), true);
            there +=
                    outcome.isCold() ? Math.max(1, minBytes) : outcome.records().sizeInBytes();
            outcome.records().release();
            seen.add(outcome);
        }
        if (there >= Math.max(1, minBytes)) {
            services.scheduler().execute(wakeup::fire);
        } else {
            watch(asked, seen, minBytes - there, wakeup);
        }
    }

    @Override
    public void watch(List<FetchPosition> positions, List<FetchOutcome> seen, int moreBytes, Wakeup wakeup) {
        List<FetchWaiter.Watched> watched = new ArrayList<>(positions.size());
        for (int i = 0; i < positions.size(); i++) {
            FetchPosition position = positions.get(i);
            Partition partition = partitions.get(position.partition().topicPartition());
            if (partition == null || !matches(position.partition().topicId(), partition)) {
                services.scheduler().execute(wakeup::fire);
                return;
            }
            FetchOutcome known = seen.get(i);
            long end = position.readCommitted() ? known.lastStableOffset() : known.highWatermark();
            watched.add(FetchWaiter.Watched.from(partition, position, Math.max(end, position.offset())));
        }
        FetchWaiter waiter = new FetchWaiter(watched, Math.max(1, moreBytes), wakeup);
        for (FetchWaiters place : waiter.places()) {
            place.add(waiter);
        }
        if (waiter.hasMore()) {
            // elsewhere: who watches from within the call that is then gone on with would nest without an end
            services.scheduler().execute(waiter::fire);
        }
    }

    @Override
    public OffsetOutcome offsetFor(TopicPartition name, int currentLeaderEpoch, long timestamp, boolean readCommitted) {
        Partition partition = partitions.get(name);
        if (partition == null) {
            return OffsetOutcome.refused(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        }
        PartitionReads.Answer<OffsetOutcome> answer = partition.ask(currentLeaderEpoch, (log, committed) -> {
            long end = readCommitted ? log.lastStableOffset(committed) : committed;
            if (timestamp == SpecialTimestamp.LATEST) {
                return new OffsetOutcome(ErrorCode.NONE, -1L, end, log.latestEpoch());
            }
            if (timestamp == SpecialTimestamp.EARLIEST || timestamp == SpecialTimestamp.EARLIEST_LOCAL) {
                long start = log.logStartOffset();
                return new OffsetOutcome(ErrorCode.NONE, -1L, start, log.epochOf(start));
            }
            if (timestamp == SpecialTimestamp.LATEST_TIERED || timestamp == SpecialTimestamp.EARLIEST_PENDING_UPLOAD) {
                return new OffsetOutcome(ErrorCode.NONE, -1L, -1L, -1);
            }
            TimestampOffset found =
                    timestamp == SpecialTimestamp.MAX_TIMESTAMP ? log.latestTimestamp() : log.firstAtOrAfter(timestamp);
            if (found == null || found.offset() >= end) {
                return new OffsetOutcome(ErrorCode.NONE, -1L, -1L, -1);
            }
            return new OffsetOutcome(ErrorCode.NONE, found.timestampMs(), found.offset(), found.leaderEpoch());
        });
        OffsetOutcome value = answer.value();
        return value == null ? OffsetOutcome.refused(answer.error()) : value;
    }

    @Override
    public EpochEndOutcome endOffsetFor(TopicPartition name, int currentLeaderEpoch, int epoch) {
        Partition partition = partitions.get(name);
        return partition == null
                ? new EpochEndOutcome(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, -1, -1L)
                : partition.endOffsetFor(currentLeaderEpoch, epoch);
    }

    @Override
    public CompletableFuture<DeleteRecordsOutcome> deleteRecords(TopicPartition name, long offset) {
        CompletableFuture<DeleteRecordsOutcome> done = new CompletableFuture<>();
        services.scheduler().execute(() -> done.complete(deleteRecordsNow(name, offset)));
        return done;
    }

    private DeleteRecordsOutcome deleteRecordsNow(TopicPartition name, long offset) {
        Partition partition = partitions.get(name);
        if (partition == null) {
            return new DeleteRecordsOutcome(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, -1L);
        }
        if (!partition.config().cleanupDelete()) {
            return new DeleteRecordsOutcome(ErrorCode.POLICY_VIOLATION, -1L);
        }
        PartitionReads.Answer<Long> answer = partition.deleteRecords(offset);
        Long start = answer.value();
        if (start == null) {
            return new DeleteRecordsOutcome(answer.error(), -1L);
        }
        return start < 0
                ? new DeleteRecordsOutcome(ErrorCode.OFFSET_OUT_OF_RANGE, -1L)
                : new DeleteRecordsOutcome(ErrorCode.NONE, start);
    }

    @Override
    public long transactionGuard(TopicPartition name, long producerId, short producerEpoch) {
        return transactionGuard(name, log -> log.transactionGuard(producerId, producerEpoch));
    }

    @Override
    public long transactionGuard(TopicPartition name, long producerId, short producerEpoch, int firstSequence) {
        return transactionGuard(name, log -> log.transactionGuard(producerId, producerEpoch, firstSequence));
    }

    private long transactionGuard(TopicPartition name, PartitionReads.Guarding guarding) {
        Partition partition = partitions.get(name);
        return partition == null
                ? TransactionGuard.ONGOING // should it come just now, nothing may begin there unasked
                : partition.transactionGuard(guarding);
    }

    @Override
    public ProducersOutcome producers(TopicPartition name) {
        Partition partition = partitions.get(name);
        if (partition == null) {
            return ProducersOutcome.refused(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        }
        PartitionReads.Answer<List<ProducerStatus>> answer =
                partition.ask(LeaderEpoch.NONE, (log, committed) -> log.producers());
        List<ProducerStatus> producers = answer.value();
        return producers == null
                ? ProducersOutcome.refused(answer.error())
                : new ProducersOutcome(ErrorCode.NONE, producers);
    }

    @Override
    public List<PartitionStatus> statuses() {
        List<PartitionStatus> all = new ArrayList<>(partitions.size());
        for (Partition partition : partitions.values()) {
            all.add(partition.status());
        }
        return all;
    }

    @Override
    public @Nullable PartitionStatus status(TopicPartition name) {
        Partition partition = partitions.get(name);
        return partition == null ? null : partition.status();
    }

    @Override
    public List<LogDirectory> logDirectories() {
        Set<LogDirectory> all = new LinkedHashSet<>();
        for (EngineHost host : engines.all()) {
            all.addAll(host.directories());
        }
        return List.copyOf(all);
    }

    @Override
    public Registration onLeadership(String topic, LeadershipListener listener) {
        return leadership.add(topic, listener, () -> {
            List<LeadershipListeners.Led> present = new ArrayList<>();
            for (Partition partition : partitions.values()) {
                if (partition.id().topic().equals(topic) && partition.isLeading()) {
                    present.add(new LeadershipListeners.Led(partition.id().partition(), partition.leaderEpoch()));
                }
            }
            return present;
        });
    }
}
