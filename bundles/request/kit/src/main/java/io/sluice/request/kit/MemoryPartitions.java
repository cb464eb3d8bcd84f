package io.sluice.request.kit;

import io.sluice.base.ErrorCode;
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
import io.sluice.broker.api.SpecialTimestamp;
import io.sluice.request.api.Wakeup;
import io.sluice.storage.api.LogDirectory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Partitions that are nothing but their offsets, all led by this broker in epoch 0, all in one directory. Holds no records: what becomes
 * of an append or a read is the test's to say.
 */
public final class MemoryPartitions implements Partitions {
    /** Where every partition lies. */
    public static final Path DIRECTORY = Path.of("logs").toAbsolutePath();

    private final Map<TopicPartition, Offsets> partitions = new ConcurrentSkipListMap<>();
    private final List<AppendEntry> appended = new CopyOnWriteArrayList<>();
    private final List<Integer> guardedSequences = new CopyOnWriteArrayList<>();
    private final List<FetchPosition> watched = new CopyOnWriteArrayList<>();
    private final Set<String> cold = new CopyOnWriteArraySet<>();
    private final List<String> warming = new CopyOnWriteArrayList<>();
    private @Nullable Function<AppendEntry, AppendOutcome> appender;
    private @Nullable Reader reader;
    private volatile long guard = AppendEntry.UNGUARDED;

    /** Answers a read. */
    @FunctionalInterface
    public interface Reader {
        FetchOutcome read(FetchPosition position, int maxBytes, boolean minOneBatch);
    }

    private record Offsets(long start, long lastStable, long end) {}

    public MemoryPartitions partition(String topic, int partition, long start, long lastStable, long end) {
        partitions.put(new TopicPartition(topic, partition), new Offsets(start, lastStable, end));
        return this;
    }

