package io.sluice.storage.api;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A file channel with owners: it is closed when the last of them releases it. The first owner is who made it. Slices in
 * write queues are owners too, so that a file outlives its segment, its engine and its engine's bundle.
 */
public final class SharedFile {
    private final FileChannel channel;
    private final FileRecency recency;
    private final AtomicInteger owners = new AtomicInteger(1);
    private volatile long truncatedTo = Long.MAX_VALUE;

    public SharedFile(FileChannel channel) {
        this(channel, PageCache.system());
    }

    /** @param cache what is believed of the cache that the file's pages are in */
    public SharedFile(FileChannel channel, PageCache cache) {
        this.channel = channel;
        this.recency = channel instanceof StagedChannel staged ? staged.recency() : new FileRecency(cache);
    }

    /** Which parts of the file can be read without waiting for a disk, as far as is known. */
    public FileRecency recency() {
        return recency;
    }

    public FileChannel channel() {
        return channel;
    }

    /** @return false when it is closed already, and nothing was retained */
    public boolean retain() {
        while (true) {
            int now = owners.get();
            if (now == 0) {
                return false;
            }
            if (owners.compareAndSet(now, now + 1)) {
                return true;
            }
        }
    }

    /** Gives up one ownership; the last one closes the channel. */
    public void release() {
        int now = owners.decrementAndGet();
        if (now < 0) {
            throw new IllegalStateException("released more often than retained");
        }
        if (now == 0) {
            try {
                channel.close();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException("closing a log file failed", e);
            }
        }
    }

    /**
     * The file was or will be cut here, below bytes that were handed out: whoever still sends a slice that passes this position closes
     * that connection. What is written there later goes through another instance.
     */
    public void markTruncated(long position) {
        truncatedTo = Math.min(truncatedTo, position);
    }

    /** Whether the bytes below this position are no longer those that were handed out. */
    public boolean isTruncatedBelow(long position) {
        return truncatedTo < position;
    }
}
