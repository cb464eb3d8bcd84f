package org.example.storage;

import io.sluice.base.Time;
import io.sluice.base.TopicIdPartition;
import io.sluice.storage.api.BatchHeader;
import io.sluice.storage.api.BatchTimestamps;
import io.sluice.storage.api.BatchVisitor;
import io.sluice.storage.api.EpochEntry;
import io.sluice.storage.api.FileSlice;
import io.sluice.storage.api.LogConfig;
import io.sluice.storage.api.LogRead;
import io.sluice.storage.api.LogStore;
import io.sluice.storage.api.Maintenance;
import io.sluice.storage.api.Snapshot;
import io.sluice.storage.api.TimestampOffset;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One partition: a data file that grows, an index of it on the heap, and small files beside it. Writers hold this object's lock. Readers
 * take the published {@link Contents} and need none: whoever cuts the log at either end copies what stays into the next generation of
 * the file, so that a slice on its way to a client keeps its bytes.
 */
final class SampleLog implements LogStore {
    private final Path directory;
    private final TopicIdPartition partition;
    private final Time time;
    private final SnapshotFiles snapshots;
    private volatile LogConfig config;
    private volatile LogMeta meta;
    private volatile Contents contents;
    private volatile long flushedOffset;
    private volatile boolean closed;
    private long bytesSinceRoll;
    private boolean rolled;

    /** What readers see: a file, where its batches are, and where the log ends. */
    private record Contents(BatchFile file, BatchIndex index, long end) {}

    private SampleLog(Path directory, TopicIdPartition partition, LogConfig config, Time time, LogMeta meta)
            throws IOException {
        this.directory = directory;
        this.partition = partition;
        this.time = time;
        this.snapshots = new SnapshotFiles(directory);
        this.config = config;
        this.meta = meta;
        BatchFile file = BatchFile.open(directory.resolve(meta.dataFile()));
        BatchIndex index = file.recover();
        this.contents = new Contents(file, index, endOf(index, meta.logStart()));
        this.flushedOffset = meta.logStart();
    }

    /** Opens the partition's directory, making it when there is none, and cuts a torn tail. */
    static SampleLog open(Path directory, TopicIdPartition partition, LogConfig config, Time time) throws IOException {
        Files.createDirectories(directory);
        boolean known = Files.exists(directory.resolve(LogMeta.NAME));
        LogMeta meta = known ? LogMeta.read(directory) : LogMeta.empty(partition);
        if (!known) {
            meta.write(directory);
        }
        SampleLog log = new SampleLog(directory, partition, config, time, meta);
        log.deleteOtherGenerations();
        log.snapshots.deleteAbove(log.logEndOffset());
        return log;
    }

    private static long endOf(BatchIndex index, long logStart) {
        return index.count() == 0 ? logStart : Math.max(logStart, index.lastOffsets()[index.count() - 1] + 1L);
    }

    boolean isOpen() {
        return !closed;
    }

    private void requireOpen() throws IOException {
        if (closed) {
            throw new IOException("the log of " + partition + " is closed");
        }
    }

    @Override
    public long logStartOffset() {
        return meta.logStart();
    }

    @Override
    public long logEndOffset() {
        return contents.end;
    }

    @Override
    public long sizeInBytes() {
        return contents.index.size();
    }

    @Override
    public synchronized void append(
            ByteBuffer batches, long firstOffset, long lastOffset, long maxTimestamp, long offsetOfMaxTimestamp)
            throws IOException {
        requireOpen();
        Contents now = contents;
        now.file.append(batches, now.index.size());
        BatchIndex index = now.index;
        for (int at = batches.position(); at < batches.limit(); at += BatchHeader.sizeInBytes(batches, at)) {
            index = index.plus(
                    BatchHeader.baseOffset(batches, at),
                    BatchHeader.lastOffset(batches, at),
                    BatchHeader.sizeInBytes(batches, at),
                    BatchHeader.maxTimestamp(batches, at));
        }
        contents = new Contents(now.file, index, lastOffset + 1L);
        if (bytesSinceRoll > 0L && bytesSinceRoll + batches.remaining() > config.segmentBytes()) {
            rolled = true; // there are no segments here; a snapshot for so many bytes is as welcome
            bytesSinceRoll = 0L;
        }
        bytesSinceRoll += batches.remaining();
    }

