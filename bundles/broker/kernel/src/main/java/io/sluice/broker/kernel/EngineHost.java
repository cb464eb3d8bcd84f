package io.sluice.broker.kernel;

import io.sluice.base.Scheduler;
import io.sluice.base.Time;
import io.sluice.base.TopicIdPartition;
import io.sluice.base.TopicPartition;
import io.sluice.base.Uuid;
import io.sluice.storage.api.FutureLog;
import io.sluice.storage.api.LogConfig;
import io.sluice.storage.api.LogDirectory;
import io.sluice.storage.api.LogStore;
import io.sluice.storage.api.PartitionLog;
import io.sluice.storage.api.StorageContext;
import io.sluice.storage.api.StorageEngine;
import io.sluice.storage.api.StorageEngineFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One storage engine's role and the partitions that chose it. Opening and closing of the engine and of its logs exclude
 * each other, so that two versions of an engine never hold one directory, and a topic that is made again finds the files of
 * the old one gone.
 */
final class EngineHost {
    private static final Logger LOG = LoggerFactory.getLogger(EngineHost.class);

    private final String name;
    private final Environment environment;
    private final PartRole<StorageEngineFactory, StorageEngine> role;
    private final Map<TopicIdPartition, Partition> partitions = new ConcurrentHashMap<>();
    private final LogOpenings openings;
    /** Logs are opened beside each other; what closes them or deletes their data is alone. */
    private final ReentrantReadWriteLock door = new ReentrantReadWriteLock();

    private final Set<TopicPartition> leaving = ConcurrentHashMap.newKeySet();
    private final Map<TopicIdPartition, Copy> copies = new ConcurrentHashMap<>();
    private Map<String, Object> handedOver = Map.of();

    /** A second log of a partition that another engine serves. */
    interface Copy {
        TopicIdPartition id();

        LogConfig config();

        /** Takes the log away because the engine is closing; null when there is none. */
        @Nullable
        PartitionLog take();
    }

    /** What every engine is opened with, and what is known of partitions. */
    record Environment(
            List<Path> logDirectories,
            Path dataDirectory,
            int nodeId,
            String clusterId,
            Time time,
            Scheduler scheduler,
            Function<String, @Nullable String> brokerConfig,
            LongSupplier producerExpiryMs,
            Predicate<TopicIdPartition> isKnown,
            Consumer<String> progress) {}

    EngineHost(String name, RoleContext roles, Environment environment) {
        this.name = name;
        this.environment = environment;
        this.role = new PartRole<>("engine", name, roles, new Engines());
        this.openings = new LogOpenings(
                name,
                environment.scheduler(),
                environment.time(),
                this::recoveryThreads,
                this::openIfEngineIsOpen,
                environment.progress());
    }

    String name() {
        return name;
    }

    PartRole<StorageEngineFactory, StorageEngine> role() {
        return role;
    }

    /** Opens another engine of the same kind over a directory elsewhere, which the caller closes. */
    StorageEngine openElsewhere(Path directory, Path engineDirectory) throws IOException {
        StorageEngineFactory factory = role.factory();
        if (factory == null) {
            throw new IOException("the storage engine " + name + " is not open");
        }
        return factory.open(new StorageContext(
                List.of(directory),
                engineDirectory,
                environment.nodeId(),
                environment.clusterId(),
                environment.time(),
                environment.scheduler(),
                Map.of()));
    }

    /** Opens a log in such an engine. */
    PartitionLog openElsewhere(StorageEngine engine, TopicIdPartition partition, LogConfig config) throws IOException {
        return PartitionLog.open(
                partition, engine.open(partition, config), config, environment.time(), environment.producerExpiryMs());
    }

    /** Takes in a folder that such an engine wrote. */
    synchronized void adopt(TopicIdPartition partition, Path folder) throws IOException {
        PartRole.Lease<StorageEngine> lease = role.acquire();
        if (lease == null) {
            throw new IOException("the storage engine " + name + " is not open");
        }
        try {
            lease.part().adopt(partition, folder);
        } finally {
            lease.release();
        }
    }

