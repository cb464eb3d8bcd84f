package io.sluice.transport.mina;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream into frames: four bytes of size, then the body. Frames that are whole in the thread's read buffer are handed on as
 * views of it. One that is not is collected in a buffer that grows with what has come, not with what was announced; its last
 * part is read straight into it. What was read already when its receiver has had enough is kept for later, and nothing more is
 * read until then.
 *
 * <p>For the connection's I/O thread. The buffers come from and return to that thread's pool.
 */
final class FrameAssembler {
    private static final int SIZE_BYTES = 4;

    /** So that a frame and its size fit in a buffer of the pool. */
    private static final int FRAME_BYTES_LIMIT = (1 << 30) - SIZE_BYTES;

    /** With less room than this the read buffer takes what comes, so that a frame's start costs few calls. */
    private static final int DIRECT_READ_MIN = 32 * 1024;

    private final int frameBytesMax;
    private final BufferPool pool;

    /** The beginning of a frame, up to the position; its limit is the frame's end or lies before it. */
    private @Nullable ByteBuffer collecting;

    /** What was read but not yet wanted, from position to limit. */
    private @Nullable ByteBuffer unwanted;

    /** What its receiver granted for the frame that is being collected; 0 when there is none, or it was not granted yet. */
    private int granted;

    FrameAssembler(int frameBytesMax, BufferPool pool) {
        this.frameBytesMax = Math.min(frameBytesMax, FRAME_BYTES_LIMIT);
        this.pool = pool;
    }

    /** Who gets the frames. */
    interface Receiver {
        /** @param frame borrowed for the call */
        void frame(ByteBuffer frame);

        /** Asked before each frame. */
        boolean wantsMore();

        /**
         * Asked for each frame that is not whole, before more than its beginning is kept. When the answer is no, the receiver
         * does not want more until that may have changed.
         */
        boolean admit(int bytes);

        /** What was admitted is free again. */
        void discharge(int bytes);
    }

    /** A peer announced a frame that cannot be. */
    static final class BadSizeException extends IOException {
        private static final long serialVersionUID = 1L;

        BadSizeException(int size, int most) {
            super("a frame of " + size + " bytes was announced, and 0 to " + most
                    + " are allowed (socket.request.max.bytes)");
        }
    }

    /**
     * Reads once and hands on what is whole.
     *
     * @param buffer the thread's; free again after the call
     * @param most how much of it may be filled
     * @return bytes read; 0 or -1 as the channel says
     */
    int read(ReadableByteChannel channel, ByteBuffer buffer, int most, Receiver receiver) throws IOException {
        if (!receiver.wantsMore()) {
            return 0;
        }
        ByteBuffer begun = collecting;
        if (begun != null && granted > 0 && hasRoomToReadInto(begun)) {
            int read = channel.read(begun);
            if (read > 0 && begun.position() == SIZE_BYTES + begun.getInt(0)) {
                handOnCollected(begun, receiver);
            }
            return read;
        }
        int read = channel.read(buffer.clear().limit(most));
        if (read > 0) {
            cut(buffer.flip(), receiver);
            if (buffer.hasRemaining()) {
                unwanted = pool.take(buffer.remaining(), buffer.remaining())
                        .put(buffer)
                        .flip();
            }
        }
        return read;
    }

    /** The receiver wants more again: hands on what was read before. */
    void handOnUnwanted(Receiver receiver) throws IOException {
        ByteBuffer left = unwanted;
        if (left != null) {
            cut(left, receiver);
            if (!left.hasRemaining()) {
                unwanted = null;
                pool.give(left);
            }
        }
    }

    /** Whether something that was read waits for its receiver, so that nothing else may be read. */
    boolean hasUnwanted() {
        return unwanted != null;
    }

    /** Bytes of buffers that are held for this connection. */
    int heldBytes() {
        return (collecting != null ? collecting.capacity() : 0) + (unwanted != null ? unwanted.capacity() : 0);
    }