    @Override
    public OffsetOutcome offsetFor(
            TopicPartition partition, int currentLeaderEpoch, long timestamp, boolean readCommitted) {
        Offsets offsets = partitions.get(partition);
        if (offsets == null) {
            return OffsetOutcome.refused(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        }
        if (currentLeaderEpoch > 0) {
            return OffsetOutcome.refused(ErrorCode.UNKNOWN_LEADER_EPOCH);
        }
        if (timestamp == SpecialTimestamp.LATEST) {
            return new OffsetOutcome(ErrorCode.NONE, -1L, readCommitted ? offsets.lastStable() : offsets.end(), 0);
        }
        if (timestamp == SpecialTimestamp.EARLIEST || timestamp == SpecialTimestamp.EARLIEST_LOCAL) {
            return new OffsetOutcome(ErrorCode.NONE, -1L, offsets.start(), 0);
        }
        return new OffsetOutcome(ErrorCode.NONE, -1L, -1L, -1);
    }

    @Override
    public EpochEndOutcome endOffsetFor(TopicPartition partition, int currentLeaderEpoch, int epoch) {
        Offsets offsets = partitions.get(partition);
        if (offsets == null) {
            return new EpochEndOutcome(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, -1, -1L);
        }
        return new EpochEndOutcome(ErrorCode.NONE, epoch, offsets.end());
    }

    @Override
    public CompletableFuture<DeleteRecordsOutcome> deleteRecords(TopicPartition partition, long offset) {
        Offsets offsets = partitions.get(partition);
        if (offsets == null) {
            return done(ErrorCode.NOT_LEADER_OR_FOLLOWER, -1L);
        }
        long start = offset == -1L ? offsets.end() : offset;
        if (start < 0 || start > offsets.end()) {
            return done(ErrorCode.OFFSET_OUT_OF_RANGE, -1L);
        }
        long now = Math.max(start, offsets.start());
        partitions.put(partition, new Offsets(now, offsets.lastStable(), offsets.end()));
        return done(ErrorCode.NONE, now);
    }

    private static CompletableFuture<DeleteRecordsOutcome> done(ErrorCode error, long lowWatermark) {
        return CompletableFuture.completedFuture(new DeleteRecordsOutcome(error, lowWatermark));
    }

    @Override
    public List<PartitionStatus> statuses() {
        List<PartitionStatus> statuses = new ArrayList<>();
        partitions.forEach((partition, offsets) -> statuses.add(status(partition, offsets)));
        return statuses;
    }

    @Override
    public @Nullable PartitionStatus status(TopicPartition partition) {
        Offsets offsets = partitions.get(partition);
        return offsets == null ? null : status(partition, offsets);
    }

    /** A hundred bytes for each record. */
    private static PartitionStatus status(TopicPartition partition, Offsets offsets) {
        return new PartitionStatus(
                new TopicIdPartition(Uuid.ZERO, partition),
                "memory",
                PartitionStanding.ONLINE,
                null,
                0,
                offsets.start(),
                offsets.end(),
                offsets.end(),
                100L * (offsets.end() - offsets.start()),
                DIRECTORY.resolve(partition.toString()));
    }

    @Override
    public List<LogDirectory> logDirectories() {
        return List.of(new LogDirectory(DIRECTORY, 1_000_000L, 400_000L));
    }

    /** Says what becomes of each append, at once. */
    public MemoryPartitions appending(Function<AppendEntry, AppendOutcome> newAppender) {
        appender = newAppender;
        return this;
    }

    public MemoryPartitions reading(Reader newReader) {
        reader = newReader;
        return this;
    }

    /** What every transactional append is to be guarded by. */
    public MemoryPartitions guardedBy(long newGuard) {
        guard = newGuard;
        return this;
    }

    @Override
    public long transactionGuard(TopicPartition partition, long producerId, short producerEpoch) {
        return guard;
    }

    @Override
    public long transactionGuard(TopicPartition partition, long producerId, short producerEpoch, int firstSequence) {
        guardedSequences.add(firstSequence);
        return guard;
    }

    /** The sequence numbers of clients' batches for which a guard was asked, in order. */
    public List<Integer> guardedSequences() {
        return guardedSequences;
    }

    /** What got as far as to a partition, in order. */
    public List<AppendEntry> appended() {
        return appended;
    }

    /** Every position that a wake-up was asked for, in order. */
    public List<FetchPosition> watched() {
        return watched;
    }

    @Override
    public AppendTicket append(List<AppendEntry> entries, short acks, int timeoutMs, AppendOrigin origin) {
        Function<AppendEntry, AppendOutcome> known = Objects.requireNonNull(appender, "no records are expected here");
        AppendTicket ticket = new AppendTicket(entries);
        for (int i = 0; i < entries.size(); i++) {
            appended.add(entries.get(i));
            ticket.complete(i, known.apply(entries.get(i)));
        }
        return ticket;
    }

    @Override
    public FetchOutcome fetch(FetchPosition position, int maxBytes, boolean minOneBatch) {
        return Objects.requireNonNull(reader, "no reads are expected here").read(position, maxBytes, minOneBatch);
    }

    @Override
    public FetchOutcome fetchWarm(FetchPosition position, int maxBytes, boolean minOneBatch) {
        return cold.contains(position.partition().topic())
                ? FetchOutcome.cold(0L, 0L, 0L)
                : fetch(position, maxBytes, minOneBatch);
    }

    /** Remembers the topics; who waits is woken by whoever makes them warm. */
    @Override
    public void warm(List<FetchPosition> positions, int maxBytes, Wakeup wakeup) {
        positions.forEach(position -> warming.add(position.partition().topic()));
    }

    /** The topics whose records are not in memory: whoever may not wait is told so. */
    public Set<String> cold() {
        return cold;
    }

    /** The topics that were asked to be brought into memory, as often as they were. */
    public List<String> warming() {
        return warming;
    }

    @Override
    public void watch(Collection<FetchPosition> positions, int minBytes, Wakeup wakeup) {
        watched.addAll(positions);
    }

    @Override
    public Registration onLeadership(String topic, LeadershipListener listener) {
        throw new UnsupportedOperationException("leadership does not change here");
    }
}
