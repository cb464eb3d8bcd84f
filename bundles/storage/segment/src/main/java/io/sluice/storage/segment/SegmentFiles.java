package io.sluice.storage.segment;

import io.sluice.base.Scheduler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes the files of segments away: renamed at once, deleted when readers have had time ({@code file.delete.delay.ms}). */
final class SegmentFiles {
    private static final Logger LOG = LoggerFactory.getLogger(SegmentFiles.class);

    private final Path folder;
    private final Scheduler scheduler;

    SegmentFiles(Path folder, Scheduler scheduler) {
        this.folder = folder;
        this.scheduler = scheduler;
    }

    /** The segment is no longer part of the log. */
    void delete(LogSegment segment, long delayMs) throws IOException {
        deleteLater(rename(segment), delayMs);
    }

    /** The same, but its files stay, under these names. */
    List<Path> rename(LogSegment segment) throws IOException {
        segment.file().settle();
        List<Path> doomed = new ArrayList<>(4);
        rename(LogFileNames.file(folder, segment.baseOffset(), LogFileNames.LOG), doomed);
        rename(LogFileNames.file(folder, segment.baseOffset(), LogFileNames.INDEX), doomed);
        rename(LogFileNames.file(folder, segment.baseOffset(), LogFileNames.TIME_INDEX), doomed);
        rename(LogFileNames.file(folder, segment.baseOffset(), LogFileNames.TXN_INDEX), doomed);
        segment.file().dispose();
        return doomed;
    }

    void deleteLater(List<Path> renamed, long delayMs) {
        scheduler.schedule(delayMs, () -> deleteNow(renamed));
    }

    static void deleteNow(List<Path> renamed) {
        renamed.forEach(SegmentFiles::deleteQuietly);
    }

    private static void rename(Path file, List<Path> doomed) throws IOException {
        Path target = file.resolveSibling(file.getFileName() + LogFileNames.DELETED);
        try {
            Files.move(file, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            doomed.add(target);
        } catch (NoSuchFileException e) {
            LOG.debug("{} is gone already", file);
        }
    }

    private static void deleteQuietly(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.warn("{} could not be deleted; it is tried again at the next start", file, e);
        }
    }
}