    /** What was read is of no use any more. */
    void clear(Receiver receiver) {
        discharge(receiver);
        if (collecting != null) {
            pool.give(collecting);
            collecting = null;
        }
        if (unwanted != null) {
            pool.give(unwanted);
            unwanted = null;
        }
    }

    private static boolean hasRoomToReadInto(ByteBuffer begun) {
        int room = begun.remaining();
        return room >= DIRECT_READ_MIN || (room > 0 && begun.limit() == SIZE_BYTES + begun.getInt(0));
    }

    /** Consumes all of the input, or as much of it as is wanted. */
    private void cut(ByteBuffer input, Receiver receiver) throws IOException {
        while (input.hasRemaining() && receiver.wantsMore()) {
            if (collecting != null) {
                if (!collect(collecting, input, receiver)) {
                    return;
                }
                continue;
            }
            int at = input.position();
            int available = input.remaining() - SIZE_BYTES;
            int size = available < 0 ? 0 : check(input.getInt(at));
            if (available < 0) {
                begin(input, SIZE_BYTES);
                return;
            }
            if (available < size) {
                if (isGranted(SIZE_BYTES + size, receiver)) {
                    begin(input, SIZE_BYTES + size);
                }
                return;
            }
            input.position(at + SIZE_BYTES + size);
            receiver.frame(input.slice(at + SIZE_BYTES, size));
        }
    }

    private void begin(ByteBuffer input, int whole) {
        int arrived = input.remaining();
        ByteBuffer begun = pool.take((int) Math.min(whole, 2L * arrived), whole);
        begun.put(input);
        begun.limit(Math.min(begun.capacity(), Math.max(whole, SIZE_BYTES)));
        collecting = begun;
    }

    private boolean isGranted(int whole, Receiver receiver) {
        if (granted == 0) {
            int bytes = BufferPool.sizeFor(whole);
            if (!receiver.admit(bytes)) {
                return false;
            }
            granted = bytes;
        }
        return true;
    }

    private void discharge(Receiver receiver) {
        int bytes = granted;
        if (bytes > 0) {
            granted = 0;
            receiver.discharge(bytes);
        }
    }

    /** @return whether it got on; not when there is no memory for the frame */
    private boolean collect(ByteBuffer begun, ByteBuffer input, Receiver receiver) throws IOException {
        while (begun.position() < SIZE_BYTES) {
            if (!input.hasRemaining()) {
                return true;
            }
            begun.limit(begun.capacity()).put(input.get());
        }
        int whole = SIZE_BYTES + check(begun.getInt(0));
        if (input.remaining() < whole - SIZE_BYTES && !isGranted(whole, receiver)) {
            return false;
        }
        int now = Math.min(whole - begun.position(), input.remaining());
        ByteBuffer roomy = withRoom(begun, now, whole);
        roomy.put(roomy.position(), input, input.position(), now);
        roomy.position(roomy.position() + now);
        input.position(input.position() + now);
        if (roomy.position() == whole) {
            handOnCollected(roomy, receiver);
        }
        return true;
    }

    private ByteBuffer withRoom(ByteBuffer begun, int bytes, int whole) {
        ByteBuffer roomy = begun;
        int arrived = begun.position() + bytes;
        if (begun.capacity() < whole && begun.capacity() - begun.position() <= bytes) {
            roomy = pool.take((int) Math.min(whole, 2L * arrived), whole);
            roomy.put(begun.flip());
            pool.give(begun);
            collecting = roomy;
        }
        roomy.limit(Math.min(roomy.capacity(), whole));
        return roomy;
    }

    private void handOnCollected(ByteBuffer begun, Receiver receiver) {
        collecting = null;
        try {
            receiver.frame(begun.slice(SIZE_BYTES, begun.position() - SIZE_BYTES));
        } finally {
            pool.give(begun);
            discharge(receiver);
        }
    }

    private int check(int size) throws BadSizeException {
        if (size < 0 || size > frameBytesMax) {
            throw new BadSizeException(size, frameBytesMax);
        }
        return size;
    }
}
