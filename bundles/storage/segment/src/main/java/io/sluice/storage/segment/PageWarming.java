package io.sluice.storage.segment;

import io.sluice.base.Time;
import io.sluice.storage.api.PageCache;
import io.sluice.storage.api.SharedFile;
import io.sluice.storage.api.StagedChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Reads parts of a file to the system's page cache, so that they can be sent from there without waiting: by {@code sendfile}
 * to the device that drops everything, which copies nothing. Blocks; for workers.
 */
final class PageWarming {
    /** What is read before anybody else can have a turn. */
    private static final int STEP_BYTES = 4 * PageCache.STRETCH_BYTES;

    private static final int CALL_BYTES = 256 * 1024;

    /** A stretch that takes no longer was in memory: it is copied to nowhere in less than a tenth of this. */
    private static final long THERE_NANOS = 500_000L;

    private static final Path NOWHERE = Path.of("/dev/null");

    private PageWarming() {}

    /** Whether a read waits for no disk, as far as is known; does no I/O. */
    static boolean isWarm(LogSegment segment, long offset, int maxBytes) {
        SharedFile open = segment.file().ifOpen();
        int limit = segment.sizeInBytes();
        if (open == null) {
            return limit == 0;
        }
        long start = segment.reads().startInMemory(offset);
        long end = endOf(start, maxBytes, limit);
        return start >= 0L && (start >= end || open.recency().recentUntil(start, end) >= end);
    }

    /** Opens what a read needs and reads a few MiB of it to memory; true when it is all there. */
    static boolean warm(LogSegment segment, long offset, int maxBytes, Time time) throws IOException {
        int limit = segment.sizeInBytes();
        segment.offsetIndex().load();
        SharedFile open = segment.acquire();
        try {
            if (open.channel() instanceof StagedChannel staged) {
                staged.noteReaderBehind();
            }
            long start = Math.max(0L, segment.reads().startInMemory(offset));
            long end = endOf(start, maxBytes, limit);
            return start >= end || warm(open, start, end, time);
        } finally {
            open.release();
        }
    }

    /** A first batch that is larger than what was asked for is read whole: up to a stretch it is thought of. */
    private static long endOf(long start, int maxBytes, int limit) {
        return Math.min(limit, start + Math.max(maxBytes, PageCache.STRETCH_BYTES));
    }

    private static boolean warm(SharedFile file, long from, long end, Time time) throws IOException {
        long at = file.recency().recentUntil(from, end);
        if (at >= end) {
            return true;
        }
        long stop = Math.min(end, at + STEP_BYTES);
        try (WritableByteChannel nowhere = nowhere()) {
            at -= at % PageCache.STRETCH_BYTES; // whole stretches, for that is what is remembered
            while (at < stop) {
                long next = Math.min(end, at + PageCache.STRETCH_BYTES);
                long before = time.nanoseconds();
                drop(file.channel(), at, next, nowhere);
                if (time.nanoseconds() - before < THERE_NANOS) {
                    file.recency().wasThere(at);
                }
                file.recency().read(at, next);
                at = next;
            }
        }
        return at >= end;
    }

    private static void drop(FileChannel channel, long from, long end, WritableByteChannel nowhere) throws IOException {
        long at = from;
        while (at < end) {
            long now = channel.transferTo(at, Math.min(CALL_BYTES, end - at), nowhere);
            if (now <= 0L) {
                return; // the file was cut meanwhile
            }
            at += now;
        }
    }

    private static WritableByteChannel nowhere() throws IOException {
        return Files.isWritable(NOWHERE) ? FileChannel.open(NOWHERE, StandardOpenOption.WRITE) : new Nowhere();
    }

    /** Where there is no such device. */
    private static final class Nowhere implements WritableByteChannel {
        @Override
        public int write(ByteBuffer dropped) {
            int bytes = dropped.remaining();
            dropped.position(dropped.limit());
            return bytes;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {
            // nothing is held
        }
    }
}