    @Override
    public LogRead read(long offset, int maxBytes, long endOffset, boolean minOneBatch) throws IOException {
        while (true) {
            requireOpen();
            Contents now = contents;
            BatchIndex index = now.index;
            long end = Math.min(endOffset, now.end);
            int first = index.find(offset);
            int last = first;
            while (last < index.count()
                    && index.lastOffsets()[last] < end
                    && (index.ends()[last] - index.startOf(first) <= maxBytes || (last == first && minOneBatch))) {
                last++;
            }
            if (offset >= end || last == first) {
                return LogRead.EMPTY;
            }
            long start = index.startOf(first);
            FileSlice slice = now.file.slice(start, (int) (index.ends()[last - 1] - start));
            if (slice != null) {
                return new LogRead(slice, index.firstOffsets()[first]);
            } // else it is the file of an earlier generation: the next one is published already
        }
    }

    /** Keeps the file open while it is being read. */
    private Contents retained() throws IOException {
        while (true) {
            requireOpen();
            Contents now = contents;
            if (now.file.retain()) {
                return now;
            }
        }
    }

    private static ByteBuffer batch(Contents of, int batch) throws IOException {
        long start = of.index.startOf(batch);
        return of.file.read(ByteBuffer.allocate((int) (of.index.ends()[batch] - start)), start);
    }

    @Override
    public @Nullable TimestampOffset firstAtOrAfter(long timestampMs) throws IOException {
        long start = logStartOffset();
        Contents now = retained();
        try {
            for (int i = now.index.find(start); i < now.index.count(); i++) {
                if (now.index.maxTimestamps()[i] >= timestampMs) {
                    TimestampOffset found = BatchTimestamps.firstAtOrAfter(batch(now, i), timestampMs, start);
                    if (found != null) {
                        return found;
                    }
                }
            }
            return null;
        } finally {
            now.file.release();
        }
    }

    @Override
    public @Nullable TimestampOffset latestTimestamp() throws IOException {
        long start = logStartOffset();
        long newest = -1L;
        Contents now = retained();
        try {
            for (int i = now.index.find(start); i < now.index.count(); i++) {
                if (now.index.maxTimestamps()[i] > newest) {
                    newest = Math.max(newest, BatchTimestamps.largest(batch(now, i), start));
                }
            }
        } finally {
            now.file.release();
        }
        return newest < 0L ? null : firstAtOrAfter(newest);
    }

    @Override
    public void scan(long fromOffset, BatchVisitor visitor) throws IOException {
        Contents now = retained();
        try {
            ByteBuffer header = ByteBuffer.allocate(BatchHeader.BYTES);
            for (int i = now.index.find(fromOffset); i < now.index.count(); i++) {
                visitor.visit(now.file.read(header.clear(), now.index.startOf(i)), 0);
            }
        } finally {
            now.file.release();
        }
    }

    @Override
    public synchronized void truncateTo(long offset) throws IOException {
        requireOpen();
        Contents now = contents;
        if (offset >= now.end) {
            return;
        }
        int batches = now.index.find(offset);
        if (batches == 0) {
            truncateFullyAndStartAt(Math.min(offset, logStartOffset()));
            return;
        }
        rewrite(0, batches, logStartOffset());
        snapshots.deleteAbove(logEndOffset());
    }

    @Override
    public synchronized void truncateFullyAndStartAt(long offset) throws IOException {
        requireOpen();
        rewrite(0, 0, offset);
        snapshots.deleteAbove(-1L);
    }

