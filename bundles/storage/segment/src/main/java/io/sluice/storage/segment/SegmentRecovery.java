package io.sluice.storage.segment;

import io.sluice.storage.api.SharedFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a segment's batches again: indexes them, notes what is no batch as a hole where batches follow it, and cuts it off where none
 * do. Uses one small buffer. For one thread.
 */
final class SegmentRecovery {
    private static final Logger LOG = LoggerFactory.getLogger(SegmentRecovery.class);
    /** How far from a file's end checksums are verified when only the process ended. */
    private static final int SUSPECT_BYTES = 4 * 1024 * 1024;

    private final int indexIntervalBytes;
    private final Crash crash;
    private final long recoveryPoint;
    private final long compactedOffset;
    private final long trustedTransactions;

    /**
     * @param compactedOffset below it offsets may be missing
     * @param trustedTransactions aborted transactions that end below it are kept; the others come again from the batches
     */
    SegmentRecovery(
            int indexIntervalBytes, Crash crash, long recoveryPoint, long compactedOffset, long trustedTransactions) {
        this.indexIntervalBytes = indexIntervalBytes;
        this.crash = crash;
        this.recoveryPoint = recoveryPoint;
        this.compactedOffset = compactedOffset;
        this.trustedTransactions = trustedTransactions;
    }

    /** The same without believing anything that the segment's indexes say. */
    SegmentRecovery fromStart() {
        return new SegmentRecovery(indexIntervalBytes, Crash.MACHINE, 0L, compactedOffset, trustedTransactions);
    }

    /**
     * @param nextBase where the next segment begins; -1 for the last one
     * @return the offset at which the segment ends
     */
    long recover(LogSegment segment, int fileSize, long nextBase) throws IOException {
        SharedFile open = segment.acquire();
        try {
            long end = -1L;
            if (fileSize > 0) {
                // What the process wrote into its index files is all there as long as the machine stayed up.
                long trusted = crash == Crash.MACHINE ? recoveryPoint : Long.MAX_VALUE;
                int from = segment.beginRecovery(trusted, fileSize);
                end = index(segment, open.channel(), from, fileSize, nextBase);
                if (end < 0L && from > 0) {
                    segment.forgetIndexes();
                    end = index(segment, open.channel(), segment.beginRecovery(0L, fileSize), fileSize, nextBase);
                }
            } else {
                segment.forgetIndexes();
            }
            if (segment.sizeInBytes() < fileSize) {
                LOG.warn(
                        "{} is cut at {} of {} bytes, after its last whole batch",
                        segment.path(),
                        segment.sizeInBytes(),
                        fileSize);
                open.channel().truncate(segment.sizeInBytes());
                segment.cutIsUnsafe();
            }
            end = Math.max(end, segment.baseOffset());
            segment.timeIndex().truncateToOffset(end);
            segment.transactions().truncateTo(Math.min(end, trustedTransactions));
            return end;
        } finally {
            open.release();
            segment.file().release();
        }
    }

    /** The offset after the last whole batch; -1 when there is none, or when no batch lies where the index leads to. */
    private long index(LogSegment segment, FileChannel channel, int from, int fileSize, long nextBase)
            throws IOException {
        BatchChecksum checksum = crash == Crash.NONE ? null : new BatchChecksum(fileSize);
        HeaderWalk walk = new HeaderWalk(channel, from, fileSize);
        long endOffset = nextBase < 0L ? Long.MAX_VALUE : nextBase;
        long end = -1L;
        while (walk.nextPosition() < fileSize) {
            int at = walk.nextPosition();
            long least = Math.max(end, segment.baseOffset());
            if (isNext(walk, channel, checksum, least, endOffset, fileSize)) {
                segment.recovered(walk, indexIntervalBytes);
                end = walk.lastOffset() + 1L;
                continue;
            }
            if (end < 0L && from > 0) {
                return -1L;
            }
            int next = new BatchSearch(channel, fileSize).next(at, least, endOffset);
            if (next < 0) {
                if (nextBase > least) {
                    note(segment, new Hole(at, fileSize, least, nextBase));
                    end = nextBase;
                }
                break;
            }
            walk = new HeaderWalk(channel, next, fileSize);
            walk.tryNext();
            note(segment, new Hole(at, next, least, walk.baseOffset()));
            end = walk.baseOffset();
            walk = new HeaderWalk(channel, next, fileSize);
        }
        return end;
    }

    private static void note(LogSegment segment, Hole hole) {
        LOG.error(
                "{} is damaged from byte {} to {}: the offsets {} to {} cannot be read",
                segment.path(),
                hole.position(),
                hole.end(),
                hole.firstOffset(),
                hole.nextOffset() - 1L);
        segment.addHole(hole);
    }

    private boolean isNext(
            HeaderWalk walk,
            FileChannel channel,
            @Nullable BatchChecksum checksum,
            long least,
            long endOffset,
            int fileSize)
            throws IOException {
        if (!walk.tryNext()
                || walk.baseOffset() < least
                || walk.lastOffset() < walk.baseOffset()
                || walk.lastOffset() >= endOffset) {
            return false;
        }
        boolean suspect =
                crash == Crash.MACHINE || fileSize - walk.position() <= SUSPECT_BYTES || walk.end() == fileSize;
        if (checksum != null && suspect && !checksum.isValid(channel, walk)) {
            return false;
        }
        return walk.baseOffset() == least || !isMisplaced(walk, channel, least, fileSize);
    }

    /** Whether the batch pretends to follow a gap that the one after it does not know of: the CRC does not cover the base offset. */
    private boolean isMisplaced(HeaderWalk walk, FileChannel channel, long least, int fileSize) throws IOException {
        if (least < compactedOffset) {
            return false;
        }
        HeaderWalk after = new HeaderWalk(channel, walk.end(), fileSize);
        long follows = least + (walk.lastOffset() - walk.baseOffset()) + 1L;
        return after.tryNext() && after.baseOffset() == follows;
    }
}
