package org.example.storage;

import io.sluice.protocol.record.RecordBatchFormat;
import io.sluice.storage.api.BatchHeader;
import io.sluice.storage.api.FileSlice;
import io.sluice.storage.api.SharedFile;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * One generation of the data file: batches as they came, one after the other. Bytes that were published are never overwritten, and the
 * file stays open for as long as a slice of it is on its way to a client, whatever becomes of this engine.
 */
final class BatchFile {
    private final SharedFile file;

    private BatchFile(FileChannel channel) {
        this.file = new SharedFile(channel);
    }

    static BatchFile open(Path path) throws IOException {
        return new BatchFile(
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    /** Reads what is there, and cuts what is not whole: the batches up to the first that is torn or does not match its checksum. */
    BatchIndex recover() throws IOException {
        BatchIndex index = BatchIndex.EMPTY;
        FileChannel channel = file.channel();
        long size = channel.size();
        ByteBuffer header = ByteBuffer.allocate(BatchHeader.BYTES);
        while (size - index.size() >= BatchHeader.BYTES) {
            read(header.clear(), index.size());
            int bytes = BatchHeader.sizeInBytes(header, 0);
            if (bytes < 0 || bytes > size - index.size()) {
                break;
            }
            ByteBuffer batch = ByteBuffer.allocate(bytes);
            read(batch, index.size());
            CRC32C crc = new CRC32C();
            crc.update(batch.slice(RecordBatchFormat.ATTRIBUTES, bytes - RecordBatchFormat.ATTRIBUTES));
            if ((int) crc.getValue() != BatchHeader.crc(batch, 0)) {
                break;
            }
            index = index.plus(
                    BatchHeader.baseOffset(batch, 0),
                    BatchHeader.lastOffset(batch, 0),
                    bytes,
                    BatchHeader.maxTimestamp(batch, 0));
        }
        if (index.size() < size) {
            channel.truncate(index.size());
        }
        return index;
    }

    /** Fills the buffer from this position on; afterwards it is at 0. */
    ByteBuffer read(ByteBuffer buffer, long position) throws IOException {
        while (buffer.hasRemaining()) {
            if (file.channel().read(buffer, position + buffer.position()) < 0) {
                throw new EOFException("the data file ends at " + (position + buffer.position()));
            }
        }
        return buffer.flip();
    }

    /** Writes all bytes of the buffer, whose position stays; on failure the file ends where it ended. */
    void append(ByteBuffer bytes, long position) throws IOException {
        ByteBuffer left = bytes.duplicate();
        try {
            while (left.hasRemaining()) {
                file.channel().write(left, position + left.position() - bytes.position());
            }
        } catch (IOException e) {
            try {
                file.channel().truncate(position);
            } catch (IOException cut) {
                e.addSuppressed(cut);
            }
            throw e;
        }
    }

    /** Copies a range to the end of a file that nobody reads yet. */
    void copyTo(BatchFile target, long from, long to) throws IOException {
        long at = from;
        while (at < to) {
            at += file.channel().transferTo(at, to - at, target.file.channel());
        }
    }

    void force() throws IOException {
        file.channel().force(false);
    }

    /** @return null when the file was closed meanwhile */
    @Nullable
    FileSlice slice(long position, int size) {
        return file.retain() ? new FileSlice(file, position, size) : null;
    }

    boolean retain() {
        return file.retain();
    }

    void release() {
        file.release();
    }
}
