package io.sluice.storage.api;

import io.sluice.protocol.record.RecordBatchView;
import java.io.IOException;

/**
 * Reads logs and says what is wrong with them, over every engine: for {@code storage:verify}, for the migration from one engine to
 * another, for backups and imports. It changes nothing.
 *
 * <p>A log may be written to, cut from below and compacted meanwhile. What is looked at ends where the log ended at the beginning. The
 * methods block on disk for as long as reading everything takes; an object is for one thread at a time.
 */
public final class LogVerifier {
    /** Of so many findings each is told; of more, only their number. */
    public static final int FINDINGS_MAX = 200;

    private final ReadPace pace;

    public LogVerifier(ReadPace pace) {
        this.pace = pace;
    }

    /**
     * Reads a whole log: its bounds, the CRC and the contents of each batch, the order of the offsets, leader epochs and timestamps, the
     * kept producer states against those that the batches give, and what the engine keeps beside the batches.
     *
     * @param config the topic's as it has always been, which says whether offsets may be missing, and whether batches must decode
     */
    public LogVerification verify(LogStore store, LogConfig config) throws IOException {
        return new LogCheck(store, config, pace, store.logEndOffset(), true).run();
    }

    /**
     * The same with the producers as they stand in memory, and over a log whose past nobody knows: it may have been compacted, or be the
     * copy of one that was, whatever its topic's policy is now. Absent offsets are counted, and not taken for lost ones.
     */
    public LogVerification verify(PartitionLog log) throws IOException {
        Snapshot producers = log.producerSnapshot();
        LogCheck check = new LogCheck(log.store(), log.config(), pace, producers.offset(), false);
        check.expect(producers, "the producers in memory");
        return check.run();
    }

    /**
     * Compares two logs as wholes: their bounds, each batch to the byte, leader epochs, largest timestamps and producers. Nothing may be
     * appended to either meanwhile.
     */
    public LogVerification compare(LogStore first, LogStore second) throws IOException {
        LogComparison comparison = new LogComparison(first, second, pace);
        comparison.bounds();
        comparison.producersFromSnapshots();
        comparison.batches(Math.max(first.logStartOffset(), second.logStartOffset()), first.logEndOffset());
        comparison.states();
        return comparison.result();
    }

    /**
     * Compares the batches of a range: their offsets, bytes, and CRCs.
     *
     * @param from both logs begin at or below it
     * @param to no batch with an offset at or above it is looked at
     */
    public LogVerification compare(LogStore first, LogStore second, long from, long to) throws IOException {
        LogComparison comparison = new LogComparison(first, second, pace);
        comparison.batches(from, to);
        return comparison.result();
    }

    /** The same without leader epochs and the ids of producers, which differ where a log was taken over from another cluster. */
    public LogVerification compareContents(LogStore first, LogStore second, long from, long to) throws IOException {
        LogComparison comparison = new LogComparison(first, second, pace);
        comparison.contentsOnly();
        comparison.batches(from, to);
        return comparison.result();
    }

    /** Whether a batch is what was written: its CRC is right. */
    static boolean hasValidCrc(RecordBatchView batch) {
        return batch.sizeInBytes() >= BatchHeader.BYTES && batch.isValidCrc();
    }
}
