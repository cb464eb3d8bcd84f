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

    /** @throws IOException when the file was cut below the slice, which MINA would try to send for ever */
    long transferTo(long most, WritableByteChannel target) throws IOException {
        long length = Math.min(most, getRemainingBytes());
        if (slice.file().isTruncatedBelow(getPosition() + length)) {
            throw new IOException("the log was truncated below what was being sent");
        }
        return getFileChannel().transferTo(getPosition(), length, target);
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
