package io.sluice.transport.api;

import java.nio.ByteBuffer;
import org.osgi.annotation.versioning.ProviderType;

/** Receives what one connection reads. Calls never overlap and are in the order of the stream. */
@ProviderType
public interface FrameHandler {
    /**
     * One whole frame, without its size prefix.
     *
     * @param frame borrowed for the call; position 0 to limit is the frame; it may be written to; direct or heap
     */
    void frame(ByteBuffer frame);

    /**
     * A frame has begun to come and is not whole yet: asks whether it may be collected. On the same thread as the frames.
     *
     * @param bytes the memory that it will take
     * @return false when there is no memory for it now. The handler has {@linkplain Connection#pauseReading() paused} the connection
     *     then, and is asked again when reading goes on
     */
    default boolean admit(int bytes) {
        return true;
    }

    /** What was admitted is not held any more: the frame was handed on, or the connection has ended. */
    default void discharge(int bytes) {}

    /**
     * The connection has ended; called once, after the last frame. Answers sent from now on are dropped.
     *
     * @param reason why, in a few words
     */
    void closed(String reason);
}
