package io.sluice.storage.segment;

import io.sluice.base.Scheduler;
import io.sluice.base.TopicIdPartition;
import io.sluice.base.TopicPartition;
import io.sluice.storage.api.DiskFullException;
import io.sluice.storage.api.FutureLog;
import io.sluice.storage.api.LogConfig;
import io.sluice.storage.api.LogDirectory;
import io.sluice.storage.api.LogStore;
import io.sluice.storage.api.StagingArea;
import io.sluice.storage.api.StorageContext;
import io.sluice.storage.api.StorageEngine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs as files in Kafka's layout, over one or more log directories. Partitions can be opened by several threads at a time, so that
 * recovery after a crash is done in parallel. A background task makes what was written durable now and then and notes how far it came.
 */
final class SegmentEngine implements StorageEngine, LogListener {
    private static final Logger LOG = LoggerFactory.getLogger(SegmentEngine.class);
    /** How often what was written is synced and the recovery points are noted. */
    static final long CHECKPOINT_INTERVAL_MS = 60_000L;

    /** How long the files of a deleted partition stay that was not opened since the start: Kafka's default. */
    private static final long DELETE_DELAY_MS = LogConfig.DEFAULTS.fileDeleteDelayMs();

    /** How long a close goes on syncing: an update of the bundle stalls producers for that time. */
    private static final long CLOSE_SYNC_NANOS = 100_000_000L;

    /** Past that many bytes it does not begin to: one sync would take longer than that. */
    private static final long CLOSE_SYNC_BYTES = 32L * 1024 * 1024;

    /** The broker's key for the memory that files which are busy at the same time share; 0 for none. */
    private static final String STAGING_BYTES = "log.staging.bytes";

    private static final String STAGING_FILE = "staging";
    private static final String PLACES_FILE = "partitions";

    private final StorageContext context;
    private final List<DataDirectory> directories;
    private final PartitionPlaces places;
    private final Cleaners cleaners;
    private final FutureLogs futures;
    private final Map<TopicPartition, Path> preferred = new ConcurrentHashMap<>();
    private final @Nullable StagingArea staging;
    private final Map<TopicPartition, OpenLog> open = new ConcurrentHashMap<>();
    private final OpenFiles openFiles;
    /** How long the files of a closed partition stay when it is deleted. */
    private final Map<TopicPartition, Long> deleteDelaysMs = new ConcurrentHashMap<>();

    /** A fault that the proofs switch on: no checksum is verified at recovery. */
    private final boolean believesDamage;

    /** Another: which directory a partition was in is not remembered. */
    private final boolean forgetsPlaces;

    private final Scheduler.Cancellable checkpoints;
    private final AtomicLong unsyncedBytes = new AtomicLong();
    private boolean closedCleanly = true;
    private boolean closed;

    private record OpenLog(SegmentedLog log, DataDirectory directory) {}

    private SegmentEngine(
            StorageContext context,
            List<DataDirectory> directories,
            PartitionPlaces places,
            @Nullable StagingArea staging) {
        this.context = context;
        this.places = places;
        this.staging = staging;
        this.directories = directories;
        this.forgetsPlaces = "forget-place".equals(context.brokerConfig().apply("sluice.sabotage"));
        this.believesDamage = "believe-damage".equals(context.brokerConfig().apply("sluice.sabotage"));
        this.openFiles = new OpenFiles(
                context.scheduler(),
                () -> open.values().stream().map(OpenLog::log).toList());
        this.cleaners = new Cleaners(context.brokerConfig(), context.time());
        this.futures = new FutureLogs(context, directories, cleaners);
        this.checkpoints = context.scheduler()
                .scheduleWithFixedDelay(CHECKPOINT_INTERVAL_MS, CHECKPOINT_INTERVAL_MS, this::checkpoint);
    }