    /** Removes what was taken in for a topic that is not there. */
    synchronized void deleteUnclaimed(TopicPartition partition) throws IOException {
        TopicIdPartition unclaimed = new TopicIdPartition(Uuid.ZERO, partition);
        PartRole.Lease<StorageEngine> lease = role.acquire();
        if (lease == null) {
            return; // it is removed when the engine opens again
        }
        try {
            if (!environment.isKnown().test(unclaimed)) {
                lease.part().delete(unclaimed);
            }
        } finally {
            lease.release();
        }
    }

    /** Removes the data of what the metadata does not know, if the engine was opened before there was any. */
    synchronized void removeUnknown() throws IOException {
        PartRole.Lease<StorageEngine> lease = role.acquire();
        if (lease == null) {
            return; // it is done when the engine opens
        }
        try {
            removeUnknown(lease.part());
        } finally {
            lease.release();
        }
    }

    private void removeUnknown(StorageEngine engine) throws IOException {
        for (TopicIdPartition stored : engine.stored()) {
            if (!environment.isKnown().test(stored)) {
                LOG.info("removing the data of {}, which the metadata does not know any more", stored);
                engine.delete(stored);
            }
        }
        for (FutureLog future : engine.futureLogs()) {
            if (!environment.isKnown().test(future.partition())) {
                engine.deleteFuture(future.partition());
            }
        }
    }

    /** Takes a partition in; its log is opened soon, or when the engine is. */
    void add(Partition partition) {
        partitions.put(partition.id(), partition);
        openings.add(partition);
    }

    /** As many for each directory as Kafka has. */
    private int recoveryThreads() {
        String threads = environment.brokerConfig().apply("num.recovery.threads.per.data.dir");
        return threads == null
                ? 1
                : Integer.parseInt(threads) * environment.logDirectories().size();
    }

    private long openIfEngineIsOpen(Partition partition) {
        door.readLock().lock();
        try {
            if (leaving.contains(partition.id().topicPartition())) {
                return 0L; // it is asked for again
            }
            PartRole.Lease<StorageEngine> lease = role.acquire();
            return lease == null ? 0L : open(lease, partition);
        } finally {
            door.readLock().unlock();
        }
    }

    private long open(PartRole.Lease<StorageEngine> lease, Partition partition) {
        try {
            return open(lease.part(), partition);
        } finally {
            lease.release();
        }
    }

    private long open(StorageEngine engine, Partition partition) {
        if (partitions.get(partition.id()) != partition || partition.hasLog()) {
            return 0L;
        }
        PartitionLog log = null;
        try {
            LogStore store = engine.open(partition.id(), partition.config());
            log = PartitionLog.open(
                    partition.id(), store, partition.config(), environment.time(), environment.producerExpiryMs());
            partition.attachLog(log);
            return log.sizeInBytes();
        } catch (IOException | RuntimeException e) {
            closeQuietly(partition.id(), log);
            LOG.error("partition {} could not be opened by engine {}", partition.id(), name, e);
            partition.markOffline("its log could not be opened: " + e.getMessage());
            return 0L;
        }
    }

    /** The data of a partition is going to be removed: what is made anew under its name waits for that. */
    void leaving(Partition partition) {
        leaving.add(partition.id().topicPartition());
    }

    /** It has been: what waited is opened. */
    void left(Partition partition) {
        leaving.remove(partition.id().topicPartition());
        for (Partition next : partitions.values()) {
            if (next.id().topicPartition().equals(partition.id().topicPartition())) {
                openings.add(next);
            }
        }
    }

    /** Removes the data of a partition that has been left. Blocks. */
    synchronized void deleteNow(Partition partition, @Nullable PartitionLog detached) {
        door.writeLock().lock();
        try {
            delete(partition, detached);
        } finally {
            door.writeLock().unlock();
        }
    }

