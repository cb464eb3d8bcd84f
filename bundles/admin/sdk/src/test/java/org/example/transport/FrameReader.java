package org.example.transport;

import io.sluice.transport.api.FrameHandler;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import org.jspecify.annotations.Nullable;

/** Takes one frame after the other from a channel: four bytes of size, then the body; nothing beyond that is read. For one thread. */
final class FrameReader {
    private static final int READ_BYTES = 64 * 1024;

    private final int frameBytesMax;
    private final ByteBuffer size = ByteBuffer.allocate(Integer.BYTES);
    private @Nullable ByteBuffer body;
    private int admitted;
    private boolean atEnd;

    FrameReader(int frameBytesMax) {
        this.frameBytesMax = frameBytesMax;
    }

    /**
     * @return the next frame; null when it is not whole yet, may not be collected now, or nothing more will come
     * @throws IOException when reading fails, or the frame cannot be; its message is for people
     */
    @Nullable
    ByteBuffer next(ReadableByteChannel channel, FrameHandler handler) throws IOException {
        ByteBuffer collecting = body;
        if (collecting == null) {
            if (!fill(size, channel)) {
                return null;
            }
            int announced = size.getInt(0);
            if (announced < 0 || announced > frameBytesMax) {
                throw new IOException("a frame of " + announced + " bytes was announced, and 0 to " + frameBytesMax
                        + " are allowed (socket.request.max.bytes)");
            }
            if (announced > READ_BYTES) {
                if (!handler.admit(announced)) {
                    return null;
                }
                admitted = announced;
            }
            collecting = ByteBuffer.allocate(announced);
            body = collecting;
        }
        if (!fill(collecting, channel)) {
            return null;
        }
        body = null;
        size.clear();
        return collecting.flip();
    }

    /** The frame was handed on, or the connection has ended. */
    void discharge(FrameHandler handler) {
        if (admitted > 0) {
            handler.discharge(admitted);
            admitted = 0;
        }
    }

    boolean isAtEnd() {
        return atEnd;
    }

    private boolean fill(ByteBuffer target, ReadableByteChannel channel) throws IOException {
        int end = target.limit();
        while (target.position() < end) {
            target.limit(Math.min(end, target.position() + READ_BYTES));
            int read = channel.read(target);
            target.limit(end);
            if (read <= 0) {
                atEnd |= read < 0;
                return false;
            }
        }
        return true;
    }
}
