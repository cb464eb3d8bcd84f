package io.sluice.transport.api;

import java.net.InetSocketAddress;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * One open listener and its connections.
 *
 * <p>It is taken out of service in two steps, so that no answer that was owed is lost: {@link #stopReading()}, then the
 * kernel lets the requests in flight finish, then {@link #close(long)}.
 */
@ConsumerType
public interface Transport {
    /** The address that was bound, with the port that the system chose where the configuration said 0. */
    InetSocketAddress address();

    /** How many connections are open. */
    int connectionCount();

    /**
     * Stops accepting connections, gives the {@link ListeningSocket} back, and stops reading from those that are open; a
     * frame that is not whole yet is left unread. Answers can still be sent. Returns when no further call of
     * {@link FrameHandler#frame} will begin.
     */
    void stopReading();

    /**
     * Flushes what is queued on every connection, shuts its output down, and lets it go: to {@link ListeningSocket#linger},
     * or, where that is not possible, by discarding input until the peer closes. Closing at once would send a reset, which
     * destroys answers on their way; only a peer that does not take what it is owed is cut off. Blocks at most
     * {@code deadlineMs} milliseconds (and a little); a second call does nothing.
     */
    void close(long deadlineMs);
}
