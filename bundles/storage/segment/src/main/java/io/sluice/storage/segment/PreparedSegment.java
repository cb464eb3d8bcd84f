package io.sluice.storage.segment;

import io.sluice.base.Scheduler;
import io.sluice.storage.api.SharedFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The next segment's file, made ahead of time so that rolling opens nothing. Its name, which is its first offset, is not known yet: it
 * gets it in the background after the roll.
 */
final class PreparedSegment {
    private static final Logger LOG = LoggerFactory.getLogger(PreparedSegment.class);

    private final Path folder;
    private final Scheduler scheduler;
    private @Nullable FileChannel file;
    private @Nullable Path path;
    private boolean ordered;
    private boolean closed;
    private int made;

    PreparedSegment(Path folder, Scheduler scheduler) {
        this.folder = folder;
        this.scheduler = scheduler;
    }

    /** Lets the file be made in the background, once until it is taken. */
    synchronized void order() {
        if (!ordered && !closed) {
            ordered = true;
            scheduler.execute(this::make);
        }
    }

    private void make() {
        Path next;
        synchronized (this) {
            if (closed || !ordered) {
                return;
            }
            next = folder.resolve(made++ + LogFileNames.PREPARED);
        }
        try {
            FileChannel open = FileChannel.open(
                    next, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
            synchronized (this) {
                if (!closed && ordered) {
                    file = open;
                    path = next;
                    return;
                }
            }
            open.close();
            Files.delete(next);
        } catch (IOException e) {
            LOG.warn("the next segment in {} could not be prepared; it is made when it is needed", folder, e);
        }
    }

    /** A segment that begins at this offset: in the prepared file, or in one that is made by the first write. */
    synchronized LogSegment take(long baseOffset, long nowMs, SegmentStaging staging) {
        FileChannel ready = file;
        Path readyPath = path;
        file = null;
        path = null;
        ordered = false;
        if (ready == null || readyPath == null) {
            return LogSegment.create(folder, baseOffset, nowMs);
        }
        return LogSegment.create(folder, baseOffset, nowMs, readyPath, new SharedFile(staging.over(ready, baseOffset)));
    }

    /** Removes what was not taken. */
    synchronized void close() throws IOException {
        closed = true;
        FileChannel unused = file;
        if (unused != null && path != null) {
            file = null;
            unused.close();
            Files.deleteIfExists(path);
        }
    }
}
