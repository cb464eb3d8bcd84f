package io.sluice.storage.segment;

import io.sluice.storage.api.SharedFile;
import io.sluice.storage.api.StagedChannel;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The file of one segment: opened when it is first needed and open until {@link #release}; one that was prepared gets its name by {@link
 * #settle}; what is written to it may go by way of the {@link SegmentStaging}. Any thread.
 */
final class SegmentFile {
    private final Path folder;
    private final long baseOffset;
    private volatile @Nullable SharedFile file;
    private volatile @Nullable Path prepared;
    private volatile @Nullable SegmentStaging staging;
    private volatile @Nullable Runnable onOpening;
    private volatile boolean used;
    private boolean disposed;

    /** One that is made when it is first opened, unless it is there. */
    SegmentFile(Path folder, long baseOffset) {
        this.folder = folder;
        this.baseOffset = baseOffset;
    }

    /** One that is open already, under another name. */
    SegmentFile(Path folder, long baseOffset, Path preparedPath, SharedFile preparedFile) {
        this(folder, baseOffset);
        this.prepared = preparedPath;
        this.file = preparedFile;
    }

    /** Its name, which a prepared one does not have yet. */
    Path path() {
        return LogFileNames.file(folder, baseOffset, LogFileNames.LOG);
    }

    /** The open file with one more owner, who releases it. */
    SharedFile acquire() throws IOException {
        used = true;
        while (true) {
            SharedFile open = file;
            if (open == null) {
                open = openFile();
            }
            if (open.retain()) {
                return open;
            }
            synchronized (this) {
                if (file == open) {
                    file = null;
                }
            }
        }
    }

    private synchronized SharedFile openFile() throws IOException {
        if (disposed) {
            throw new ClosedChannelException();
        }
        SharedFile open = file;
        if (open == null) {
            Runnable counter = onOpening;
            if (counter != null) {
                counter.run();
            }
            Path from = prepared != null ? prepared : path();
            FileChannel channel = FileChannel.open(
                    from, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            SegmentStaging staged = staging;
            open = new SharedFile(staged == null ? channel : staged.over(channel, baseOffset));
            file = open;
            enableStaging();
        }
        return open;
    }

    /** For the writer: what batches are written to. */
    SharedFile written() throws IOException {
        SharedFile open = file;
        return open == null ? openFile() : open;
    }

    /** Somebody uses it. */
    void use() {
        if (!used) {
            used = true;
        }
    }

    /** Whether somebody did since the last call. */
    boolean takeUse() {
        boolean was = used;
        used = false;
        return was;
    }

    /** Gives a prepared file its name. Not for the writer's path. */
    synchronized void settle() throws IOException {
        if (prepared != null) {
            Files.move(prepared, path());
            prepared = null;
            enableStaging();
        }
    }

    private void enableStaging() {
        StagedChannel staged = staged();
        if (staged != null && prepared == null) {
            staged.enable(path());
        }
    }

    private @Nullable StagedChannel staged() {
        SharedFile open = file;
        return open != null && open.channel() instanceof StagedChannel staged ? staged : null;
    }

    /** For the writer: the segment is the active one from now on, and its newest bytes may wait in memory. */
    synchronized void stageWith(SegmentStaging way) {
        staging = way;
        SharedFile open = file;
        if (open != null && prepared == null) {
            file = null; // opened again, with the memory before it
            open.release();
        }
    }

    /** Everything that was written is in the file after this, and what is written later goes there at once. */
    void finishStaging() throws IOException {
        StagedChannel staged = staged();
        if (staged != null) {
            staged.finish();
        }
    }

    /** What could not be written to the file is left for who opens the log next. */
    void leaveStaged() {
        StagedChannel staged = staged();
        if (staged != null) {
            staged.drop(false);
        }
    }

    /** The file, if it is open; whoever uses more than its recency has to {@link #acquire} it. */
    @Nullable
    SharedFile ifOpen() {
        return file;
    }

    /** From now on its openings are counted by this. */
    void countOpenings(Runnable counter) {
        onOpening = counter;
    }

    boolean isOpen() {
        return file != null;
    }

    /**
     * Gives up the file for good: who asks for it after this gets a {@link ClosedChannelException}. What waits in memory is given up, too.
     */
    synchronized void dispose() {
        disposed = true;
        StagedChannel staged = staged();
        if (staged != null) {
            staged.drop(true);
        }
        release();
    }

    /** Gives up this segment's share of the file; it is opened again when it is needed. */
    synchronized void release() {
        SharedFile open = file;
        file = null;
        if (open != null) {
            open.release();
        }
    }
}
