package io.sluice.storage.segment;

import io.sluice.base.Scheduler;
import io.sluice.base.Time;
import io.sluice.base.TopicIdPartition;
import io.sluice.base.TopicPartition;
import io.sluice.base.Uuid;
import io.sluice.storage.api.LogDirectory;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One of the {@code log.dirs}: the folders of its partitions, its checkpoints, and how its last holder ended. Safe for several threads.
 */
final class DataDirectory {
    private static final Logger LOG = LoggerFactory.getLogger(DataDirectory.class);
    private static final int NAME_MAX = 255;

    private final Path path;
    private final Scheduler scheduler;
    private final Crash crash;
    private final CleanShutdownFile cleanShutdown;
    private final BootId boot;
    private final Map<TopicPartition, CleanLog> clean;
    private final Map<TopicPartition, Long> recoveryPoints;
    private final Map<TopicPartition, Long> logStarts;
    private final Map<TopicPartition, Long> cleanedOffsets;
    private final Set<TopicPartition> folders = ConcurrentHashMap.newKeySet();
    private final Map<TopicPartition, Path> futures = new ConcurrentHashMap<>();
    private final Set<TopicPartition> unrecovered = new HashSet<>();
    private final Set<TopicPartition> lost = ConcurrentHashMap.newKeySet();
    private volatile @Nullable String failure;
    private boolean bootKnown;

    private DataDirectory(Path path, Scheduler scheduler) throws IOException {
        Files.createDirectories(path);
        this.path = path;
        this.scheduler = scheduler;
        this.cleanShutdown = new CleanShutdownFile(path);
        this.boot = new BootId(path);
        this.crash = cleanShutdown.isMarked() ? Crash.NONE : boot.isSameBoot() ? Crash.PROCESS : Crash.MACHINE;
        this.clean = new ConcurrentHashMap<>(cleanShutdown.read(BootId.current()));
        this.recoveryPoints = new ConcurrentHashMap<>(OffsetCheckpoints.read(file(LogFileNames.RECOVERY_POINTS)));
        this.logStarts = new ConcurrentHashMap<>(OffsetCheckpoints.read(file(LogFileNames.LOG_STARTS)));
        this.cleanedOffsets = new ConcurrentHashMap<>(OffsetCheckpoints.read(file(LogFileNames.CLEANED_OFFSETS)));
    }

    /** One that cannot be used: nothing is known of what is in it. */
    private DataDirectory(Path path, Scheduler scheduler, String failure) {
        this.path = path;
        this.scheduler = scheduler;
        this.cleanShutdown = new CleanShutdownFile(path);
        this.boot = new BootId(path);
        this.crash = Crash.MACHINE;
        this.clean = new ConcurrentHashMap<>();
        this.recoveryPoints = new ConcurrentHashMap<>();
        this.logStarts = new ConcurrentHashMap<>();
        this.cleanedOffsets = new ConcurrentHashMap<>();
        fail(failure);
    }

    /** Takes the directory into use; it is made when there is none. One that cannot be read and written has {@linkplain #failure failed}. */
    static DataDirectory open(Path path, Scheduler scheduler) {
        try {
            DataDirectory directory = new DataDirectory(path, scheduler);
            directory.listFolders();
            directory.begin();
            return directory;
        } catch (IOException e) {
            LOG.error("the log directory {} cannot be used", path, e);
            return new DataDirectory(path, scheduler, "it could not be opened: " + e);
        }
    }

    private Path file(String name) {
        return path.resolve(name);
    }

    private void listFolders() throws IOException {
        try (DirectoryStream<Path> listing = Files.newDirectoryStream(path)) {
            for (Path entry : listing) {
                String name = entry.getFileName().toString();
                TopicPartition partition = LogFileNames.partitionOf(name);
                TopicPartition future = LogFileNames.partitionOfFuture(name);
                if (future != null && Files.isDirectory(entry)) {
                    futures.put(future, entry);
                } else if (name.endsWith(LogFileNames.FOLDER_DELETED) && Files.isDirectory(entry)) {
                    scheduler.execute(() -> deleteFolder(entry));
                } else if (partition != null && Files.isDirectory(entry)) {
                    folders.add(partition);
                }
            }
        }
    }

    private void begin() throws IOException {
        if (crash == Crash.MACHINE) {
            boot.remove();
            unrecovered.addAll(folders);
            unrecovered.removeAll(clean.keySet());
        }
        if (unrecovered.isEmpty()) {
            markBoot();
        }
        cleanShutdown.remove();
    }

    private void markBoot() throws IOException {
        boot.write();
        bootKnown = !BootId.current().isEmpty();
    }

    Path path() {
        return path;
    }

    /** Whether the end of this process could be known from the end of the machine. */
    synchronized boolean isBootKnown() {
        return bootKnown;
    }

    Crash crash() {
        return crash;
    }

    /** Why nothing here can be used any more; null while it can. */
    @Nullable
    String failure() {
        return failure;
    }