    static SegmentEngine open(StorageContext context) throws IOException {
        List<DataDirectory> directories = new ArrayList<>();
        for (Path path : context.logDirectories()) {
            directories.add(DataDirectory.open(path, context.scheduler()));
        }
        if (directories.isEmpty()) {
            throw new IOException("no log directory is configured (log.dirs)");
        }
        if (directories.stream().allMatch(directory -> directory.failure() != null)) {
            throw new IOException("no log directory can be used: "
                    + directories.get(0).path() + ": " + directories.get(0).failure());
        }
        PartitionPlaces places = PartitionPlaces.open(context.engineDirectory().resolve(PLACES_FILE), directories);
        FutureLogs.settle(directories, places, context.time().milliseconds());
        Path stagingFile = context.engineDirectory().resolve(STAGING_FILE);
        StagedRemains.write(stagingFile, directories, places, context);
        StagingArea staging = null;
        int slots = stagingSlots(context);
        if (slots > 0) {
            staging = StagingArea.open(stagingFile, slots, context.time(), context.scheduler());
            staging.clear();
        }
        return new SegmentEngine(context, directories, places, staging);
    }

    private static int stagingSlots(StorageContext context) {
        String bytes = context.brokerConfig().apply(STAGING_BYTES);
        return bytes == null ? 0 : (int) Math.min(Integer.MAX_VALUE, Long.parseLong(bytes) / StagingArea.SLOT_BYTES);
    }

    @Override
    public LogStore open(TopicIdPartition partition, LogConfig config) throws IOException {
        TopicPartition name = partition.topicPartition();
        if (closed || open.containsKey(name)) {
            throw new IOException(closed ? "the engine is closed" : partition + " is open already");
        }
        DataDirectory directory;
        CleanLog clean;
        synchronized (this) {
            directory = directoryOf(partition);
            places.put(partition, directory.path());
            directory.claim(partition);
            preferred.remove(name);
            clean = directory.takeClean(name);
        }
        Path folder = directory.folderOf(name);
        if (staging != null && directory.hasLost(name)) {
            StagedRemains.write(staging, partition, folder);
        }
        LoadedLog loaded = load(directory, folder, name, config, clean);
        long start = directory.logStart(name);
        loaded = loaded.withCleanedOffset(directory.cleanedOffset(name));
        SegmentedLog log = new SegmentedLog(
                partition,
                folder,
                config,
                loaded,
                new SegmentStaging(staging, partition, directory::isBootKnown),
                context.time(),
                context.scheduler(),
                cleaners,
                this);
        if (open.putIfAbsent(name, new OpenLog(log, directory)) != null) {
            throw new IOException(partition + " is open already");
        }
        if (loaded.logStartOffset() > loaded.logEndOffset()) {
            LOG.warn("{} ends at {} below its start {}: it is empty now", partition, loaded.logEndOffset(), start);
            log.truncateFullyAndStartAt(loaded.logStartOffset());
        }
        directory.recovered(name);
        return log;
    }

    private LoadedLog load(
            DataDirectory directory, Path folder, TopicPartition name, LogConfig config, @Nullable CleanLog clean)
            throws IOException {
        long nowMs = context.time().milliseconds();
        boolean damaged = DamageFile.exists(folder);
        boolean doubted = DoubtedLog.isMarked(folder);
        LoadedLog loaded = clean == null || damaged || doubted ? null : clean.restore(folder, nowMs);
        if (loaded != null) {
            return loaded;
        }
        boolean suspect = damaged || doubted || clean != null || directory.hasLost(name);
        loaded = LogLoader.load(
                folder,
                config,
                believesDamage ? Crash.NONE : suspect ? Crash.MACHINE : directory.crash(),
                directory.logStart(name),
                directory.recoveryPoint(name),
                directory.cleanedOffset(name),
                damaged,
                nowMs);
        if (doubted) {
            DoubtedLog.settle(folder, loaded, directory.recoveryPoint(name));
        }
        boolean holes = loaded.segments().hasHoles();
        if (damaged || holes || !loaded.damage().isEmpty()) {
            DamageFile.write(folder, loaded.damage(), holes);
        }
        return loaded;
    }

    /** Where the partition lies, or where a new one is to lie: where the fewest are. */
    private DataDirectory directoryOf(TopicIdPartition partition) throws IOException {
        DataDirectory known = null;
        DataDirectory fewest = null;
        DataDirectory preference = null;
        for (DataDirectory directory : directories) {
            if (directory.holds(partition.topicPartition())) {
                known = directory;
            }
            boolean sound = directory.failure() == null;
            if (sound && directory.path().equals(preferred.get(partition.topicPartition()))) {
                preference = directory;
            }
            if (sound && (fewest == null || directory.partitionCount() < fewest.partitionCount())) {
                fewest = directory;
            }
        }
        if (known == null) {
            known = whereItWas(partition);
        }
        DataDirectory chosen = known != null ? known : preference != null ? preference : fewest;
        if (chosen == null || chosen.failure() != null) {
            throw new IOException(
                    chosen == null
                            ? "every log directory is offline"
                            : "its log directory " + chosen.path() + " is offline: " + chosen.failure());
        }
        return chosen;
    }

