package io.sluice.cluster.local;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a directory holds: the newest snapshot and every committed batch after it. A last frame that a crash left incomplete
 * is cut off; anything else that is wrong is refused.
 *
 * @param nextOffset of the next record
 * @param epoch the highest that any of them has
 * @param lastFile the log file to go on with; null when there is none
 */
record LogRecovery(
        @Nullable LogSnapshot snapshot,
        List<LogBatch> batches,
        long nextOffset,
        int epoch,
        @Nullable Path lastFile) {

    static LogRecovery of(MetadataDirectory directory) throws IOException {
        LogSnapshot snapshot = LogSnapshot.newest(directory);
        Scan scan = new Scan(snapshot);
        List<Path> files = directory.logs();
        for (int i = 0; i < files.size(); i++) {
            scan.file(files.get(i), i == files.size() - 1);
        }
        if (scan.nextOffset <= scan.snapshotOffset) {
            for (Path covered : files) {
                Files.delete(covered);
            }
            files.clear();
        }
        return new LogRecovery(
                snapshot,
                List.copyOf(scan.batches),
                Math.max(scan.nextOffset, scan.snapshotOffset + 1),
                scan.epoch,
                files.isEmpty() ? null : files.get(files.size() - 1));
    }

    /** Goes through the files in order. */
    private static final class Scan {
        private final long snapshotOffset;
        private final List<LogBatch> batches = new ArrayList<>();
        private boolean begun;
        private long nextOffset;
        private int epoch;

        Scan(@Nullable LogSnapshot snapshot) {
            this.snapshotOffset = snapshot == null ? -1 : snapshot.offset();
            this.nextOffset = snapshotOffset + 1;
            this.epoch = snapshot == null ? 0 : snapshot.epoch();
        }

        void file(Path file, boolean last) throws IOException {
            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
            int position = 0;
            while (position < bytes.limit() && LogFrame.wholeAt(bytes, position)) {
                position = frame(file, bytes, position);
            }
            if (position < bytes.limit()) {
                if (!last || LogFrame.anyWholeAfter(bytes, position, nextOffset)) {
                    throw new DamagedLogException(file, "at byte " + position + ", with good batches after it");
                }
                cut(file, position);
            }
        }

        private int frame(Path file, ByteBuffer bytes, int position) throws IOException {
            LogFrame frame = LogFrame.decode(bytes, position);
            long first = LogFrame.firstOffset(bytes, position);
            boolean follows = begun ? first == nextOffset : first >= 0 && first <= snapshotOffset + 1;
            if (frame == null || !follows) {
                throw new DamagedLogException(
                        file, "at byte " + position + " offset " + nextOffset + " is due, not " + first);
            }
            begun = true;
            for (LogBatch batch : frame.batches()) {
                if (batch.epoch() < epoch && batch.firstOffset() > snapshotOffset) {
                    throw new DamagedLogException(file, "at byte " + position + " the epoch falls");
                }
                if (batch.firstOffset() > snapshotOffset) {
                    batches.add(batch);
                    epoch = batch.epoch();
                }
                nextOffset = batch.lastOffset() + 1;
            }
            return frame.end();
        }

        private static void cut(Path file, int position) throws IOException {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(position);
                channel.force(true);
            }
        }
    }
}
