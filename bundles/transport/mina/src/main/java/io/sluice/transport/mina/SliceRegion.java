package io.sluice.transport.mina;

import io.sluice.storage.api.FileSlice;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import org.apache.mina.core.file.FileRegion;

/** What is left of a slice, for MINA to send with {@code sendfile} when the socket takes more. */
final class SliceRegion implements FileRegion {
    private final FileSlice slice;
    private long sent;

    SliceRegion(FileSlice slice, long sent) {
        this.slice = slice;
        this.sent = sent;
    }

    long transferTo(long most, WritableByteChannel target) throws IOException {
        return slice.transferTo(sent, target);
    }

    @Override
    public FileChannel getFileChannel() {
        return slice.file().channel();
    }

    @Override
    public long getPosition() {
        return slice.position() + sent;
    }

    @Override
    public void update(long amount) {
        sent += amount;
    }

    @Override
    public long getRemainingBytes() {
        return slice.sizeInBytes() - sent;
    }

    @Override
    public long getWrittenBytes() {
        return sent;
    }

    @Override
    public String getFilename() {
        return "";
    }
}
