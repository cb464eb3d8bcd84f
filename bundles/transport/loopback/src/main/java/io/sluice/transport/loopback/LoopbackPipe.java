package io.sluice.transport.loopback;

import io.sluice.base.Time;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.TimeUnit;

/**
 * One direction of a connection: a bounded queue of bytes. The transport's end never blocks and is told by {@code changed} when it can
 * go on; the peer's end blocks. Any thread.
 */
final class LoopbackPipe {
    private static final int CAPACITY = 128 * 1024;
    private static final long TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(20);

    private final byte[] ring = new byte[CAPACITY];
    private final Runnable changed;
    private int start;
    private int size;
    private boolean ended;
    private boolean reset;

    LoopbackPipe(Runnable changed) {
        this.changed = changed;
    }

    // ---- the transport's end

    /** @return bytes taken, 0 when it is full */
    synchronized int write(ByteBuffer source) throws IOException {
        checkWritable();
        int all = 0;
        while (source.hasRemaining() && size < CAPACITY) {
            int at = (start + size) % CAPACITY;
            int now = Math.min(source.remaining(), Math.min(CAPACITY - size, CAPACITY - at));
            source.get(ring, at, now);
            size += now;
            all += now;
        }
        notifyAll();
        return all;
    }

    /** @return bytes read, 0 when it is empty, -1 when nothing more will come */
    synchronized int read(ByteBuffer target) throws IOException {
        if (reset) {
            throw new IOException("connection reset by peer");
        }
        if (size == 0) {
            return ended ? -1 : 0;
        }
        int all = 0;
        while (target.hasRemaining() && size > 0) {
            int now = Math.min(target.remaining(), Math.min(size, CAPACITY - start));
            target.put(ring, start, now);
            start = (start + now) % CAPACITY;
            size -= now;
            all += now;
        }
        notifyAll();
        return all;
    }

    WritableByteChannel channel() {
        return new WritableByteChannel() {
            @Override
            public int write(ByteBuffer source) throws IOException {
                return LoopbackPipe.this.write(source);
            }

            @Override
            public boolean isOpen() {
                return true;
            }

            @Override
            public void close() {}
        };
    }

    // ---- the peer's end

    void writeAll(byte[] bytes) throws IOException {
        ByteBuffer source = ByteBuffer.wrap(bytes);
        while (source.hasRemaining()) {
            synchronized (this) {
                long end = Time.SYSTEM.nanoseconds() + TIMEOUT_NANOS;
                while (size == CAPACITY && !reset && !ended) {
                    await(end);
                }
                write(source);
            }
            changed.run();
        }
    }

    byte[] readUpTo(int bytes) throws IOException {
        ByteBuffer target = ByteBuffer.allocate(bytes);
        boolean more = true;
        while (more && target.hasRemaining()) {
            synchronized (this) {
                long end = Time.SYSTEM.nanoseconds() + TIMEOUT_NANOS;
                while (size == 0 && !ended && !reset) {
                    await(end);
                }
                more = read(target) > 0;
            }
            changed.run();
        }
        byte[] read = new byte[target.position()];
        target.flip().get(read);
        return read;
    }

    // ---- both

    /** What is in it can still be read, and then it is at its end. */
    synchronized void end() {
        ended = true;
        notifyAll();
    }

    /** What is in it is lost, and both ends fail from now on. */
    synchronized void reset() {
        reset = true;
        size = 0;
        notifyAll();
    }

    /** The peer has done something that the transport should see. */
    void tell() {
        changed.run();
    }

    synchronized boolean isEmpty() {
        return size == 0;
    }

    private void checkWritable() throws IOException {
        if (reset || ended) {
            throw new IOException(reset ? "connection reset by peer" : "the output was shut down");
        }
    }

    private void await(long end) throws IOException {
        long leftMs = TimeUnit.NANOSECONDS.toMillis(end - Time.SYSTEM.nanoseconds());
        if (leftMs <= 0) {
            throw new SocketTimeoutException("nothing happened for 20 seconds");
        }
        try {
            wait(leftMs);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
