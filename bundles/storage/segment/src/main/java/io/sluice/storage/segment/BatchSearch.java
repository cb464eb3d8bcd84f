package io.sluice.storage.segment;

import io.sluice.protocol.record.RecordBatchFormat;
import io.sluice.storage.api.BatchHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * Looks for the next whole batch behind bytes of a segment that are none. Where the length of the damaged batch can still be believed,
 * the next one follows it; else every position is looked at, and a batch counts only if another one, or the end of the file, follows it,
 * so that a batch within the value of a record is not taken for one of the log's. For one thread.
 */
final class BatchSearch {
    private static final int WINDOW_BYTES = 64 * 1024;

    private final FileChannel channel;
    private final int fileSize;
    private final BatchChecksum checksum;
    private final ByteBuffer window = ByteBuffer.allocate(WINDOW_BYTES);

    BatchSearch(FileChannel channel, int fileSize) {
        this.channel = channel;
        this.fileSize = fileSize;
        this.checksum = new BatchChecksum(fileSize);
    }

    /**
     * The position of the first whole batch behind the position; -1 when there is none.
     *
     * @param leastOffset its offset is at least this
     * @param endOffset its offsets are below this
     */
    int next(int position, long leastOffset, long endOffset) throws IOException {
        HeaderWalk damaged = new HeaderWalk(channel, position, fileSize);
        if (damaged.tryNext() && isWhole(damaged.end(), leastOffset, endOffset)) {
            return damaged.end();
        }
        int at = position + 1;
        while (fileSize - at >= BatchHeader.BYTES) {
            int found = scan(at, leastOffset, endOffset);
            if (found >= 0) {
                return found;
            }
            at += window.limit() - BatchHeader.BYTES + 1;
        }
        return -1;
    }

    private int scan(int from, long leastOffset, long endOffset) throws IOException {
        window.clear().limit(Math.min(WINDOW_BYTES, fileSize - from));
        while (window.hasRemaining() && channel.read(window, from + window.position()) > 0) {
            continue;
        }
        window.flip();
        if (window.limit() < BatchHeader.BYTES) {
            window.limit(BatchHeader.BYTES);
            return -1;
        }
        for (int i = 0; i + BatchHeader.BYTES <= window.limit(); i++) {
            if (window.get(i + RecordBatchFormat.MAGIC) == RecordBatchFormat.MAGIC_V2
                    && mayBegin(i, leastOffset, endOffset)
                    && isWhole(from + i, leastOffset, endOffset)
                    && isFollowed(from + i, endOffset)) {
                return from + i;
            }
        }
        return -1;
    }

    private boolean mayBegin(int at, long leastOffset, long endOffset) {
        long base = BatchHeader.baseOffset(window, at);
        return base >= leastOffset
                && base < endOffset
                && BatchHeader.sizeInBytes(window, at) > 0
                && BatchHeader.lastOffsetDelta(window, at) >= 0;
    }

    private boolean isWhole(int position, long leastOffset, long endOffset) throws IOException {
        HeaderWalk walk = new HeaderWalk(channel, position, fileSize);
        return walk.tryNext()
                && walk.baseOffset() >= leastOffset
                && walk.lastOffset() >= walk.baseOffset()
                && walk.lastOffset() < endOffset
                && checksum.isValid(channel, walk);
    }

    private boolean isFollowed(int position, long endOffset) throws IOException {
        HeaderWalk walk = new HeaderWalk(channel, position, fileSize);
        return walk.tryNext() && (walk.end() == fileSize || isWhole(walk.end(), walk.lastOffset() + 1L, endOffset));
    }
}