    /** The directory that a partition without a folder had before, if that cannot be looked into; null for a new one. */
    private @Nullable DataDirectory whereItWas(TopicIdPartition partition) throws IOException {
        Path place = forgetsPlaces ? null : places.of(partition);
        if (place == null) {
            return null;
        }
        for (DataDirectory directory : directories) {
            if (place.equals(directory.path().toAbsolutePath().normalize())) {
                return directory;
            }
        }
        throw new IOException("it lies in " + place + ", which is none of the log.dirs");
    }

    @Override
    public void delete(TopicIdPartition partition) throws IOException {
        if (open.containsKey(partition.topicPartition())) {
            throw new IOException(partition + " is open");
        }
        for (DataDirectory directory : directories) {
            if (directory.holds(partition.topicPartition())) {
                Long delayMs = deleteDelaysMs.remove(partition.topicPartition());
                directory.delete(partition, context.time().milliseconds(), delayMs == null ? DELETE_DELAY_MS : delayMs);
            }
        }
    }

    // ---- from one directory to another

    @Override
    public List<FutureLog> futureLogs() {
        return futures.all();
    }

    @Override
    public LogStore openFuture(TopicIdPartition partition, LogConfig config, Path directory) throws IOException {
        DataDirectory target = find(directory);
        if (closed || target.failure() != null) {
            throw new IOException(closed ? "the engine is closed" : directory + " is offline: " + target.failure());
        }
        if (target.holds(partition.topicPartition())) {
            throw new IOException(partition + " is in " + directory + " already");
        }
        return futures.open(partition, config, target);
    }

    private DataDirectory find(Path path) throws IOException {
        for (DataDirectory directory : directories) {
            if (directory.path().equals(path)) {
                return directory;
            }
        }
        throw new IOException(path + " is none of the log directories");
    }

    @Override
    public void promoteFuture(TopicIdPartition partition) throws IOException {
        TopicPartition name = partition.topicPartition();
        if (open.containsKey(name)) {
            throw new IOException(partition + " is open");
        }
        DataDirectory old = null;
        for (DataDirectory directory : directories) {
            old = directory.holds(name) ? directory : old;
        }
        DataDirectory now = futures.promote(partition, old == null ? 0L : old.cleanedOffset(name));
        places.put(partition, now.path());
        if (old == null) {
            return;
        }
        try {
            Long delayMs = deleteDelaysMs.remove(name);
            old.delete(partition, context.time().milliseconds(), delayMs == null ? DELETE_DELAY_MS : delayMs);
            now.forgetReplaced(name);
        } catch (IOException e) {
            old.forget(name);
            LOG.warn(
                    "what {} had in {} could not be removed; it is when that is opened again",
                    partition,
                    old.path(),
                    e);
        }
    }

    @Override
    public void deleteFuture(TopicIdPartition partition) throws IOException {
        futures.delete(partition);
    }

    @Override
    public void prefer(TopicPartition partition, Path directory) {
        preferred.put(partition, directory);
    }

    @Override
    public synchronized void adopt(TopicIdPartition partition, Path folder) throws IOException {
        TopicPartition name = partition.topicPartition();
        DataDirectory directory = directoryOf(partition);
        if (closed || open.containsKey(name) || directory.holds(name)) {
            throw new IOException(closed ? "the engine is closed" : name + " is there already");
        }
        places.put(partition, directory.path());
        directory.adopt(partition, folder);
    }

    @Override
    public List<TopicIdPartition> stored() {
        List<TopicIdPartition> stored = new ArrayList<>();
        directories.forEach(directory -> stored.addAll(directory.stored()));
        return stored;
    }

    @Override
    public List<LogDirectory> directories() {
        return directories.stream().map(DataDirectory::space).toList();
    }

    @Override
    public void startChanged(SegmentedLog log) throws IOException {
        @Nullable OpenLog known = open.get(log.partition().topicPartition());
        if (known != null) {
            known.directory().setLogStart(log.partition().topicPartition(), log.logStartOffset());
            known.directory().writeLogStarts();
        }
    }

