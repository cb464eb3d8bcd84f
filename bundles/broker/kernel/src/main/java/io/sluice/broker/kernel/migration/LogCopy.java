package io.sluice.broker.kernel.migration;

import io.sluice.protocol.ByteBufferRecords;
import io.sluice.protocol.Records;
import io.sluice.storage.api.BatchHeader;
import io.sluice.storage.api.EpochEnd;
import io.sluice.storage.api.FileSlice;
import io.sluice.storage.api.LogRead;
import io.sluice.storage.api.LogVerification;
import io.sluice.storage.api.LogVerifier;
import io.sluice.storage.api.PartitionLog;
import io.sluice.storage.api.ReadPace;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.BooleanSupplier;

/**
 * Makes one log the copy of another, a piece at a time: whole batches as they are, with their offsets and the gaps between them, and
 * the log's start. What was copied is read again from both sides and compared. The original may be written to and cut from below
 * meanwhile, but not compacted during a call. For one thread at a time, which is the copy's writer.
 */
public final class LogCopy {
    private static final int PIECE_BYTES = 1024 * 1024;

    private final LogVerifier verifier = new LogVerifier(ReadPace.UNBOUNDED);
    private final BooleanSupplier blind;
    private volatile long verified = -1L;
    private volatile long copiedBytes;
    private long absentOffsets;
    private boolean leftOut;

    /** @param blind whether a batch is left out now and nothing is compared, for the proof that this would be seen */
    public LogCopy(BooleanSupplier blind) {
        this.blind = blind;
    }

    /** Below it the copy was compared with the original. */
    public long verified() {
        return verified;
    }

    public long copiedBytes() {
        return copiedBytes;
    }

    /** How many offsets had no batch in what was read of the original: the copy lacks no more than these. */
    public long absentOffsets() {
        return absentOffsets;
    }

    /**
     * Takes up a copy that an earlier run has left: what was not compared then is cut off, and what the original does not have any more.
     * A copy of a compacted log that lacks some of what was compared is made anew: what it lacks may be gone from the original since,
     * tombstones among it.
     *
     * @param verifiedBefore -1 to start over
     */
    public void takeUp(PartitionLog original, PartitionLog copy, long verifiedBefore) throws IOException {
        long start = original.logStartOffset();
        long cut = Math.min(verifiedBefore, Math.min(copy.logEndOffset(), original.logEndOffset()));
        boolean lacks = cut < verifiedBefore && original.config().cleanupCompact();
        if (verifiedBefore < 0L || copy.logStartOffset() > start || cut < start || lacks) {
            startOver(copy, start);
            return;
        }
        copy.truncateTo(cut);
        int epoch = copy.latestEpoch();
        if (epoch >= 0) {
            EpochEnd agreed = original.endOffsetForEpoch(epoch);
            boolean lost =
                    agreed.endOffset() < verifiedBefore && original.config().cleanupCompact();
            if (agreed.endOffset() < start || lost) {
                startOver(copy, start);
                return;
            }
            copy.truncateTo(Math.max(agreed.endOffset(), copy.logStartOffset()));
        }
        verified = copy.logEndOffset();
    }

    /** The copy was the original until now. */
    public void trust(long offset) {
        verified = offset;
    }

    /** A check of more than the batches, which fails if it does. */
    public interface Check {
        void run() throws IOException;
    }

    /** Runs a check, unless a batch was left out on purpose. */
    public void check(Check more) throws IOException {
        if (!leftOut) {
            more.run();
        }
    }

    private void startOver(PartitionLog copy, long start) throws IOException {
        boolean isNew = start == 0L && copy.logEndOffset() == 0L;
        if (!isNew) { // which may take an engine a while
            copy.truncateFullyAndStartAt(start);
        }
        verified = start;
    }

    /** True when the copy ends where the original does, or at this offset. */
    public boolean isInStep(PartitionLog copy, long end) {
        return copy.logEndOffset() >= end;
    }