    /** The disk beneath does not do what it should. The first reason stays. */
    synchronized void fail(String reason) {
        if (failure == null) {
            failure = reason;
            LOG.error("the log directory {} is offline: {}", path, reason);
        }
    }

    /** The partition's log was not closed as it should be: it is recovered when it is opened again. */
    void lost(TopicPartition partition) {
        lost.add(partition);
    }

    boolean hasLost(TopicPartition partition) {
        return lost.contains(partition);
    }

    int partitionCount() {
        return folders.size();
    }

    boolean holds(TopicPartition partition) {
        return folders.contains(partition);
    }

    Path folderOf(TopicPartition partition) {
        return path.resolve(partition.toString());
    }

    /** The partitions that have a folder here, with the ids of their topics; {@link Uuid#ZERO} where that is not known. */
    List<TopicIdPartition> stored() {
        List<TopicIdPartition> stored = new ArrayList<>(folders.size());
        for (TopicPartition partition : folders) {
            stored.add(new TopicIdPartition(topicIdOf(partition), partition));
        }
        return stored;
    }

    private Uuid topicIdOf(TopicPartition partition) {
        CleanLog closed = clean.get(partition);
        if (closed != null) {
            return closed.partition().topicId();
        }
        try {
            Uuid id = PartitionMetadataFile.read(folderOf(partition));
            return id == null ? Uuid.ZERO : id;
        } catch (IOException e) {
            LOG.warn("the topic id of {} in {} cannot be read", partition, path, e);
            return Uuid.ZERO;
        }
    }

    /** Makes the folder of a new partition, or makes sure that the one that is there belongs to this topic. */
    void claim(TopicIdPartition partition) throws IOException {
        Path folder = folderOf(partition.topicPartition());
        if (!folders.contains(partition.topicPartition())) {
            Files.createDirectory(folder);
            folders.add(partition.topicPartition());
            PartitionMetadataFile.write(folder, partition.topicId());
            return;
        }
        Uuid id = topicIdOf(partition.topicPartition());
        if (id.isZero() && !partition.topicId().isZero()) {
            PartitionMetadataFile.write(folder, partition.topicId());
        } else if (!id.equals(partition.topicId()) && !partition.topicId().isZero()) {
            throw new IOException(folder + " belongs to the topic id " + id + ", not to " + partition.topicId());
        }
    }

    /**
     * Takes in the folder of a partition that an engine wrote elsewhere and closed. It appears here by a rename, whole; where none is
     * possible, it is copied to a name that the next start removes first.
     */
    synchronized void adopt(TopicIdPartition partition, Path from) throws IOException {
        TopicPartition name = partition.topicPartition();
        Path folder = folderOf(name);
        CleanLog closed = new CleanShutdownFile(
                        Objects.requireNonNull(from.toAbsolutePath().getParent()))
                .read(BootId.current())
                .get(name);
        if (closed == null) {
            throw new IOException(from + " was not closed as it should be");
        }
        if (Files.exists(folder)) {
            throw new IOException(folder + " is there already");
        }
        logStarts.put(name, closed.logStartOffset());
        writeLogStarts();
        AdoptedFolder.move(from, folder, path.resolve(name + ".incoming" + LogFileNames.FOLDER_DELETED));
        TextFile.syncFolder(path);
        recoveryPoints.put(name, closed.recoveryPoint());
        clean.put(name, closed);
        folders.add(name);
    }

    // ---- what is to take a partition's place, and what has

    /** The folders of future logs. */
    Map<TopicPartition, Path> futures() {
        return futures;
    }

    /** Makes the folder of a future log. */
    Path makeFuture(TopicIdPartition partition, long nowMs) throws IOException {
        String unique = Long.toHexString(partition.topicId().mostSignificantBits()) + Long.toHexString(nowMs);
        Path folder = path.resolve(LogFileNames.futureOf(partition.topicPartition(), unique));
        Files.createDirectory(folder);
        futures.put(partition.topicPartition(), folder);
        PartitionMetadataFile.write(folder, partition.topicId());
        TextFile.replace(folder.resolve(LogFileNames.REPLACES), "", true);
        return folder;
    }

    void deleteFuture(TopicPartition partition) {
        Path folder = futures.remove(partition);
        if (folder != null) {
            deleteFolder(folder);
        }
    }

    /** The future log, as it was closed, gets the partition's name; the rename decides, and is safe when this returns. */
    synchronized void promote(CleanLog log, long cleanedOffset) throws IOException {
        TopicPartition name = log.partition().topicPartition();
        Path future = futures.get(name);
        if (future == null) {
            throw new IOException("there is no future log of " + name + " in " + path);
        }
        logStarts.put(name, log.logStartOffset());
        writeLogStarts();
        recoveryPoints.put(name, log.recoveryPoint());
        writeRecoveryPoints();
        writeCleanedOffset(name, cleanedOffset);
        Files.move(future, folderOf(name), StandardCopyOption.ATOMIC_MOVE);
        futures.remove(name);
        clean.put(name, log);
        folders.add(name);
        TextFile.syncFolder(path);
    }

