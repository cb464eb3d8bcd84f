package io.sluice.transport.kit;

import java.io.IOException;

/** The client's end of a connection, for one reading and one writing thread. Calls block, but for 20 seconds at most. */
public interface Peer extends AutoCloseable {
    /** Writes all of it; blocks while the other end does not read. */
    void write(byte[] bytes) throws IOException;

    /** Reads so many bytes, or fewer when the other end has finished. */
    byte[] read(int bytes) throws IOException;

    /** Says that nothing more will be written; reading goes on. */
    void shutdownOutput() throws IOException;

    @Override
    void close() throws IOException;
}