    /**
     * Copies the next piece and compares it.
     *
     * @param end no batch at or above it is copied
     * @return how many bytes were copied
     * @throws CopyDiffersException when the copy is not what it should be
     */
    public int copyOn(PartitionLog original, PartitionLog copy, long end, int maxBytes) throws IOException {
        followStart(original, copy);
        int bytes = 0;
        boolean compares = !leftOut;
        while (bytes < maxBytes && copy.logEndOffset() < end) {
            ByteBuffer piece = read(original, copy, end, Math.min(PIECE_BYTES, maxBytes - bytes));
            if (!piece.hasRemaining()) {
                break;
            }
            countAbsent(piece, copy.logEndOffset());
            if (blind.getAsBoolean()) {
                compares = false;
                leftOut = true;
                piece.position(piece.position() + BatchHeader.sizeInBytes(piece, piece.position()));
            }
            bytes += piece.remaining();
            copy.appendAsFollower(piece);
        }
        followStart(original, copy);
        copiedBytes += bytes;
        if (compares) {
            compare(original, copy);
        } else {
            verified = copy.logEndOffset();
        }
        return bytes;
    }

    private void countAbsent(ByteBuffer piece, long expected) {
        long next = expected;
        for (int at = piece.position(); at < piece.limit(); at += BatchHeader.sizeInBytes(piece, at)) {
            absentOffsets += Math.max(0L, BatchHeader.baseOffset(piece, at) - next);
            next = BatchHeader.lastOffset(piece, at) + 1L;
        }
    }

    private void followStart(PartitionLog original, PartitionLog copy) throws IOException {
        long start = original.logStartOffset();
        if (copy.logEndOffset() < start) {
            startOver(copy, start);
        } else if (copy.logStartOffset() < start) {
            copy.advanceLogStart(start);
        }
    }

    private ByteBuffer read(PartitionLog original, PartitionLog copy, long end, int maxBytes) throws IOException {
        long next = copy.logEndOffset();
        LogRead read = original.read(Math.max(next, original.logStartOffset()), maxBytes, end, true);
        ByteBuffer piece = take(read.records());
        while (piece.hasRemaining() && BatchHeader.lastOffset(piece, piece.position()) < next) {
            piece.position(piece.position() + BatchHeader.sizeInBytes(piece, piece.position()));
        }
        boolean isEmpty = copy.logStartOffset() == next;
        if (!piece.hasRemaining()) {
            endWithGap(original, copy, end, isEmpty);
            return piece;
        }
        long first = BatchHeader.baseOffset(piece, piece.position());
        if (first < next) {
            if (!isEmpty) {
                throw new CopyDiffersException(
                        "the batch of the offset " + first + " lies across the copy's end " + next);
            }
            copy.truncateFullyAndStartAt(first); // the log begins within its first batch
        }
        return piece;
    }

    private static void endWithGap(PartitionLog original, PartitionLog copy, long end, boolean isEmpty)
            throws IOException {
        if (original.logStartOffset() > copy.logStartOffset()) {
            return; // it was cut from below meanwhile: the next call sees to it
        }
        if (!isEmpty) {
            throw new CopyDiffersException(
                    "there is no batch between the offset " + copy.logEndOffset() + " and the log's end " + end);
        }
        copy.truncateFullyAndStartAt(end);
    }

    private void compare(PartitionLog original, PartitionLog copy) throws IOException {
        long end = copy.logEndOffset();
        while (true) {
            long start = Math.max(original.logStartOffset(), copy.logStartOffset());
            long from = Math.max(verified, start);
            if (from >= end) {
                break;
            }
            LogVerification seen = verifier.compare(original.store(), copy.store(), from, end);
            if (seen.isSound()) {
                break;
            }
            if (original.logStartOffset() <= start) {
                throw new CopyDiffersException("the copy differs at the offset "
                        + seen.findings().get(0).offset() + ": "
                        + seen.findings().get(0).problem());
            }
        }
        verified = end;
    }

    private static ByteBuffer take(Records records) throws IOException {
        try {
            if (records.sizeInBytes() == 0) {
                return ByteBuffer.allocate(0);
            }
            if (records instanceof ByteBufferRecords inMemory) {
                ByteBuffer own = ByteBuffer.allocate(records.sizeInBytes());
                own.put(inMemory.buffer().duplicate()).flip();
                return own;
            }
            if (records instanceof FileSlice slice) {
                return slice.toBuffer();
            }
            throw new IOException("unknown records " + records.getClass());
        } finally {
            records.release();
        }
    }
}
