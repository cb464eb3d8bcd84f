package io.sluice.transport.loopback;

import java.io.IOException;

/**
 * The client's end of a connection within the process, for one reading and one writing thread. Like a socket: bytes, not frames; calls
 * block, and fail after 20 seconds.
 */
public final class LoopbackPeer implements AutoCloseable {
    private final LoopbackPipe toTransport;
    private final LoopbackPipe fromTransport;

    LoopbackPeer(LoopbackPipe toTransport, LoopbackPipe fromTransport) {
        this.toTransport = toTransport;
        this.fromTransport = fromTransport;
    }

    /** Writes all of it; blocks while the transport does not read. */
    public void write(byte[] bytes) throws IOException {
        toTransport.writeAll(bytes);
    }

    /** Reads so many bytes, or fewer when the transport has finished. */
    public byte[] read(int bytes) throws IOException {
        return fromTransport.readUpTo(bytes);
    }

    /** Says that nothing more will be written; reading goes on. */
    public void shutdownOutput() {
        toTransport.end();
        toTransport.tell();
    }

    @Override
    public void close() {
        toTransport.end();
        fromTransport.reset();
        fromTransport.tell();
    }
}
