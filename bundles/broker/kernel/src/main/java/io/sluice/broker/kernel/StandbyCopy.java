package io.sluice.broker.kernel;

import io.sluice.base.TopicIdPartition;
import io.sluice.broker.kernel.migration.LogCopy;
import io.sluice.storage.api.LogConfig;
import io.sluice.storage.api.PartitionLog;
import io.sluice.storage.api.StorageEngine;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log of a moving partition that does not serve: open or not, and how far it is good. Its engine's host takes it away when the engine
 * closes, at any time and on any thread; everything else is its owner's to call, one thread at a time.
 */
final class StandbyCopy implements EngineHost.Copy {
    private static final Logger LOG = LoggerFactory.getLogger(StandbyCopy.class);

    private final Partition partition;
    private final MigrationServices services;
    private volatile @Nullable PartitionLog log;
    private volatile LogCopy progress;

    StandbyCopy(Partition partition, MigrationServices services) {
        this.partition = partition;
        this.services = services;
        this.progress = newProgress();
    }

    private LogCopy newProgress() {
        return new LogCopy(services.sabotage()::leavesOutThisBatch);
    }

    @Override
    public TopicIdPartition id() {
        return partition.id();
    }

    @Override
    public LogConfig config() {
        return partition.config().keepingAll();
    }

    @Override
    public @Nullable PartitionLog take() {
        PartitionLog taken = log;
        log = null;
        return taken;
    }

    /** Null while it is not open. */
    @Nullable
    PartitionLog log() {
        return log;
    }

    LogCopy progress() {
        return progress;
    }

    /**
     * Opens it and finds out how far it is what the original is.
     *
     * @param good the offset below which it was found good before; -1 for none
     */
    PartitionLog open(String engine, StorageEngine opened, PartitionLog original, long good) throws IOException {
        PartitionLog ours = services.engines().host(engine).openCopy(opened, this);
        log = ours;
        long known = Math.max(good, progress.verified());
        progress = newProgress();
        progress.takeUp(original, ours, known);
        return ours;
    }

    /** It serves now, and the log that served until now is the copy. */
    void exchange(PartitionLog old) {
        old.reconfigure(config());
        log = old;
        progress = newProgress();
        progress.trust(old.logEndOffset());
    }

    /** It counts as empty until it is opened again. */
    void distrust() {
        progress = newProgress();
    }

    /** Closes it; it is opened again at the next step, from where it was good. */
    void close(String engine) {
        services.engines().host(engine).forget(this);
        PartitionLog taken = take();
        if (taken != null) {
            try {
                taken.close();
            } catch (IOException | RuntimeException e) {
                LOG.warn("the copy of {} did not close cleanly", id(), e);
            }
        }
    }

    /** Closes and deletes it. */
    void drop(String engine, StorageEngine opened) throws IOException {
        services.engines().host(engine).forget(this);
        PartitionLog taken = take();
        if (taken != null) {
            taken.close();
        }
        opened.delete(id());
        distrust();
    }
}
