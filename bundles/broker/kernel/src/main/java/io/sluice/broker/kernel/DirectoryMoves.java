package io.sluice.broker.kernel;

import io.sluice.base.ErrorCode;
import io.sluice.base.Scheduler;
import io.sluice.base.Time;
import io.sluice.base.TopicIdPartition;
import io.sluice.base.TopicPartition;
import io.sluice.broker.api.FutureReplica;
import io.sluice.broker.api.ReplicaDirectories;
import io.sluice.broker.kernel.migration.Throttle;
import io.sluice.storage.api.FutureLog;
import io.sluice.storage.api.LogDirectory;
import io.sluice.storage.api.StorageEngine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The moves of this broker's partitions between log directories: takes them up again after a restart, from what the engines find of them,
 * and has a {@link MovePump} take them forward.
 */
final class DirectoryMoves implements ReplicaDirectories {
    private static final Logger LOG = LoggerFactory.getLogger(DirectoryMoves.class);
    private static final long ENGINES_MS = 1_000L;

    private final PartitionTable table;
    private final EngineHosts engines;
    private final Predicate<TopicPartition> isInMetadata;
    private final Time time;
    private final Scheduler scheduler;
    private final Sabotage sabotage;
    private final Throttle throttle;
    private final LongSupplier bytesPerSecond;
    private final Map<TopicIdPartition, DirectoryMove> moves = new ConcurrentHashMap<>();
    private final Set<String> searched = new HashSet<>();
    private final MovePump<DirectoryMove> pump;

    /** @param bytesPerSecond what all moves together may copy, as it stands; {@link Long#MAX_VALUE} for no limit */
    DirectoryMoves(
            PartitionTable table,
            EngineHosts engines,
            Predicate<TopicPartition> isInMetadata,
            Time time,
            Scheduler scheduler,
            Sabotage sabotage,
            LongSupplier bytesPerSecond) {
        this.table = table;
        this.engines = engines;
        this.isInMetadata = isInMetadata;
        this.time = time;
        this.scheduler = scheduler;
        this.sabotage = sabotage;
        this.throttle = new Throttle(time);
        this.bytesPerSecond = bytesPerSecond;
        this.pump = new MovePump<>(moves, this::obeyLimit, scheduler);
    }

    /** Looks for what an earlier run has left, in each engine once it is open. */
    void start() {
        scheduler.execute(this::search);
    }

    private void search() {
        boolean all = true;
        for (EngineHost host : engines.all()) {
            if (searched.contains(host.name())) {
                continue;
            }
            PartRole.Lease<StorageEngine> lease = host.role().acquire();
            if (lease == null) {
                all = false;
                continue;
            }
            try {
                for (FutureLog future : lease.part().futureLogs()) {
                    Partition partition = table.find(future.partition().topicPartition());
                    if (partition != null && partition.id().equals(future.partition())) {
                        LOG.info("the move of {} to {} goes on", partition.id(), future.directory());
                        begin(partition, future.directory(), host);
                    }
                }
                searched.add(host.name());
            } finally {
                lease.release();
            }
        }
        if (!all) {
            scheduler.schedule(ENGINES_MS, this::search);
        }
    }

    // ---- the service

    @Override
    public ErrorCode move(TopicPartition name, Path directory) {
        Path asked = directory.toAbsolutePath().normalize();
        Partition partition = table.find(name);
        EngineHost host = null;
        LogDirectory target = null;
        for (EngineHost one : engines.all()) {
            LogDirectory found = partition == null || partition.engine().equals(one.name()) ? find(one, asked) : null;
            host = found == null ? host : one;
            target = found == null ? target : found;
        }
        if (host == null || target == null) {
            return ErrorCode.LOG_DIR_NOT_FOUND;
        }
        if (target.failure() != null) {
            return ErrorCode.KAFKA_STORAGE_ERROR;
        }
        if (partition == null) {
            prefer(host, name, target.path());
            return isInMetadata.test(name) ? ErrorCode.REPLICA_NOT_AVAILABLE : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
        }
        Path lies = partition.status().directory();
        if (lies == null) {
            return ErrorCode.KAFKA_STORAGE_ERROR;
        }
        if (lies.toAbsolutePath().normalize().startsWith(asked)) {
            DirectoryMove other = moves.get(partition.id());
            if (other != null) {
                other.cancel();
            }
            return ErrorCode.NONE;
        }
        DirectoryMove move = begin(partition, target.path(), host);
        try {
            move.prepare();
            return ErrorCode.NONE;
        } catch (IOException e) {
            LOG.error("{} cannot be moved to {}", name, asked, e);
            move.cancel();
            return ErrorCode.KAFKA_STORAGE_ERROR;
        }
    }

    private static @Nullable LogDirectory find(EngineHost host, Path path) {
        for (LogDirectory directory : host.directories()) {
            if (directory.path().toAbsolutePath().normalize().equals(path)) {
                return directory;
            }
        }
        return null;
    }

    private static void prefer(EngineHost host, TopicPartition partition, Path directory) {
        PartRole.Lease<StorageEngine> lease = host.role().acquire();
        if (lease != null) {
            try {
                lease.part().prefer(partition, directory);
            } finally {
                lease.release();
            }
        }
    }

    private void obeyLimit() {
        long limit = bytesPerSecond.getAsLong();
        throttle.limit(limit == Long.MAX_VALUE ? 0L : limit == 0L ? -1L : limit);
    }

    private DirectoryMove begin(Partition partition, Path directory, EngineHost host) {
        obeyLimit();
        DirectoryMove move;
        synchronized (moves) {
            DirectoryMove known = moves.get(partition.id());
            if (known != null && known.directory().equals(directory) && !known.isCancelled()) {
                move = known;
            } else {
                if (known != null) {
                    known.giveUp();
                }
                move = new DirectoryMove(partition, directory, host, throttle, time, sabotage);
                moves.put(partition.id(), move);
            }
        }
        pump.wake();
        return move;
    }

    @Override
    public List<FutureReplica> moving() {
        List<FutureReplica> all = new ArrayList<>();
        for (DirectoryMove move : moves.values()) {
            if (!move.isCancelled()) {
                all.add(move.status());
            }
        }
        return all;
    }

    /** No step is made after this. Blocks. */
    void stop() {
        pump.stop();
    }
}
