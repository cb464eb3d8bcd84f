package io.sluice.storage.api;

import com.sun.nio.file.ExtendedOpenOption;
import io.sluice.base.TopicIdPartition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A log file whose newest bytes may be in the {@link StagingArea} instead of the file: what is written goes there while the file is busy,
 * and from there to the file in pieces of {@link StagingArea#SLOT_BYTES}, past the page cache, or with its cache when the file comes to rest
 * or is made durable. Readers see one file, wherever the bytes are, and so does {@link FileSlice}, whose transport gets them from the memory
 * as long as they are there.
 *
 * <p>Threads: one writer, at the end of the file, by position; readers and {@link #force} from any thread. Methods that use a channel's own
 * position are not supported.
 *
 * <p>Errors: when staged bytes cannot be written, they stay where they are and every later write fails until they could be, which is tried
 * every second. If it is for want of space, the failure is a {@link DiskFullException}, {@link #force}'s too; one of the fsync itself never is.
 */
public final class StagedChannel extends FileChannel {
    private static final Logger LOG = LoggerFactory.getLogger(StagedChannel.class);

    /** A file is busy when it gets that many bytes ... */
    private static final int BUSY_BYTES = 256 * 1024;

    /** ... within this time. */
    private static final long BUSY_NANOS = 250_000_000L;

    /** So long after a reader came for what had left the memory already, the page cache gets what is written. */
    private static final long READ_BEHIND_NANOS = 30_000_000_000L;

    private static final StagedStretch[] NONE = {};

    private final FileChannel file;
    private final StagingArea area;
    private final TopicIdPartition partition;
    private final long baseOffset;
    private final FileRecency recency = new FileRecency(PageCache.system());
    private final ReentrantLock persisting = new ReentrantLock();

    /** Stretches that have become full since they were written last. */
    private final AtomicInteger wanted = new AtomicInteger();

    /** Guards changes of {@link #stretches} and nothing else: whoever takes a slot for another file holds that file's lock. */
    private final Object list = new Object();

    private volatile StagedStretch[] stretches = NONE;
    private volatile @Nullable Path path;
    private volatile @Nullable IOException failure;
    private volatile boolean readBehind;
    private volatile long readBehindNanos;
    private @Nullable FileChannel direct;
    private @Nullable StagedStretch current;
    private boolean busy;
    private boolean finished;
    private boolean retrying;
    private long windowNanos;
    private int windowBytes;
    private long sweptEnd = -1L;

    /**
     * @param file opened for reading and writing; owned by this object from now on
     * @param baseOffset which of the partition's files it is
     */
    public StagedChannel(FileChannel file, StagingArea area, TopicIdPartition partition, long baseOffset) {
        this.file = file;
        this.area = area;
        this.partition = partition;
        this.baseOffset = baseOffset;
    }

    /** The file has this name for good, so that a later process finds it: bytes may be staged from now on. */
    public void enable(Path name) {
        path = name;
    }

    FileRecency recency() {
        return recency;
    }

    /** Somebody reads what is not in memory any more: what is written from now on is kept where he finds it without the disk. */
    public void noteReaderBehind() {
        readBehindNanos = area.nanoseconds();
        readBehind = true;
    }

    private boolean isReadBehind() {
        if (readBehind && area.nanoseconds() - readBehindNanos > READ_BEHIND_NANOS) {
            readBehind = false;
        }
        return readBehind;
    }

    @Override
    public int write(ByteBuffer source, long position) throws IOException {
        IOException failed = failure;
        if (failed != null) {
            throw unstored(failed);
        }
        int all = source.remaining();
        long at = position;
        synchronized (this) {
            while (source.hasRemaining()) {
                StagedStretch now = current != null ? current : begin(at, all);
                if (now == null) {
                    break;
                }
                if (at != now.end()) {
                    throw new IOException("a write at " + at + " of a file that ends at " + now.end());
                }
                now.append(source);
                at = now.end();
                if (now.isFull()) {
                    current = null;
                    if (wanted.getAndIncrement() == 0) {
                        area.persistSoon(this);
                    }
                }
            }
        }
        while (source.hasRemaining()) {
            at += file.write(source, at);
        }
        return all;
    }

    private @Nullable StagedStretch begin(long position, int bytes) throws IOException {
        if (finished || path == null || !isBusy(bytes)) {
            return null;
        }
        long start = position - position % StagingArea.BLOCK_BYTES;
        ByteBuffer before = ByteBuffer.allocate((int) (position - start));
        while (before.hasRemaining()) {
            if (read(before, start + before.position()) < 0) {
                throw new IOException("the file ends below " + position);
            }
        }
        StagedStretch begun = area.begin(this, partition, baseOffset, start, start);
        if (begun == null) {
            return null;
        }
        begun.append(before.flip());
        begun.setFlushed(position);
        synchronized (list) {
            List<StagedStretch> next = new ArrayList<>(List.of(stretches));
            next.add(begun);
            stretches = next.toArray(NONE);
        }
        current = begun;
        sweptEnd = -1L;
        return begun;
    }

    private boolean isBusy(int bytes) {
        if (busy) {
            return true;
        }
        windowBytes += bytes;
        if (windowBytes < BUSY_BYTES) {
            return false;
        }
        long now = area.nanoseconds();
        busy = now - windowNanos < BUSY_NANOS;
        windowNanos = now;
        windowBytes = 0;
        return busy;
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
        StagedStretch staged = pin(position);
        if (staged != null) {
            try {
                ByteBuffer bytes = staged.bytes(position, Math.min(staged.end(), position + target.remaining()));
                int read = bytes.remaining();
                target.put(bytes);
                return read;
            } finally {
                staged.unpin();
            }
        }
        int limit = target.limit();
        target.limit(target.position() + (int) Math.min(target.remaining(), inFileFrom(position)));
        try {
            return file.read(target, position);
        } finally {
            target.limit(limit);
        }
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel target) throws IOException {
        StagedStretch staged = pin(position);
        if (staged != null) {
            try {
                return target.write(staged.bytes(position, Math.min(staged.end(), position + count)));
            } finally {
                staged.unpin();
            }
        }
        return file.transferTo(position, Math.min(count, inFileFrom(position)), target);
    }

    /** The stretch that has this byte in memory, pinned; null when it is in the file. */
    private @Nullable StagedStretch pin(long position) {
        StagedStretch[] now = stretches;
        for (int i = now.length - 1; i >= 0; i--) {
            StagedStretch stretch = now[i];
            if (stretch.covers(position) && stretch.pin()) {
                return stretch;
            }
        }
        return null;
    }

    /** How many bytes from a position that is not staged are to be looked for in the file. */
    private long inFileFrom(long position) {
        long next = Long.MAX_VALUE;
        for (StagedStretch stretch : stretches) {
            if (stretch.start() > position) {
                next = Math.min(next, stretch.start());
            }
        }
        return next - position;
    }

    @Override
    public long size() throws IOException {
        long size = file.size();
        for (StagedStretch stretch : stretches) {
            size = Math.max(size, stretch.end());
        }
        return size;
    }

    /** The slot is taken for another file, by its writer. */
    void forget(StagedStretch stretch) {
        synchronized (list) {
            List<StagedStretch> left = new ArrayList<>(List.of(stretches));
            left.remove(stretch);
            stretches = left.toArray(NONE);
        }
        leaveMemory(stretch);
    }

    private void leaveMemory(StagedStretch stretch) {
        if (stretch.isBypassed()) {
            recency.left(stretch.start(), stretch.end());
        }
    }

    // ---- to the file

    void persistInBackground() {
        int seen;
        try {
            do {
                seen = wanted.get();
                persist(failure == null);
            } while (!wanted.compareAndSet(seen, 0));
        } catch (IOException e) {
            wanted.set(0); // the next try takes everything
        }
    }

    /** Some time after a failure. */
    void tryAgain() {
        persisting.lock();
        try {
            retrying = false;
        } finally {
            persisting.unlock();
        }
        persistInBackground();
    }

    /** Writes what is staged to the file; what is not full only if asked. */
    private void persist(boolean onlyFull) throws IOException {
        persisting.lock();
        try {
            StagedStretch open;
            synchronized (this) {
                open = current;
            }
            for (StagedStretch stretch : stretches) {
                if (stretch.isPersisted() || (onlyFull && stretch == open)) {
                    continue;
                }
                store(stretch);
                if (stretch != open) {
                    stretch.setPersisted();
                    area.keep(stretch);
                }
            }
            failure = null;
        } catch (IOException e) {
            if (failure == null) {
                LOG.error("{}: staged bytes could not be written; nothing is taken until they could be", path, e);
            }
            failure = e;
            if (!retrying) {
                retrying = true;
                area.persistLater(this);
            }
            throw unstored(e);
        } finally {
            persisting.unlock();
        }
    }

    private static IOException unstored(IOException cause) {
        String message = "what was written before could not be stored: " + cause.getMessage();
        return DiskFullException.isMeantBy(cause)
                ? new DiskFullException(message, cause)
                : new IOException(message, cause);
    }

    private void store(StagedStretch stretch) throws IOException {
        long end = stretch.end();
        Path name = path;
        Exception refusal = null;
        if (name != null
                && stretch.isFull()
                && isMostlyUnwritten(stretch, end)
                && !isReadBehind()
                && area.canBypassCache()) {
            try {
                writeAll(pastCache(name), stretch.bytes(stretch.start(), end), stretch.start());
                stretch.setBypassed();
                stretch.setFlushed(end);
                return;
            } catch (UnsupportedOperationException | IOException e) {
                refusal = e; // the disk's, or that of this way to it
            }
        }
        writeAll(file, stretch.bytes(stretch.flushed(), end), stretch.flushed());
        stretch.setFlushed(end);
        if (name != null && refusal != null && !isFull(refusal)) {
            area.cannotBypassCache(name, refusal);
        }
    }

    /** What is written past the cache is a whole stretch: not worth it when most of it, synced piece by piece, is in the file already. */
    private static boolean isMostlyUnwritten(StagedStretch stretch, long end) {
        return stretch.flushed() - stretch.start() < end - stretch.flushed();
    }

    private static boolean isFull(Exception refusal) {
        return refusal instanceof IOException failure && DiskFullException.isMeantBy(failure);
    }

    private FileChannel pastCache(Path name) throws IOException {
        FileChannel past = direct;
        if (past == null) {
            past = FileChannel.open(name, StandardOpenOption.WRITE, ExtendedOpenOption.DIRECT);
            direct = past;
        }
        return past;
    }

    private static void writeAll(FileChannel to, ByteBuffer bytes, long position) throws IOException {
        long at = position;
        while (bytes.hasRemaining()) {
            at += to.write(bytes, at);
        }
    }

    /** A file that got nothing since the last time is at rest: it gets its last bytes, and its slot is free for others. */
    void sweep() {
        StagedStretch resting;
        persisting.lock();
        try {
            synchronized (this) {
                resting = current;
                long end = resting == null ? -1L : resting.end();
                if (resting == null || end != sweptEnd) {
                    sweptEnd = end;
                    return;
                }
                current = null;
                busy = false;
                area.leave(this);
            }
        } finally {
            persisting.unlock();
        }
        persistInBackground();
    }

    /** Makes everything durable that was written. */
    @Override
    public void force(boolean metaData) throws IOException {
        persist(false);
        file.force(metaData);
    }

    /** Everything is in the file after this, and stays to be written there. */
    public void finish() throws IOException {
        synchronized (this) {
            finished = true;
            current = null;
        }
        persist(false);
        drop(true);
    }

    /**
     * Nothing is staged any more, and what is not in the file never gets there through this object.
     *
     * @param known whether a later process is to be spared what is left: not when it is to write it
     */
    public void drop(boolean known) {
        persisting.lock();
        try {
            StagedStretch[] dropped;
            synchronized (this) {
                finished = true;
                current = null;
                synchronized (list) {
                    dropped = stretches;
                    stretches = NONE;
                }
            }
            for (StagedStretch stretch : dropped) {
                leaveMemory(stretch);
                boolean free = known || stretch.isPersisted();
                while (!stretch.isRetired()) {
                    if (stretch.retire() && free) {
                        area.free(stretch);
                    } else {
                        Thread.onSpinWait();
                    }
                }
            }
            area.leave(this);
            closeDirect();
        } finally {
            persisting.unlock();
        }
    }

    private void closeDirect() {
        FileChannel past = direct;
        direct = null;
        if (past != null) {
            try {
                past.close();
            } catch (IOException e) {
                LOG.warn("{}: a second handle was not closed", path, e);
            }
        }
    }

    /** Cuts the file, if it is longer. Nothing is staged after that. */
    @Override
    public FileChannel truncate(long size) throws IOException {
        if (size() <= size) {
            return this;
        }
        synchronized (this) {
            finished = true;
            current = null;
            for (StagedStretch stretch : stretches) {
                if (stretch.pin()) {
                    stretch.cut(Math.max(size, stretch.start()));
                    stretch.unpin();
                }
            }
        }
        finish();
        if (file.size() > size) {
            file.truncate(size);
        }
        return this;
    }

    @Override
    protected void implCloseChannel() throws IOException {
        try (FileChannel closing = file) {
            drop(true);
        }
    }

    // ---- what a log file is not used for

    private static UnsupportedOperationException byPositionOnly() {
        return new UnsupportedOperationException("a log file is read and written by position");
    }

    @Override
    public int read(ByteBuffer target) {
        throw byPositionOnly();
    }

    @Override
    public long read(ByteBuffer[] targets, int offset, int length) {
        throw byPositionOnly();
    }

    @Override
    public int write(ByteBuffer source) {
        throw byPositionOnly();
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) {
        throw byPositionOnly();
    }

    @Override
    public long position() {
        throw byPositionOnly();
    }

    @Override
    public FileChannel position(long position) {
        throw byPositionOnly();
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long position, long count) {
        throw byPositionOnly();
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long position, long size) {
        throw byPositionOnly();
    }

    @Override
    public FileLock lock(long position, long size, boolean shared) {
        throw byPositionOnly();
    }

    @Override
    public FileLock tryLock(long position, long size, boolean shared) {
        throw byPositionOnly();
    }
}
