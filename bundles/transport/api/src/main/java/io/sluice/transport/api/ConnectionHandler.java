package io.sluice.transport.api;

import org.osgi.annotation.versioning.ProviderType;

/** The kernel's side of a transport. */
@ProviderType
public interface ConnectionHandler {
    /**
     * A connection was accepted. Called once for each connection, before its first frame, on the thread that will
     * deliver its frames.
     *
     * @return who gets its frames
     */
    FrameHandler connected(Connection connection);
}
