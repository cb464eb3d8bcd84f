package io.sluice.storage.segment;

import io.sluice.protocol.record.RecordBatchFormat;
import io.sluice.storage.api.BatchHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32C;

/** Verifies batches in a file piece by piece, so that a large one takes no more memory than a small one. For one thread. */
final class BatchChecksum {
    private static final int PIECE_BYTES = 64 * 1024;

    private final ByteBuffer piece;
    private final CRC32C crc = new CRC32C();

    /** @param largest the size of what is verified at most, in bytes */
    BatchChecksum(long largest) {
        this.piece = ByteBuffer.allocate((int) Math.max(1L, Math.min(PIECE_BYTES, largest)));
    }

    boolean isValid(FileChannel channel, HeaderWalk batch) throws IOException {
        int expected = BatchHeader.crc(batch.header(), batch.at());
        int from = batch.position() + RecordBatchFormat.ATTRIBUTES;
        int end = batch.end();
        crc.reset();
        while (from < end) {
            piece.clear().limit(Math.min(piece.capacity(), end - from));
            int read = channel.read(piece, from);
            if (read <= 0) {
                return false;
            }
            crc.update(piece.array(), 0, read);
            from += read;
        }
        return (int) crc.getValue() == expected;
    }
}
