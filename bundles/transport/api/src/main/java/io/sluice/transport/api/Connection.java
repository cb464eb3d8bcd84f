package io.sluice.transport.api;

import io.sluice.protocol.OutboundFrame;
import java.net.InetSocketAddress;
import org.osgi.annotation.versioning.ConsumerType;

/** One peer. All methods may be called from any thread, also after the connection has ended. */
@ConsumerType
public interface Connection {
    /** Unique within the process. */
    long id();

    InetSocketAddress remoteAddress();

    /** The name of the listener that accepted it. */
    String listenerName();

    /**
     * Queues a frame; frames leave in the order of the calls. Ownership passes to the transport, which releases the frame
     * exactly once, when it was written or when the connection ended before.
     */
    void send(OutboundFrame frame);

    /** No further frame is read until {@link #resumeReading()}. Calls do not nest. One frame that was already read may still come. */
    void pauseReading();

    void resumeReading();

    /** Closes at once; queued answers are dropped. One log line names the peer and the reason. */
    void close(String reason);

    boolean isOpen();
}
