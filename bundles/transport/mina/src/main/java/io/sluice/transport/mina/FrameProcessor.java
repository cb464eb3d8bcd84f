package io.sluice.transport.mina;

import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import org.apache.mina.core.buffer.IoBuffer;
import org.apache.mina.core.file.FileRegion;
import org.apache.mina.transport.socket.nio.NioProcessor;
import org.apache.mina.transport.socket.nio.NioSession;

/**
 * MINA's I/O processor with another way to read: from the socket straight into one direct buffer of its own, out of which
 * whole frames are handed on in place; a frame that does not fit is read into a buffer of its connection. One thread.
 */
public final class FrameProcessor extends NioProcessor {
    private static final int READ_BYTES = 256 * 1024;

    private final ByteBuffer buffer = ByteBuffer.allocateDirect(READ_BYTES);

    /** Called by MINA's pool. */
    public FrameProcessor(Executor executor) {
        super(executor);
    }

    /** @return 0 when something was read and handled, which tells MINA that there is nothing for it to pass on */
    @Override
    protected int read(NioSession session, IoBuffer unused) throws Exception {
        MinaConnection connection = MinaConnection.of(session);
        if (connection == null) {
            return session.getChannel().read(buffer.clear()) < 0 ? -1 : 0;
        }
        int read = connection.read(buffer);
        if (read > 0) {
            session.increaseReadBytes(read, System.currentTimeMillis());
            return 0;
        }
        return read;
    }

    @Override
    protected int transferFile(NioSession session, FileRegion region, int length) throws Exception {
        return (int) ((SliceRegion) region).transferTo(length, session.getChannel());
    }
}
