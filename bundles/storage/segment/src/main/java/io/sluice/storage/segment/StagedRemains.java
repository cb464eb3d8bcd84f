package io.sluice.storage.segment;

import io.sluice.base.TopicIdPartition;
import io.sluice.base.Uuid;
import io.sluice.storage.api.StagingArea;
import io.sluice.storage.api.StorageContext;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
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

    private record Id(Uuid topic, int partition) {}

    private StagedRemains() {}

    /**
     * Writes what there is, if anything; the file of staged bytes is gone after this.
     *
     * @throws IOException when something that was acknowledged cannot be written; the staged bytes are kept
     */
    static void write(Path stagingFile, List<DataDirectory> directories, StorageContext context) throws IOException {
        if (!Files.exists(stagingFile)) {
            return;
        }
        int slots = (int) (Files.size(stagingFile) / StagingArea.SLOT_BYTES);
        try (StagingArea staging = StagingArea.open(stagingFile, slots, context.time(), context.scheduler())) {
            List<StagingArea.Unwritten> remains = staging.unwritten();
            if (!remains.isEmpty()) {
                write(remains, directories);
            }
        }
        Files.delete(stagingFile);
    }

    private static void write(List<StagingArea.Unwritten> remains, List<DataDirectory> directories) throws IOException {
        Map<Id, Path> folders = new HashMap<>();
        for (DataDirectory directory : directories) {
            if (directory.crash() == Crash.PROCESS) {
                for (TopicIdPartition stored : directory.stored()) {
                    folders.put(
                            new Id(stored.topicId(), stored.partition()), directory.folderOf(stored.topicPartition()));
                }
            }
        }
        long bytes = 0L;
        for (StagingArea.Unwritten piece : remains) {
            Path folder = folders.get(new Id(piece.topicId(), piece.partition()));
            Path file = folder == null ? null : LogFileNames.file(folder, piece.baseOffset(), LogFileNames.LOG);
            if (file != null && Files.exists(file)) {
                bytes += write(piece, file);
            }
        }
        LOG.info("{} bytes that the last process had not written to their files are written now", bytes);
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