    /** The batches from one to before another go into the next generation of the data file, which then counts. */
    private void rewrite(int from, int to, long logStart) throws IOException {
        Contents now = contents;
        LogMeta next = meta.next(logStart);
        Path path = directory.resolve(next.dataFile());
        Files.deleteIfExists(path);
        BatchFile file = BatchFile.open(path);
        BatchIndex index = now.index.part(from, to);
        try {
            now.file.copyTo(file, now.index.startOf(from), now.index.startOf(to));
            file.force();
            next.write(directory);
        } catch (IOException e) {
            file.release();
            throw e;
        }
        meta = next;
        contents = new Contents(file, index, endOf(index, logStart));
        flushedOffset = contents.end;
        now.file.release();
        deleteOtherGenerations();
    }

    private void deleteOtherGenerations() throws IOException {
        String present = meta.dataFile();
        List<Path> others;
        try (Stream<Path> children = Files.list(directory)) {
            others = children.filter(child -> child.getFileName().toString().startsWith("batches-"))
                    .filter(child -> !child.getFileName().toString().equals(present))
                    .toList();
        }
        for (Path other : others) {
            Files.deleteIfExists(other);
        }
    }

    @Override
    public synchronized void advanceLogStart(long offset) throws IOException {
        requireOpen();
        if (offset > contents.end) {
            throw new IllegalArgumentException("log start " + offset + " above the log's end " + contents.end);
        }
        if (offset > logStartOffset()) {
            LogMeta next = meta.withLogStart(offset);
            next.write(directory);
            meta = next;
        }
    }

    @Override
    public void flush() throws IOException {
        Contents now = retained();
        try {
            now.file.force();
        } finally {
            now.file.release();
        }
        synchronized (this) {
            if (contents.file == now.file) {
                flushedOffset = Math.max(flushedOffset, now.end);
            }
        }
    }

    @Override
    public long flushedOffset() {
        return flushedOffset;
    }

    @Override
    public void reconfigure(LogConfig next) {
        config = next;
    }

    /** Retention. The log's start rises at once; the space is given back when it is worth a copy of what stays. */
    @Override
    public synchronized Maintenance maintain(long highWatermark) throws IOException {
        requireOpen();
        BatchIndex index = contents.index;
        int gone = index.find(logStartOffset());
        long start = logStartOffset();
        while (gone < index.count() && index.lastOffsets()[gone] < highWatermark && isDue(index, gone)) {
            start = index.lastOffsets()[gone] + 1L;
            gone++;
        }
        advanceLogStart(start);
        long bytes = index.startOf(gone);
        if (bytes == 0L || (gone < index.count() && bytes < config.segmentBytes())) {
            return Maintenance.NONE;
        }
        rewrite(gone, index.count(), start);
        return new Maintenance(bytes, 0L);
    }

    private boolean isDue(BatchIndex index, int batch) {
        LogConfig now = config;
        if (!now.cleanupDelete()) {
            return false;
        }
        boolean old = now.retentionMs() >= 0L
                && index.maxTimestamps()[batch] >= 0L
                && time.milliseconds() - index.maxTimestamps()[batch] > now.retentionMs();
        return old || (now.retentionBytes() >= 0L && index.size() - index.ends()[batch] >= now.retentionBytes());
    }

    @Override
    public void writeSnapshot(long offset, ByteBuffer state) throws IOException {
        snapshots.write(offset, state);
    }

    @Override
    public List<Snapshot> snapshots(long maxOffset) throws IOException {
        return snapshots.read(maxOffset);
    }

    @Override
    public synchronized boolean pollRolled() {
        boolean was = rolled;
        rolled = false;
        return was;
    }

    @Override
    public synchronized void writeLeaderEpochs(List<EpochEntry> epochs) throws IOException {
        LogMeta next = meta.withEpochs(epochs);
        next.write(directory);
        meta = next;
    }

    @Override
    public List<EpochEntry> readLeaderEpochs() {
        return meta.epochs();
    }

    @Override
    public Optional<Path> directory() {
        return Optional.of(directory);
    }

    @Override
    public synchronized void close() throws IOException {
        if (!closed) {
            closed = true;
            contents.file.release();
        }
    }
}
