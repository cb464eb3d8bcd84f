package io.sluice.transport.mina;

import java.io.IOException;
import java.nio.channels.FileChannel;
import org.apache.mina.core.file.FileRegion;

/**
 * All that a connection has to send, as the one message that MINA sees of it: MINA says when the socket takes more, and
 * {@link FrameProcessor} then lets the connection write.
 */
final class QueueRegion implements FileRegion {
    private final MinaConnection connection;
    private long written;

    QueueRegion(MinaConnection connection) {
        this.connection = connection;
    }

    int write(int most) throws IOException {
        return (int) Math.min(Integer.MAX_VALUE, connection.writeQueued(most));
    }

    @Override
    public FileChannel getFileChannel() {
        throw new UnsupportedOperationException("the connection writes by itself");
    }

    @Override
    public long getPosition() {
        return written;
    }

    @Override
    public void update(long amount) {
        written += amount;
    }

    @Override
    public long getRemainingBytes() {
        return connection.queuedBytes();
    }

    @Override
    public long getWrittenBytes() {
        return written;
    }

    @Override
    public String getFilename() {
        return "";
    }
}
