package io.sluice.storage.segment;

import io.sluice.storage.api.SharedFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A log of which an fsync failed. What the system could not write it may still show, and call written: so everything above the recovery
 * point is written once more from what can be read of it, and synced, before the log is used again. A mark in the folder remembers it over
 * a restart.
 */
final class DoubtedLog {
    private static final int CHUNK_BYTES = 1 << 20;
    private static final String MARK = "sluice-sync-failed";

    private DoubtedLog() {}

    static boolean isMarked(Path folder) {
        return Files.exists(folder.resolve(MARK));
    }

    /** Not synced: a crash of the machine may take the mark, but then it takes what is doubted, too. */
    static void mark(Path folder, String reason) throws IOException {
        TextFile.replace(folder.resolve(MARK), reason + "\n", false);
    }

    /** Writes what is above the recovery point again and makes it durable; after that there is no doubt. */
    static void settle(Path folder, LoadedLog loaded, long recoveryPoint) throws IOException {
        SegmentList list = loaded.segments();
        for (int i = 0; i < list.count(); i++) {
            LogSegment segment = list.get(i);
            if (list.endOf(i, loaded.logEndOffset()) > recoveryPoint && segment.sizeInBytes() > 0) {
                SharedFile open = segment.acquire();
                try {
                    int from = segment.reads()
                            .positionOf(Math.max(recoveryPoint, segment.baseOffset()), segment.sizeInBytes());
                    rewrite(open.channel(), from, segment.sizeInBytes());
                } finally {
                    open.release();
                    segment.file().release();
                }
            }
        }
        TextFile.syncFolder(folder);
        Files.deleteIfExists(folder.resolve(MARK));
    }

    private static void rewrite(FileChannel channel, long from, long to) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocateDirect((int) Math.min(CHUNK_BYTES, Math.max(1L, to - from)));
        for (long at = from; at < to; ) {
            chunk.clear().limit((int) Math.min(chunk.capacity(), to - at));
            int read = channel.read(chunk, at);
            if (read <= 0) {
                throw new IOException("the log ends at " + at + " below " + to);
            }
            chunk.flip();
            while (chunk.hasRemaining()) {
                at += channel.write(chunk, at);
            }
        }
        channel.force(true);
    }
}
