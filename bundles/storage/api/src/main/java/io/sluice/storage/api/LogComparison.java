package io.sluice.storage.api;

import io.sluice.protocol.record.RecordBatchFormat;
import io.sluice.protocol.record.RecordBatchView;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One run of {@link LogVerifier#compare} over two logs. For one thread. */
final class LogComparison {
    private static final String FIRST = "the first log";
    private static final String SECOND = "the second log";

    private final LogStore first;
    private final LogStore second;
    private final ReadPace pace;
    private final LogFindings findings = new LogFindings();
    private @Nullable ProducerStates firstProducers;
    private @Nullable ProducerStates secondProducers;
    private boolean contentsOnly;
    private long from;
    private long to;
    private long batches;
    private long records;
    private long bytes;

    LogComparison(LogStore first, LogStore second, ReadPace pace) {
        this.first = first;
        this.second = second;
        this.pace = pace;
    }

    /** Leader epochs and the ids of producers may differ. */
    void contentsOnly() {
        contentsOnly = true;
    }

    void bounds() {
        if (first.logStartOffset() != second.logStartOffset()) {
            findings.add(
                    -1L, "", "one begins at " + first.logStartOffset() + ", the other at " + second.logStartOffset());
        }
        if (first.logEndOffset() != second.logEndOffset()) {
            findings.add(-1L, "", "one ends at " + first.logEndOffset() + ", the other at " + second.logEndOffset());
        }
        for (LogDamage damage : first.damage()) {
            findings.add(damage.firstOffset(), FIRST, damage.describe());
        }
        for (LogDamage damage : second.damage()) {
            findings.add(damage.firstOffset(), SECOND, damage.describe());
        }
    }

    /** The batches that follow are taken in by the producers of both. */
    void producersFromSnapshots() throws IOException {
        firstProducers = producers(first);
        secondProducers = producers(second);
    }

    private static ProducerStates producers(LogStore store) throws IOException {
        ProducerStates states = new ProducerStates();
        states.clear(store.logStartOffset());
        for (Snapshot snapshot : store.snapshots(store.logEndOffset())) {
            if (snapshot.offset() >= store.logStartOffset() && states.restore(snapshot, 0L)) {
                return states;
            }
        }
        states.clear(store.logStartOffset());
        return states;
    }

    void batches(long begin, long end) throws IOException {
        from = begin;
        to = end;
        BatchCursor one = new BatchCursor(first, FIRST, begin, end, pace, findings);
        BatchCursor other = new BatchCursor(second, SECOND, begin, end, pace, findings);
        boolean hasOne = one.next();
        boolean hasOther = other.next();
        while (hasOne || hasOther) {
            int order = !hasOne
                    ? 1
                    : !hasOther
                            ? -1
                            : Long.compare(
                                    one.batch().baseOffset(), other.batch().baseOffset());
            if (order == 0) {
                compare(one, other);
            } else if (order < 0) {
                only(one, SECOND);
            } else {
                only(other, FIRST);
            }
            if (order <= 0) {
                update(firstProducers, one.batch());
                hasOne = one.next();
            }
            if (order >= 0) {
                update(secondProducers, other.batch());
                hasOther = other.next();
            }
        }
    }

    private static void update(@Nullable ProducerStates producers, RecordBatchView batch) {
        if (producers != null && batch.baseOffset() >= producers.endOffset()) {
            producers.update(batch.buffer(), batch.position(), 0L);
        }
    }

    private void only(BatchCursor has, String lacks) {
        RecordBatchView batch = has.batch();
        findings.add(
                batch.baseOffset(),
                lacks,
                "the batch of the offsets " + batch.baseOffset() + " to " + batch.lastOffset() + " is missing");
    }

    private void compare(BatchCursor one, BatchCursor other) {
        RecordBatchView a = one.batch();
        RecordBatchView b = other.batch();
        batches++;
        records += a.recordCount();
        bytes += a.sizeInBytes();
        if (!LogVerifier.hasValidCrc(a)) {
            findings.add(a.baseOffset(), one.where(a.baseOffset()), "the CRC of the batch is wrong");
        } else if (!isSame(a, b)) {
            findings.add(a.baseOffset(), SECOND, "the batch differs in " + difference(a, b));
        }
    }

    private boolean isSame(RecordBatchView a, RecordBatchView b) {
        int size = a.sizeInBytes();
        if (!contentsOnly) {
            return isSame(a, b, 0, size);
        }
        return isSame(a, b, 0, RecordBatchFormat.PARTITION_LEADER_EPOCH)
                && isSame(a, b, RecordBatchFormat.ATTRIBUTES, RecordBatchFormat.PRODUCER_ID)
                && isSame(a, b, RecordBatchFormat.PRODUCER_EPOCH, size)
                && a.hasProducerId() == b.hasProducerId()
                && LogVerifier.hasValidCrc(b);
    }

    private static boolean isSame(RecordBatchView a, RecordBatchView b, int from, int to) {
        return a.sizeInBytes() == b.sizeInBytes() && bytesOf(a, from, to).equals(bytesOf(b, from, to));
    }

    private static ByteBuffer bytesOf(RecordBatchView batch, int from, int to) {
        return batch.buffer().slice(batch.position() + from, to - from);
    }

    private static String difference(RecordBatchView a, RecordBatchView b) {
        if (a.lastOffset() != b.lastOffset()) {
            return "its last offset: " + a.lastOffset() + " and " + b.lastOffset();
        }
        if (a.maxTimestamp() != b.maxTimestamp()) {
            return "its largest timestamp: " + a.maxTimestamp() + " and " + b.maxTimestamp();
        }
        if (a.partitionLeaderEpoch() != b.partitionLeaderEpoch()) {
            return "its leader epoch: " + a.partitionLeaderEpoch() + " and " + b.partitionLeaderEpoch();
        }
        if (a.crc() != b.crc()) {
            return "its CRC";
        }
        return LogVerifier.hasValidCrc(b) ? "its header" : "its contents, whose CRC is wrong there";
    }

    /** What is kept beside the batches, after {@link #batches}. */
    void states() throws IOException {
        if (!first.readLeaderEpochs().equals(second.readLeaderEpochs())) {
            findings.add(
                    -1L, "", "the leader epochs are " + first.readLeaderEpochs() + " and " + second.readLeaderEpochs());
        }
        if (!Objects.equals(first.latestTimestamp(), second.latestTimestamp())) {
            findings.add(
                    -1L,
                    "",
                    "the largest timestamps are " + first.latestTimestamp() + " and " + second.latestTimestamp());
        }
        List<ProducerStatus> one = sorted(firstProducers);
        List<ProducerStatus> other = sorted(secondProducers);
        if (!one.equals(other)) {
            findings.add(-1L, "", "the producers are " + one + " and " + other);
        }
    }

    private static List<ProducerStatus> sorted(@Nullable ProducerStates producers) {
        return producers == null
                ? List.of()
                : producers.list().stream()
                        .sorted(Comparator.comparingLong(ProducerStatus::producerId))
                        .toList();
    }

    LogVerification result() {
        return new LogVerification(from, to, batches, records, bytes, findings.kept(), findings.count());
    }
}
