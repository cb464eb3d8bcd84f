package io.sluice.broker.kernel;

import io.sluice.base.Scheduler;
import io.sluice.base.Time;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps part of each disk free ({@code storage.reserve.bytes}) and the logs of each directory below {@code log.dir.max.bytes}. Where there
 * is no more room, clients' records are refused before they are written, with KAFKA_STORAGE_ERROR, which producers try again until their
 * {@code delivery.timeout.ms}; retention is hurried, and writes resume when it, or somebody, has made room. Internal topics and the
 * metadata go on: the reserve is for them.
 */
final class DiskSpace {
    private static final Logger LOG = LoggerFactory.getLogger(DiskSpace.class);
    private static final long HURRIED_ROUND_MS = 1_000L;
    private static final long SHARE_MAX = 20L;

    private final List<LogVolume> volumes = new ArrayList<>();
    private final ToLongFunction<String> config;
    private final Store store;
    private final Time time;
    private final Scheduler scheduler;
    private final Supplier<Collection<Partition>> partitions;

    /** A disk's size and what is left of it, in bytes. */
    record Bytes(long total, long usable) {}

    /** Asks a disk. */
    @FunctionalInterface
    interface Store {
        Bytes of(Path directory) throws IOException;

        /** The file system. */
        Store SYSTEM = directory -> {
            FileStore store = Files.getFileStore(directory);
            return new Bytes(store.getTotalSpace(), store.getUsableSpace());
        };
    }

    /** What may be written, out of which limit, and a sentence for when it is too little. */
    record Room(long left, long limit, String explanation) {}

    /** @param config the value of a broker's key, as it stands */
    DiskSpace(
            List<Path> directories,
            ToLongFunction<String> config,
            Store store,
            Time time,
            Scheduler scheduler,
            Supplier<Collection<Partition>> partitions) {
        this.config = config;
        this.store = store;
        this.time = time;
        this.scheduler = scheduler;
        this.partitions = partitions;
        for (Path directory : directories) {
            volumes.add(new LogVolume(directory.toAbsolutePath().normalize(), this));
        }
    }

    /** The volume on which a log lies; null when it lies on none. */
    @Nullable
    LogVolume of(@Nullable Path folder) {
        if (folder != null) {
            Path absolute = folder.toAbsolutePath().normalize();
            for (LogVolume volume : volumes) {
                if (absolute.startsWith(volume.directory())) {
                    return volume;
                }
            }
        }
        return null;
    }

    long nanoseconds() {
        return time.nanoseconds();
    }

    Room roomIn(LogVolume volume) {
        Bytes disk;
        try {
            disk = store.of(volume.directory());
        } catch (IOException e) {
            LOG.warn("the space in {} is not known", volume.directory(), e);
            return new Room(Long.MAX_VALUE, Long.MAX_VALUE, "");
        }
        long reserve = Math.min(config.applyAsLong("storage.reserve.bytes"), disk.total() / SHARE_MAX);
        long max = config.applyAsLong("log.dir.max.bytes");
        Room left = new Room(
                disk.usable() - reserve,
                reserve,
                "the disk of " + volume.directory() + " is nearly full: " + (disk.usable() >> 20)
                        + " MiB are left, and " + (reserve >> 20) + " MiB are kept free (storage.reserve.bytes)");
        if (max < 0L) {
            return left;
        }
        long used = used(volume);
        Room allowed = new Room(
                max - used,
                max,
                "the logs in " + volume.directory() + " take " + used + " bytes of the " + max
                        + " that they may (log.dir.max.bytes)");
        return allowed.left() < left.left() ? allowed : left;
    }

    private long used(LogVolume volume) {
        long used = 0L;
        for (Partition partition : partitions.get()) {
            used += partition.bytesOn(volume);
        }
        return used;
    }

    void isFull(LogVolume volume) {
        LOG.warn("clients' records are refused: {}", volume.full());
        scheduler.execute(() -> hurriedRound(volume));
    }

    void hasRoom(LogVolume volume) {
        LOG.info("clients' records are taken again in {}", volume.directory());
    }

    private void hurriedRound(LogVolume volume) {
        for (Partition partition : partitions.get()) {
            if (partition.isOn(volume)) {
                makeRoom(partition, true);
            }
        }
        volume.askAgain();
        if (volume.full() != null) {
            scheduler.schedule(HURRIED_ROUND_MS, () -> hurriedRound(volume));
            return;
        }
        for (Partition partition : partitions.get()) {
            if (partition.isOn(volume)) {
                makeRoom(partition, false);
            }
        }
    }

    private static void makeRoom(Partition partition, boolean hurried) {
        try {
            partition.hurry(hurried);
            if (hurried) {
                partition.maintain();
            }
        } catch (IOException | RuntimeException e) {
            LOG.error("no room could be made in {}", partition.id(), e);
        }
    }
}
