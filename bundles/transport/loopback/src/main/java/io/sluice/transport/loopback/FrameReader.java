package io.sluice.transport.loopback;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Takes one frame after the other from a pipe: four bytes of size, then the body, in a buffer that grows with what has come. Reads
 * nothing beyond the frame that it was asked for. For one thread at a time.
 */
final class FrameReader {
    private static final int FIRST_BYTES = 16 * 1024;

    private final int frameBytesMax;
    private final ByteBuffer size = ByteBuffer.allocate(Integer.BYTES);
    private @Nullable ByteBuffer body;
    private boolean atEnd;

    FrameReader(int frameBytesMax) {
        this.frameBytesMax = frameBytesMax;
    }

    /** A peer announced a frame that cannot be. */
    static final class BadSizeException extends IOException {
        private static final long serialVersionUID = 1L;

        BadSizeException(int size, int most) {
            super("a frame of " + size + " bytes was announced, and 0 to " + most
                    + " are allowed (socket.request.max.bytes)");
        }
    }

    /** @return the next frame, which the caller owns; null when it is not whole yet, or nothing more will come */
    @Nullable
    ByteBuffer next(LoopbackPipe input) throws IOException {
        if (!fill(size, input)) {
            return null;
        }
        int announced = size.getInt(0);
        if (announced < 0 || announced > frameBytesMax) {
            throw new BadSizeException(announced, frameBytesMax);
        }
        ByteBuffer collecting = body != null ? body : ByteBuffer.allocate(Math.min(announced, FIRST_BYTES));
        body = collecting;
        while (fill(collecting, input)) {
            if (collecting.capacity() == announced) {
                body = null;
                size.clear();
                return collecting.flip();
            }
            int capacity = (int) Math.min(announced, 2L * collecting.capacity());
            collecting = ByteBuffer.allocate(capacity).put(collecting.flip());
            body = collecting;
        }
        return null;
    }

    /** Reads what there is and forgets it. */
    void discard(LoopbackPipe input) throws IOException {
        ByteBuffer some = ByteBuffer.allocate(FIRST_BYTES);
        int read;
        do {
            read = input.read(some.clear());
        } while (read > 0);
        atEnd |= read < 0;
    }

    /** Whether nothing more will come. */
    boolean isAtEnd() {
        return atEnd;
    }

    private boolean fill(ByteBuffer target, LoopbackPipe input) throws IOException {
        while (target.hasRemaining()) {
            int read = input.read(target);
            if (read <= 0) {
                atEnd |= read < 0;
                return false;
            }
        }
        return true;
    }
}
