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
    private final AtomicInteger owners = new AtomicInteger(1);
    private volatile boolean truncated;

    public SharedFile(FileChannel channel) {
        this.channel = channel;
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

    /** The file was cut below bytes that were handed out: whoever still sends a slice of it closes that connection. */
    public void markTruncated() {
        truncated = true;
    }

    public boolean isTruncated() {
        return truncated;
    }
}