    /** What is written above the cut from now on must not be taken for what was safe before. */
    @Override
    public void cut(SegmentedLog log) throws IOException {
        @Nullable OpenLog known = open.get(log.partition().topicPartition());
        if (known != null) {
            known.directory()
                    .setRecoveryPoint(
                            log.partition().topicPartition(), log.durability().recoveryPoint());
            known.directory().writeRecoveryPoints();
            known.directory().writeCleanedOffset(log.partition().topicPartition(), log.cleanedOffset());
        }
        startChanged(log);
    }

    @Override
    public void cleaned(SegmentedLog log) throws IOException {
        OpenLog known = open.get(log.partition().topicPartition());
        if (known != null) {
            known.directory().writeCleanedOffset(log.partition().topicPartition(), log.cleanedOffset());
        }
    }

    @Override
    public void failed(SegmentedLog log, String reason) {
        OpenLog known = open.get(log.partition().topicPartition());
        if (known != null) {
            Path folder = known.directory().folderOf(log.partition().topicPartition());
            try {
                DoubtedLog.mark(folder, reason);
            } catch (IOException e) {
                known.directory().fail(reason + ", and no note could be made of it: " + e.getMessage());
            }
        }
    }

    @Override
    public void failed(SegmentedLog log, IOException failure) {
        OpenLog known = open.get(log.partition().topicPartition());
        if (known != null) {
            known.directory()
                    .fail("writing to " + log.partition().topicPartition() + " failed: " + failure.getMessage());
        }
    }

    @Override
    public @Nullable String failure(SegmentedLog log) {
        OpenLog known = open.get(log.partition().topicPartition());
        return known == null ? null : known.directory().failure();
    }

    @Override
    public void opening() {
        openFiles.opening();
    }

    @Override
    public void closed(SegmentedLog log, boolean cleanly) {
        OpenLog known = open.remove(log.partition().topicPartition());
        if (known == null) {
            return;
        }
        deleteDelaysMs.put(log.partition().topicPartition(), log.deleteDelayMs());
        known.directory()
                .setRecoveryPoint(
                        log.partition().topicPartition(), log.durability().recoveryPoint());
        unsyncedBytes.addAndGet(log.durability().unflushedBytes());
        if (!cleanly) {
            closedCleanly = false;
            known.directory().lost(log.partition().topicPartition());
            return;
        }
        try {
            known.directory().closed(CleanLog.of(log));
        } catch (IOException e) {
            closedCleanly = false;
            LOG.warn("{} is recovered at the next start", log.partition(), e);
        }
    }

    /** Syncs what is not synced and notes how far each log is safe. */
    void checkpoint() {
        for (OpenLog known : open.values()) {
            SegmentedLog log = known.log();
            if (log.failure() != null) {
                continue;
            }
            try {
                if (log.durability().isDirty()) {
                    log.durability().run();
                }
                known.directory()
                        .setRecoveryPoint(
                                log.partition().topicPartition(),
                                log.durability().recoveryPoint());
            } catch (IOException e) {
                LOG.warn("{} could not be flushed; it is tried again", log.partition(), e);
            }
        }
        for (DataDirectory directory : directories) {
            if (directory.failure() != null) {
                continue;
            }
            try {
                directory.writeRecoveryPoints();
            } catch (IOException e) {
                LOG.warn("the recovery points in {} could not be written", directory.path(), e);
                if (!DiskFullException.isMeantBy(e)) {
                    directory.fail("its recovery points could not be written: " + e);
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        checkpoints.cancel();
        IOException failure = null;
        for (OpenLog known : List.copyOf(open.values())) {
            try {
                known.log().close();
            } catch (IOException e) {
                failure = e;
            }
        }
        try {
            futures.closeAll();
        } catch (IOException e) {
            failure = e;
        }
        if (staging != null) {
            staging.close();
        }
        long allowance = unsyncedBytes.get() > CLOSE_SYNC_BYTES ? 0L : CLOSE_SYNC_NANOS;
        long deadlineNanos = context.time().nanoseconds() + allowance;
        for (DataDirectory directory : directories) {
            if (directory.failure() == null) {
                directory.finish(closedCleanly, context.time(), deadlineNanos);
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