    /** Whether the partition's folder here took the place of another one, which may still be there. */
    boolean replaces(TopicPartition partition) {
        return Files.exists(folderOf(partition).resolve(LogFileNames.REPLACES));
    }

    /** The other one is gone. */
    void forgetReplaced(TopicPartition partition) throws IOException {
        Files.deleteIfExists(folderOf(partition).resolve(LogFileNames.REPLACES));
    }

    @Nullable
    CleanLog takeClean(TopicPartition partition) {
        return clean.remove(partition);
    }

    long recoveryPoint(TopicPartition partition) {
        return recoveryPoints.getOrDefault(partition, 0L);
    }

    long logStart(TopicPartition partition) {
        return logStarts.getOrDefault(partition, 0L);
    }

    long cleanedOffset(TopicPartition partition) {
        return cleanedOffsets.getOrDefault(partition, 0L);
    }

    /** The partition's log is in order, whatever the crash did. */
    synchronized void recovered(TopicPartition partition) throws IOException {
        lost.remove(partition);
        if (unrecovered.remove(partition) && unrecovered.isEmpty()) {
            markBoot();
        }
    }

    void closed(CleanLog log) {
        clean.put(log.partition().topicPartition(), log);
    }

    void setRecoveryPoint(TopicPartition partition, long offset) {
        recoveryPoints.put(partition, offset);
    }

    void setLogStart(TopicPartition partition, long offset) {
        logStarts.put(partition, offset);
    }

    synchronized void writeCleanedOffset(TopicPartition partition, long offset) throws IOException {
        cleanedOffsets.put(partition, offset);
        OffsetCheckpoints.write(file(LogFileNames.CLEANED_OFFSETS), new HashMap<>(cleanedOffsets), false);
    }

    synchronized void writeRecoveryPoints() throws IOException {
        OffsetCheckpoints.write(file(LogFileNames.RECOVERY_POINTS), new HashMap<>(recoveryPoints), true);
    }

    synchronized void writeLogStarts() throws IOException {
        OffsetCheckpoints.write(file(LogFileNames.LOG_STARTS), new HashMap<>(logStarts), true);
    }

    /**
     * Everything is closed. What is not synced is synced as far as the time allows, which is not more than a moment: it lies in the
     * machine's memory, and is recovered if the machine goes down before it is synced by the next holder.
     *
     * @param cleanly whether all that was opened was closed as it should be
     */
    synchronized void finish(boolean cleanly, Time time, long deadlineNanos) throws IOException {
        for (CleanLog log : List.copyOf(clean.values())) {
            if (!log.isSynced() && time.nanoseconds() - deadlineNanos < 0L) {
                TopicPartition partition = log.partition().topicPartition();
                clean.put(partition, log.synced(folderOf(partition)));
                recoveryPoints.put(partition, log.logEndOffset());
            }
        }
        OffsetCheckpoints.write(file(LogFileNames.RECOVERY_POINTS), new HashMap<>(recoveryPoints), false);
        if (cleanly && (crash == Crash.NONE || clean.keySet().containsAll(folders))) {
            cleanShutdown.write(BootId.current(), clean.values());
        }
    }

    /** The folder gets out of the way at once; its files go after the delay, as in Kafka, or when the directory is opened again. */
    void delete(TopicIdPartition partition, long nowMs, long delayMs) throws IOException {
        TopicPartition name = partition.topicPartition();
        Path folder = folderOf(name);
        String suffix = "-" + name.partition() + "."
                + Long.toHexString(partition.topicId().mostSignificantBits()) + Long.toHexString(nowMs)
                + LogFileNames.FOLDER_DELETED;
        String topic = name.topic().substring(0, Math.min(name.topic().length(), NAME_MAX - suffix.length()));
        Path doomed = path.resolve(topic + suffix);
        Files.move(folder, doomed, StandardCopyOption.ATOMIC_MOVE);
        forget(name);
        recovered(name);
        scheduler.schedule(delayMs, () -> deleteFolder(doomed));
    }

    /** The partition is not here any more. */
    void forget(TopicPartition name) {
        folders.remove(name);
        clean.remove(name);
        recoveryPoints.remove(name);
        logStarts.remove(name);
        cleanedOffsets.remove(name);
    }

    private static void deleteFolder(Path folder) {
        try (Stream<Path> tree = Files.walk(folder)) {
            for (Path entry : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(entry);
            }
        } catch (IOException e) {
            LOG.warn("{} could not be removed; it is tried again at the next start", folder, e);
        }
    }

    LogDirectory space() {
        String why = failure;
        if (why != null) {
            return new LogDirectory(path, -1L, -1L, why);
        }
        try {
            FileStore store = Files.getFileStore(path);
            return new LogDirectory(path, store.getTotalSpace(), store.getUsableSpace());
        } catch (IOException e) {
            return new LogDirectory(path, -1L, -1L, "it cannot be read: " + e.getMessage());
        }
    }
}
