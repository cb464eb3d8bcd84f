package io.sluice.transport.mina;

import io.sluice.transport.api.FrameHandler;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream into frames: four bytes of size, then the body. Frames that are whole in the read buffer are handed on as
 * slices of it. One that is not is collected in a buffer which grows with what has come, not with what was announced, and is
 * given back when the frame is done. For the connection's I/O thread.
 */
final class FrameAssembler {
    private static final int SIZE_BYTES = 4;
    private static final int FIRST_BYTES = 64 * 1024;

    private final int frameBytesMax;
    private @Nullable ByteBuffer partial;

    FrameAssembler(int frameBytesMax) {
        this.frameBytesMax = frameBytesMax;
    }

    /** What a connection does with its frames, and whether it wants more of them. */
    interface Receiver {
        FrameHandler handler();

        boolean isOpen();
    }

    /** A peer announced a frame that cannot be. */
    static final class BadSizeException extends IOException {
        private static final long serialVersionUID = 1L;

        BadSizeException(int size, int most) {
            super("a frame of " + size + " bytes was announced, and 0 to " + most
                    + " are allowed (socket.request.max.bytes)");
        }
    }

    /** Reads once from the channel and hands on what is whole. @return bytes read, 0 or -1 as the channel says */
    int read(ReadableByteChannel channel, ByteBuffer buffer, Receiver receiver) throws IOException {
        ByteBuffer collecting = partial;
        if (collecting != null) {
            int read = channel.read(collecting);
            if (read > 0) {
                advance(receiver);
            }
            return read;
        }
        buffer.clear();
        int read = channel.read(buffer);
        if (read > 0) {
            buffer.flip();
            cut(buffer, receiver);
        }
        return read;
    }

    private void cut(ByteBuffer buffer, Receiver receiver) throws IOException {
        int at = 0;
        int end = buffer.limit();
        while (end - at >= SIZE_BYTES && receiver.isOpen()) {
            int size = check(buffer.getInt(at));
            if (end - at - SIZE_BYTES < size) {
                break;
            }
            receiver.handler().frame(buffer.slice(at + SIZE_BYTES, size));
            at += SIZE_BYTES + size;
        }
        if (at < end && receiver.isOpen()) {
            keep(buffer.slice(at, end - at));
        }
    }

    private int check(int size) throws BadSizeException {
        if (size < 0 || size > frameBytesMax) {
            throw new BadSizeException(size, frameBytesMax);
        }
        return size;
    }

    private void keep(ByteBuffer rest) throws IOException {
        int announced = rest.remaining() < SIZE_BYTES ? SIZE_BYTES : SIZE_BYTES + check(rest.getInt(0));
        int capacity = Math.max(SIZE_BYTES, Math.min(announced, Math.max(FIRST_BYTES, rest.remaining() * 2)));
        partial = ByteBuffer.allocateDirect(capacity).put(rest);
    }

    /** Bytes came into the collecting buffer: hands the frame on if it is whole, or makes room for more of it. */
    private void advance(Receiver receiver) throws IOException {
        ByteBuffer collecting = java.util.Objects.requireNonNull(partial);
        if (collecting.position() < SIZE_BYTES) {
            return;
        }
        int whole = SIZE_BYTES + check(collecting.getInt(0));
        if (collecting.position() >= whole) {
            partial = null;
            receiver.handler().frame(collecting.slice(SIZE_BYTES, whole - SIZE_BYTES));
            return;
        }
        if (!collecting.hasRemaining()) {
            int capacity = (int) Math.min(whole, Math.max(FIRST_BYTES, collecting.capacity() * 2L));
            partial = ByteBuffer.allocateDirect(capacity).put(collecting.flip());
        }
    }
}
