package io.sluice.broker.kernel.migration;

import io.sluice.storage.api.AbortedTransaction;
import io.sluice.storage.api.PartitionLog;
import io.sluice.storage.api.ProducerStatus;
import io.sluice.storage.api.TimestampOffset;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Compares what two logs know beside their batches. The copy has worked it out anew from the batches that it was given. Where compaction
 * or retention has removed batches it may know less than the original, so only what both must know is compared.
 */
public final class StateCheck {
    private StateCheck() {}

    /**
     * Before the cut-over, while the original may still grow: aborted transactions and timestamps below the copy's end.
     *
     * @throws CopyDiffersException when they differ
     */
    public static void whileGrowing(PartitionLog original, PartitionLog copy) throws IOException {
        if (original.config().cleanupCompact()) {
            return;
        }
        long start = Math.max(original.logStartOffset(), copy.logStartOffset());
        long end = copy.logEndOffset();
        List<String> theirs = aborted(original, start, end);
        List<String> ours = aborted(copy, start, end);
        if (!theirs.equals(ours) && original.logStartOffset() <= start) {
            throw new CopyDiffersException("the aborted transactions differ: " + theirs + " and " + ours);
        }
        TimestampOffset latest = original.latestTimestamp();
        TimestampOffset copied = copy.latestTimestamp();
        if (latest != null && latest.offset() < end && original.logStartOffset() <= start && !latest.equals(copied)) {
            throw new CopyDiffersException("the largest timestamps differ: " + latest + " and " + copied);
        }
    }

    private static List<String> aborted(PartitionLog log, long start, long end) throws IOException {
        return log.abortedTransactions(start, end).stream()
                .filter(one -> one.firstOffset() >= start && one.lastOffset() < end)
                .map(StateCheck::text)
                .sorted()
                .toList();
    }

    private static String text(AbortedTransaction one) {
        return one.lastOffset() + " of producer " + one.producerId() + " from " + one.firstOffset();
    }

    /**
     * While nobody writes: the bounds of both logs, and the producers that both know.
     *
     * @throws CopyDiffersException when they differ
     */
    public static void whileStill(PartitionLog original, PartitionLog copy) throws IOException {
        if (original.logStartOffset() != copy.logStartOffset() || original.logEndOffset() != copy.logEndOffset()) {
            throw new CopyDiffersException("the log is " + original.logStartOffset() + " to " + original.logEndOffset()
                    + ", the copy " + copy.logStartOffset() + " to " + copy.logEndOffset());
        }
        if (original.config().cleanupCompact()) {
            return;
        }
        Map<Long, ProducerStatus> known = new HashMap<>();
        for (ProducerStatus producer : original.producers()) {
            known.put(producer.producerId(), producer);
        }
        for (ProducerStatus ours : copy.producers()) {
            ProducerStatus theirs = known.get(ours.producerId());
            if (theirs != null && !sameState(theirs, ours)) {
                throw new CopyDiffersException("producer " + ours.producerId() + " is " + theirs + " and " + ours);
            }
        }
    }

    private static boolean sameState(ProducerStatus theirs, ProducerStatus ours) {
        return theirs.producerEpoch() == ours.producerEpoch()
                && theirs.lastSequence() == ours.lastSequence()
                && theirs.currentTxnStartOffset() == ours.currentTxnStartOffset();
    }
}
