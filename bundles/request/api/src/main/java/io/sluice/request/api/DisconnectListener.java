package io.sluice.request.api;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Is told of connections that have ended, whatever ended them: a whiteboard service, for what a client may keep only as long as it is connected.
 *
 * <p>One connection at a time, on a worker, some time after the end; requests of the connection may still be at work then. It is not told of those that
 * ended before it came.
 */
@ConsumerType
public interface DisconnectListener {
    /** @param connectionId as {@link Request#connectionId()} gave it */
    void disconnected(long connectionId);
}
