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
     * The connection has ended; called once, after the last frame. Answers sent from now on are dropped.
     *
     * @param reason why, in a few words
     */
    void closed(String reason);
}
