package io.sluice.storage.segment;

import io.sluice.base.TopicIdPartition;
import io.sluice.base.TopicPartition;
import io.sluice.base.Uuid;
import io.sluice.storage.api.FutureLog;
import io.sluice.storage.api.LogConfig;
import io.sluice.storage.api.LogStore;
import io.sluice.storage.api.StorageContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The logs that are made in one directory to take the place of those in another (KIP-113), in folders {@code topic-partition.id-future} as
 * Kafka's. What an earlier process left of one is read as after a crash of the machine. The rename of the folder is the moment at which it
 * becomes the partition's: a mark in it says that the folder of the same name in another directory, if there is one, is old.
 */
final class FutureLogs implements LogListener {
    private static final Logger LOG = LoggerFactory.getLogger(FutureLogs.class);

    private final StorageContext context;
    private final List<DataDirectory> directories;
    private final Cleaners cleaners;
    private final Map<TopicPartition, Future> open = new ConcurrentHashMap<>();
    private final Map<TopicPartition, CleanLog> closed = new ConcurrentHashMap<>();

    private record Future(SegmentedLog log, DataDirectory directory) {}

    FutureLogs(StorageContext context, List<DataDirectory> directories, Cleaners cleaners) {
        this.context = context;
        this.directories = directories;
        this.cleaners = cleaners;
    }

    /** Where two directories have a folder of the same partition, one took the place of the other: that is gone after this. */
    static void settle(List<DataDirectory> directories, PartitionPlaces places, long nowMs) throws IOException {
        for (DataDirectory directory : directories) {
            for (TopicIdPartition stored : directory.stored()) {
                TopicPartition name = stored.topicPartition();
                if (directory.failure() != null || !directory.replaces(name)) {
                    continue;
                }
                boolean alone = true;
                for (DataDirectory other : directories) {
                    if (other != directory && other.holds(name) && !other.replaces(name)) {
                        other.delete(stored, nowMs, 0L);
                    }
                    alone &= other.failure() == null;
                }
                if (alone) {
                    directory.forgetReplaced(name);
                }
                places.put(stored, directory.path());
            }
        }
    }

    List<FutureLog> all() {
        List<FutureLog> all = new ArrayList<>();
        for (DataDirectory directory : directories) {
            directory.futures().forEach((name, folder) -> {
                Uuid topic = topicIdOf(folder);
                all.add(new FutureLog(new TopicIdPartition(topic, name), directory.path()));
            });
        }
        return all;
    }

    private static Uuid topicIdOf(Path folder) {
        try {
            Uuid id = PartitionMetadataFile.read(folder);
            return id == null ? Uuid.ZERO : id;
        } catch (IOException e) {
            LOG.warn("the topic id of {} cannot be read", folder, e);
            return Uuid.ZERO;
        }
    }

    LogStore open(TopicIdPartition partition, LogConfig config, DataDirectory directory) throws IOException {
        TopicPartition name = partition.topicPartition();
        if (open.containsKey(name)) {
            throw new IOException("the future log of " + partition + " is open already");
        }
        closed.remove(name);
        for (DataDirectory other : directories) {
            if (other != directory) {
                other.deleteFuture(name);
            }
        }
        Path folder = directory.futures().get(name);
        LoadedLog loaded = null;
        if (folder != null && topicIdOf(folder).equals(partition.topicId())) {
            loaded = load(folder, config);
        }
        if (folder == null || loaded == null || !loaded.damage().isEmpty()) {
            directory.deleteFuture(name);
            folder = directory.makeFuture(partition, context.time().milliseconds());
            loaded = load(folder, config);
        }
        SegmentedLog log = new SegmentedLog(
                partition,
                folder,
                config,
                loaded,
                new SegmentStaging(null, partition, () -> false),
                context.time(),
                context.scheduler(),
                cleaners,
                this);
        open.put(name, new Future(log, directory));
        return log;
    }

    private LoadedLog load(Path folder, LogConfig config) throws IOException {
        return LogLoader.load(
                folder, config, Crash.MACHINE, 0L, 0L, 0L, false, context.time().milliseconds());
    }

    void delete(TopicIdPartition partition) throws IOException {
        if (open.containsKey(partition.topicPartition())) {
            throw new IOException("the future log of " + partition + " is open");
        }
        closed.remove(partition.topicPartition());
        for (DataDirectory directory : directories) {
            directory.deleteFuture(partition.topicPartition());
        }
    }

    /** Gives the future log the partition's name; the directory that it is in. */
    DataDirectory promote(TopicIdPartition partition, long cleanedOffset) throws IOException {
        TopicPartition name = partition.topicPartition();
        CleanLog log = closed.get(name);
        for (DataDirectory directory : directories) {
            if (log != null && directory.futures().containsKey(name)) {
                directory.promote(log, Math.min(cleanedOffset, log.logEndOffset()));
                closed.remove(name);
                return directory;
            }
        }
        throw new IOException("there is no future log of " + partition + " that was closed as it should be");
    }

    void closeAll() throws IOException {
        for (Future future : List.copyOf(open.values())) {
            future.log().close();
        }
    }

    @Override
    public void startChanged(SegmentedLog log) {
        // its start goes with it when it is promoted
    }

    @Override
    public void cut(SegmentedLog log) {
        // no checkpoint knows of it
    }

    @Override
    public void cleaned(SegmentedLog log) {
        // it is not compacted before it is promoted
    }

    @Override
    public void failed(SegmentedLog log, IOException failure) {
        Future known = open.get(log.partition().topicPartition());
        if (known != null) {
            known.directory()
                    .fail("writing to the future log of " + log.partition().topicPartition() + " failed: "
                            + failure.getMessage());
        }
    }

    @Override
    public @Nullable String failure(SegmentedLog log) {
        Future known = open.get(log.partition().topicPartition());
        return known == null ? null : known.directory().failure();
    }

    @Override
    public void closed(SegmentedLog log, boolean cleanly) {
        TopicPartition name = log.partition().topicPartition();
        open.remove(name);
        try {
            if (cleanly && log.durability().failure() == null) {
                closed.put(name, CleanLog.of(log));
            }
        } catch (IOException e) {
            LOG.warn("the future log of {} is read anew", name, e);
        }
    }
}
