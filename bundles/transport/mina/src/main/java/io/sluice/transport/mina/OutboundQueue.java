package io.sluice.transport.mina;

import io.sluice.base.Time;
import io.sluice.protocol.ByteBufferRecords;
import io.sluice.protocol.OutboundFrame;
import io.sluice.protocol.OutboundPart;
import io.sluice.protocol.Records;
import io.sluice.storage.api.FileSlice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The answers of one connection that have not left yet, and how much of the first has. What lies in memory goes out in one
 * gathering write, across the bounds of frames; slices of files by {@code sendfile}. Owns the frames and releases each once.
 *
 * <p>Guarded by its connection.
 */
final class OutboundQueue {
    private static final Logger LOG = LoggerFactory.getLogger(OutboundQueue.class);
    private static final int GATHERED_MAX = 64;

    /** The JDK copies all that is offered from the heap, also what the socket then does not take. */
    private static final int GATHERED_BYTES_MAX = 128 * 1024;

    /**
     * Slices up to this size are copied and leave with the bytes around them. Measured by TransportLoad: at 4 KiB that costs less than
     * half of a call of its own, at 16 KiB somewhat more.
     */
    private static final int COPIED_MAX = 8 * 1024;

    /** To send from memory takes less than that, whatever the socket takes at once; from a disk it takes longer. */
    private static final long SLOW_NANOS = 3_000_000L;

    private final Time time;
    private final ArrayDeque<OutboundFrame> frames = new ArrayDeque<>(2);
    private long bytes;

    /** The part of the first frame that is being sent, and how many of its bytes were. */
    private int part;

    private long sentOfPart;

    OutboundQueue(Time time) {
        this.time = time;
    }

    void add(OutboundFrame frame) {
        frames.add(frame);
        bytes += frame.sizeInBytes();
    }

    boolean isEmpty() {
        return frames.isEmpty();
    }

    /** What is still to be sent, slices of files included. */
    long bytes() {
        return bytes;
    }

    /**
     * Sends until the channel takes no more, or a little more than {@code most} bytes.
     *
     * @throws IOException when the channel fails or a file was cut below what is being sent; the connection cannot go on
     */
    long writeTo(GatheringByteChannel channel, long most) throws IOException {
        long written = 0L;
        while (written < most) {
            skipFinished();
            OutboundFrame first = frames.peek();
            if (first == null) {
                break;
            }
            FileSlice slice = sliceOf(first.parts().get(part));
            long now = slice != null ? transfer(slice, channel) : gather(channel);
            if (now <= 0L) {
                break;
            }
            written += now;
        }
        return written;
    }

    /** Gives up what is left. */
    void clear() {
        for (OutboundFrame frame = frames.poll(); frame != null; frame = frames.poll()) {
            release(frame);
        }
        bytes = 0L;
        part = 0;
        sentOfPart = 0L;
    }

    private long transfer(FileSlice slice, GatheringByteChannel channel) throws IOException {
        long before = time.nanoseconds();
        long now = slice.transferTo(sentOfPart, channel);
        if (time.nanoseconds() - before > SLOW_NANOS) {
            slice.wasSlow();
        }
        if (now > 0L) {
            sentOfPart += now;
            bytes -= now;
        } else if (slice.file().channel().size() < slice.position() + slice.sizeInBytes()) {
            throw new IOException("the log was cut below what was being sent");
        }
        return now;
    }

    private long gather(GatheringByteChannel channel) throws IOException {
        ByteBuffer[] gathered = new ByteBuffer[GATHERED_MAX];
        int count = 0;
        int size = 0;
        int from = part;
        long sent = sentOfPart;
        search:
        for (OutboundFrame frame : frames) {
            List<OutboundPart> parts = frame.parts();
            for (int i = from; i < parts.size(); i++) {
                ByteBuffer buffer = bufferOf(parts.get(i));
                if (buffer == null || count == GATHERED_MAX || size == GATHERED_BYTES_MAX) {
                    break search;
                }
                ByteBuffer rest = buffer.duplicate();
                rest.position(rest.position() + (int) sent);
                sent = 0L;
                rest.limit(rest.position() + Math.min(rest.remaining(), GATHERED_BYTES_MAX - size));
                size += rest.remaining();
                gathered[count++] = rest;
            }
            from = 0;
        }
        if (count == 0) {
            throw new IOException("records of an unknown kind cannot be sent");
        }
        long now = count == 1 ? channel.write(gathered[0]) : channel.write(gathered, 0, count);
        advance(now);
        return now;
    }

    private void advance(long written) {
        bytes -= written;
        long left = written;
        while (left > 0L) {
            skipFinished();
            long size = frames.element().parts().get(part).sizeInBytes();
            long now = Math.min(left, size - sentOfPart);
            sentOfPart += now;
            left -= now;
        }
        skipFinished();
    }

    /** Passes parts that have left whole, or are empty, and releases the frames that end with them. */
    private void skipFinished() {
        for (OutboundFrame first = frames.peek(); first != null; first = frames.peek()) {
            List<OutboundPart> parts = first.parts();
            while (part < parts.size() && sentOfPart >= parts.get(part).sizeInBytes()) {
                part++;
                sentOfPart = 0L;
            }
            if (part < parts.size()) {
                return;
            }
            frames.poll();
            part = 0;
            sentOfPart = 0L;
            release(first);
        }
    }

    static void release(OutboundFrame frame) {
        try {
            frame.release();
        } catch (RuntimeException e) {
            LOG.error("releasing an answer failed", e);
        }
    }

    /** A slice that is sent from its file. */
    private static @Nullable FileSlice sliceOf(OutboundPart part) {
        return part instanceof OutboundPart.Payload payload
                        && payload.records() instanceof FileSlice slice
                        && slice.sizeInBytes() > COPIED_MAX
                ? slice
                : null;
    }

    /** The bytes of a part in memory or of a small slice; null when they are to be sent from elsewhere. */
    private static @Nullable ByteBuffer bufferOf(OutboundPart part) throws IOException {
        if (part instanceof OutboundPart.Bytes bytes) {
            return bytes.buffer();
        }
        Records records = ((OutboundPart.Payload) part).records();
        if (records instanceof FileSlice slice) {
            return slice.sizeInBytes() <= COPIED_MAX ? slice.toBuffer() : null;
        }
        return records instanceof ByteBufferRecords inMemory ? inMemory.buffer() : null;
    }
}
