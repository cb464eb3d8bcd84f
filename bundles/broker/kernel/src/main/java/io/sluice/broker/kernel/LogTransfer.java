package io.sluice.broker.kernel;

import io.sluice.base.TopicIdPartition;
import io.sluice.base.TopicPartition;
import io.sluice.base.Uuid;
import io.sluice.broker.api.StagedLog;
import io.sluice.broker.kernel.migration.LogCopy;
import io.sluice.storage.api.LogConfig;
import io.sluice.storage.api.LogFinding;
import io.sluice.storage.api.LogVerification;
import io.sluice.storage.api.LogVerifier;
import io.sluice.storage.api.PartitionLog;
import io.sluice.storage.api.ReadPace;
import io.sluice.storage.api.StorageEngine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * Logs in and out of this broker in Kafka's layout, by the engine that has it. What comes in is copied and compared aside, in a folder
 * that the next start removes, and gets its place by a rename: a crash leaves nothing half of which could be served. What is in its place
 * and belongs to no topic is removed at the next start too. One log at a time comes in.
 */
final class LogTransfer {
    private static final String OWN = "partition.metadata";
    private static final List<String> CHECKPOINTS = List.of("log-start-offset-checkpoint", "cleaner-offset-checkpoint");
    private static final int PIECE_BYTES = 1024 * 1024;

    private final EngineHost host;
    private final Path staging;
    private final Sabotage sabotage;
    private final LongSupplier producerIds;
    private final ReentrantLock incoming = new ReentrantLock();

    /**
     * @param staging a folder of its own
     * @param producerIds gives ids of producers that nobody has
     */
    LogTransfer(EngineHost host, Path staging, Sabotage sabotage, LongSupplier producerIds) {
        this.host = host;
        this.staging = staging;
        this.sabotage = sabotage;
        this.producerIds = producerIds;
    }

    /** Removes what an earlier run left behind. */
    void sweep() throws IOException {
        incoming.lock();
        try {
            remove(staging);
        } finally {
            incoming.unlock();
        }
    }

    /**
     * Writes a log up to an offset into a directory elsewhere, compares it, and reads the copy whole.
     *
     * @param original is written to meanwhile, and not compacted while {@code undisturbed} runs what it is given
     */
    void backup(Partition partition, PartitionLog original, long end, Path directory, ReadPace pace)
            throws IOException {
        TopicIdPartition id = partition.id();
        LogCopy copying = new LogCopy(sabotage::leavesOutOfBackup);
        try (StorageEngine engine = host.openElsewhere(directory, staging.resolve("backup-" + id.topicPartition()))) {
            PartitionLog copy = host.openElsewhere(engine, id, partition.config());
            copying.takeUp(original, copy, -1L);
            while (!copying.isInStep(copy, end)) {
                pace.read(partition.undisturbed(() -> copying.copyOn(original, copy, end, PIECE_BYTES)));
            }
            copy.flush();
            copy.takeSnapshot();
            LogVerification found = new LogVerifier(pace).verify(copy);
            requireSound(found, "the copy of " + id.topicPartition());
            long lost = found.absentOffsets() - copying.absentOffsets();
            if (lost > 0L) {
                throw new IOException("the copy of " + id.topicPartition() + " is not in order: " + lost
                        + " offsets are missing that the log has");
            }
            copy.close();
        }
    }

    /** See {@link io.sluice.broker.api.LogCare#stage}. */
    StagedLog stage(Path folder, TopicPartition source, TopicPartition target, LogConfig config, ReadPace pace)
            throws IOException {
        incoming.lock();
        Path from = staging.resolve("from-" + target);
        try {
            remove(from);
            Files.createDirectories(staging);
            copyFiles(folder, from.resolve(source.toString()), pace);
            try (StorageEngine engine = host.openElsewhere(from, from.resolve("engine"))) {
                PartitionLog log = host.openElsewhere(engine, new TopicIdPartition(Uuid.ZERO, source), config);
                requireSound(new LogVerifier(pace).verify(log), folder.toString());
                return stage(log, target, config, pace);
            }
        } finally {
            try {
                remove(from);
            } finally {
                incoming.unlock();
            }
        }
    }

    private StagedLog stage(PartitionLog source, TopicPartition target, LogConfig config, ReadPace pace)
            throws IOException {
        Path directory = staged(target);
        remove(directory);
        boolean whole = false;
        try (StorageEngine engine = host.openElsewhere(directory, directory.resolve("engine"))) {
            PartitionLog copy = host.openElsewhere(engine, new TopicIdPartition(Uuid.ZERO, target), config);
            TakenOverLog taken = new TakenOverLog(source, copy, producerIds);
            taken.copy(pace);
            LogVerification same = new LogVerifier(pace)
                    .compareContents(source.store(), copy.store(), source.logStartOffset(), source.logEndOffset());
            requireSound(same, "the copy for " + target);
            int aborted = taken.abortUndecided();
            copy.takeSnapshot();
            copy.flush();
            copy.close();
            whole = true;
            return new StagedLog(source.logStartOffset(), source.logEndOffset(), same.records(), same.bytes(), aborted);
        } finally {
            if (!whole) {
                remove(directory);
            }
        }
    }

    private Path staged(TopicPartition target) {
        return staging.resolve("staged-" + target);
    }

    /** See {@link io.sluice.broker.api.LogCare#adopt}. */
    void adopt(String topic, int partitions) throws IOException {
        incoming.lock();
        try {
            for (int number = 0; number < partitions; number++) {
                TopicPartition target = new TopicPartition(topic, number);
                Path directory = staged(target);
                host.adopt(new TopicIdPartition(Uuid.ZERO, target), directory.resolve(target.toString()));
                remove(directory);
            }
        } finally {
            incoming.unlock();
        }
    }

    /** See {@link io.sluice.broker.api.LogCare#discard}. */
    void discard(TopicPartition target) throws IOException {
        incoming.lock();
        try {
            remove(staged(target));
            host.deleteUnclaimed(target);
        } finally {
            incoming.unlock();
        }
    }

    private static void requireSound(LogVerification found, String what) throws IOException {
        if (!found.isSound()) {
            LogFinding first = found.findings().get(0);
            throw new IOException(what + " is not in order: at offset " + first.offset() + " " + first.problem()
                    + (found.findingCount() > 1 ? " (and " + (found.findingCount() - 1) + " more)" : ""));
        }
    }

    /** What a partition's folder holds, and what its directory says of it; not whose it is. */
    private static void copyFiles(Path from, Path to, ReadPace pace) throws IOException {
        Files.createDirectories(to);
        List<Path> files;
        try (Stream<Path> all = Files.list(from)) {
            files = all.filter(Files::isRegularFile).toList();
        }
        for (Path file : files) {
            String name = file.getFileName().toString();
            if (!name.equals(OWN)) {
                Files.copy(file, to.resolve(name));
                pace.read((int) Math.min(Integer.MAX_VALUE, Files.size(file)));
            }
        }
        for (String checkpoint : CHECKPOINTS) {
            Path file = from.resolveSibling(checkpoint);
            if (Files.isRegularFile(file)) {
                Files.copy(file, to.resolveSibling(checkpoint), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private static void remove(Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return;
        }
        try (Stream<Path> all = Files.walk(tree)) {
            for (Path entry : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(entry);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
