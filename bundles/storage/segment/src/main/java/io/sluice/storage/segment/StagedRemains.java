package io.sluice.storage.segment;

import io.sluice.base.TopicIdPartition;
import io.sluice.base.Uuid;
import io.sluice.storage.api.StagingArea;
import io.sluice.storage.api.StorageContext;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a process that was killed had staged and not written: it goes to its files before they are recovered. After the end of the machine
 * it counts for nothing, as what was in the page cache.
 */
final class StagedRemains {
    private static final Logger LOG = LoggerFactory.getLogger(StagedRemains.class);

    private static final String KEPT = ".kept-";

    private record Id(Uuid topic, int partition) {}

    private StagedRemains() {}

    /**
     * Writes what there is, if anything; the file of staged bytes is gone after this. What belongs to a directory that cannot be used now
     * is kept in another file, until that directory can be used again.
     *
     * @throws IOException when something that was acknowledged cannot be written; the staged bytes are kept
     */
    static void write(Path stagingFile, List<DataDirectory> directories, PartitionPlaces places, StorageContext context)
            throws IOException {
        Path folder = stagingFile.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            return;
        }
        Remains remains = new Remains(logs(directories), places, directories, context);
        try (DirectoryStream<Path> kept = Files.newDirectoryStream(folder, stagingFile.getFileName() + KEPT + "*")) {
            for (Path file : kept) {
                if (remains.write(file)) {
                    Files.delete(file);
                }
            }
        }
        if (Files.exists(stagingFile)) {
            if (remains.write(stagingFile)) {
                Files.delete(stagingFile);
            } else {
                Files.move(stagingFile, free(folder, stagingFile.getFileName() + KEPT));
            }
        }
    }

    /** The same for one partition whose log could not write it all when it was closed. */
    static void write(StagingArea staging, TopicIdPartition partition, Path folder) throws IOException {
        for (StagingArea.Unwritten piece : staging.unwritten()) {
            if (piece.topicId().equals(partition.topicId()) && piece.partition() == partition.partition()) {
                Path log = LogFileNames.file(folder, piece.baseOffset(), LogFileNames.LOG);
                if (Files.exists(log)) {
                    write(piece, log);
                }
                staging.settle(piece);
            }
        }
    }

    private static Path free(Path folder, String name) {
        int number = 0;
        while (Files.exists(folder.resolve(name + number))) {
            number++;
        }
        return folder.resolve(name + number);
    }

    private record Remains(
            Map<Id, Path> logs, PartitionPlaces places, List<DataDirectory> directories, StorageContext context) {

        /** Whether nothing of the file is needed any more. */
        boolean write(Path file) throws IOException {
            int slots = (int) (Files.size(file) / StagingArea.SLOT_BYTES);
            boolean settled = true;
            try (StagingArea staging = StagingArea.open(file, slots, context.time(), context.scheduler())) {
                long bytes = 0L;
                for (StagingArea.Unwritten piece : staging.unwritten()) {
                    Path folder = logs.get(new Id(piece.topicId(), piece.partition()));
                    if (folder == null && isOfDeadDirectory(piece)) {
                        settled = false;
                        continue;
                    }
                    Path log = folder == null ? null : LogFileNames.file(folder, piece.baseOffset(), LogFileNames.LOG);
                    if (log != null && Files.exists(log)) {
                        bytes += StagedRemains.write(piece, log);
                    }
                }
                if (!settled) {
                    staging.unwritten().stream()
                            .filter(piece -> !isOfDeadDirectory(piece))
                            .forEach(staging::settle);
                    LOG.warn("{} holds records of a log directory that cannot be used now; they are kept for it", file);
                }
                if (bytes > 0L) {
                    LOG.info("{} bytes that the last process had not written to their files are written now", bytes);
                }
            }
            return settled;
        }

        private boolean isOfDeadDirectory(StagingArea.Unwritten piece) {
            return directories.stream()
                    .anyMatch(directory -> directory.failure() != null
                            && places.isIn(directory.path(), piece.topicId(), piece.partition()));
        }
    }

    private static Map<Id, Path> logs(List<DataDirectory> directories) throws IOException {
        Map<Id, Path> folders = new HashMap<>();
        for (DataDirectory directory : directories) {
            if (directory.failure() == null && directory.crash() == Crash.PROCESS) {
                for (TopicIdPartition stored : directory.stored()) {
                    folders.put(
                            new Id(stored.topicId(), stored.partition()), directory.folderOf(stored.topicPartition()));
                }
            }
        }
        return folders;
    }

    private static int write(StagingArea.Unwritten piece, Path file) throws IOException {
        int bytes = piece.bytes().remaining();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            if (channel.size() < piece.position()) {
                LOG.warn("{} ends at {}, below what was staged for {}", file, channel.size(), piece.position());
                return 0;
            }
            ByteBuffer left = piece.bytes().duplicate();
            for (long at = piece.position(); left.hasRemaining(); ) {
                at += channel.write(left, at);
            }
        }
        return bytes;
    }
}