    private void delete(Partition partition, @Nullable PartitionLog detached) {
        partitions.remove(partition.id(), partition);
        PartitionLog late = partition.detachLog();
        closeQuietly(partition.id(), detached == null ? late : detached);
        PartRole.Lease<StorageEngine> lease = role.acquire();
        if (lease == null) {
            return; // what is left behind is removed when the engine opens again
        }
        Copy copy = copies.remove(partition.id());
        if (copy != null) {
            closeQuietly(copy.id(), copy.take());
        }
        try {
            lease.part().deleteFuture(partition.id());
            lease.part().delete(partition.id());
        } catch (IOException e) {
            LOG.error("the data of {} could not be removed", partition.id(), e);
        } finally {
            lease.release();
        }
    }

    /** Opens a second log; whoever calls holds a lease of the engine. It is taken away from the copy when the engine closes. */
    PartitionLog openCopy(StorageEngine engine, Copy copy) throws IOException {
        return openCopy(copy, () -> engine.open(copy.id(), copy.config()));
    }

    /** Where a second log comes from. */
    @FunctionalInterface
    interface Opening {
        LogStore open() throws IOException;
    }

    synchronized PartitionLog openCopy(Copy copy, Opening opening) throws IOException {
        LogStore store = opening.open();
        PartitionLog log =
                PartitionLog.open(copy.id(), store, copy.config(), environment.time(), environment.producerExpiryMs());
        copies.put(copy.id(), copy);
        return log;
    }

    /** The partition's log was closed on purpose; whoever calls holds a lease of the engine. */
    synchronized void reopen(StorageEngine engine, Partition partition) {
        open(engine, partition);
    }

    void forget(Copy copy) {
        copies.remove(copy.id(), copy);
    }

    /** What was a copy serves the partition from now on; whoever calls holds a lease of the engine. */
    void promote(Copy copy, Partition partition) {
        partitions.put(partition.id(), partition);
        copies.remove(copy.id(), copy);
    }

    /** What served the partition is a copy from now on; whoever calls holds a lease of the engine. */
    void demote(Partition partition, Copy copy) {
        copies.put(copy.id(), copy);
        partitions.remove(partition.id(), partition);
    }

    List<LogDirectory> directories() {
        PartRole.Lease<StorageEngine> lease = role.acquire();
        if (lease == null) {
            return List.of();
        }
        try {
            return lease.part().directories();
        } finally {
            lease.release();
        }
    }

    private static void closeQuietly(TopicIdPartition partition, @Nullable PartitionLog log) {
        if (log == null) {
            return;
        }
        try {
            log.close();
        } catch (IOException | RuntimeException e) {
            LOG.error("the log of {} did not close cleanly", partition, e);
        }
    }

    private final class Engines implements PartRole.Lifecycle<StorageEngineFactory, StorageEngine> {
        @Override
        public StorageEngine open(StorageEngineFactory factory) throws IOException {
            synchronized (EngineHost.this) {
                StorageEngine engine = factory.open(new StorageContext(
                        environment.logDirectories(),
                        environment.dataDirectory().resolve(name),
                        environment.nodeId(),
                        environment.clusterId(),
                        environment.time(),
                        environment.scheduler(),
                        environment.brokerConfig(),
                        handedOver));
                handedOver = Map.of();
                removeUnknown(engine);
                return engine;
            }
        }

        @Override
        public void opened(StorageEngine engine) {
            openings.run(partitions.values());
        }

        @Override
        public void close(StorageEngine engine) throws IOException {
            synchronized (EngineHost.this) {
                door.writeLock().lock();
                try {
                    closeAll(engine);
                } finally {
                    door.writeLock().unlock();
                }
            }
        }

        private void closeAll(StorageEngine engine) throws IOException {
            for (Partition partition : partitions.values()) {
                closeQuietly(partition.id(), partition.detachLog());
            }
            for (Copy copy : copies.values()) {
                closeQuietly(copy.id(), copy.take());
            }
            copies.clear();
            handedOver = engine.handOver();
            engine.close();
        }
    }
}
