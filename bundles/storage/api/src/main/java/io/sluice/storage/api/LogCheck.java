package io.sluice.storage.api;

import io.sluice.protocol.record.RecordBatchView;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One run of {@link LogVerifier#verify} over one log. For one thread. */
final class LogCheck {
    private final LogStore store;
    private final LogConfig config;
    private final boolean gapless;
    private final LogFindings findings = new LogFindings();
    private final BatchCursor cursor;
    private final BatchContents contents = new BatchContents();
    private final ProducerReplay producers;
    private final TimestampProbes timestamps = new TimestampProbes();
    private final List<EpochEntry> epochs = new ArrayList<>();
    private final long start;
    private final long end;
    private long batches;
    private long records;
    private long bytes;
    private long absent;

    /** @param gapless whether offsets that compaction does not explain are lost ones */
    LogCheck(LogStore store, LogConfig config, ReadPace pace, long end, boolean gapless) {
        this.store = store;
        this.config = config;
        this.gapless = gapless;
        this.start = store.logStartOffset();
        this.end = end;
        this.cursor = new BatchCursor(store, "", start, end, pace, findings);
        this.producers = new ProducerReplay(start, findings);
    }

    /** A state that must be the one that the batches below its offset give. */
    void expect(Snapshot snapshot, String name) {
        producers.expect(snapshot, name);
    }

    LogVerification run() throws IOException {
        if (start > end) {
            findings.add(start, "", "the log begins at " + start + ", behind its end " + end);
        }
        store.check(findings::add); // first, since reading may mend what is kept beside the batches
        long before = findings.count();
        List<Snapshot> kept = new ArrayList<>(store.snapshots(end));
        kept.sort(Comparator.comparingLong(Snapshot::offset));
        for (Snapshot snapshot : kept) {
            producers.expect(snapshot, "the producer snapshot of offset " + snapshot.offset());
        }
        long expected = start;
        while (cursor.next()) {
            RecordBatchView batch = cursor.batch();
            order(batch, expected);
            look(batch);
            expected = cursor.nextOffset();
        }
        if (findings.count() == before && expected < end) {
            gap(expected, end);
        }
        producers.finish(end);
        epochs();
        timestamps();
        if (findings.count() == before && absent == 0L && !mayMiss(start)) {
            aborted();
        }
        return new LogVerification(start, end, batches, records, bytes, absent, findings.kept(), findings.count());
    }

    private void order(RecordBatchView batch, long expected) {
        long base = batch.baseOffset();
        if (base > expected && expected >= store.logStartOffset() && !isDamaged(expected)) {
            gap(expected, base);
        }
        if (base < expected && batches > 0L) {
            findings.add(base, cursor.where(base), "the batch repeats offsets below " + expected);
        }
    }

    private void gap(long from, long to) {
        if (gapless && !mayMiss(from)) {
            findings.add(from, cursor.where(from), "the offsets from here to " + (to - 1L) + " are missing");
        } else {
            absent += to - from;
        }
    }

    private boolean mayMiss(long offset) {
        return config.cleanupCompact() || offset < store.compactedOffset();
    }

    private boolean isDamaged(long offset) {
        for (LogDamage damage : store.damage()) {
            if (damage.contains(offset)) {
                return true;
            }
        }
        return false;
    }

    private void look(RecordBatchView batch) {
        batches++;
        bytes += batch.sizeInBytes();
        long base = batch.baseOffset();
        if (!LogVerifier.hasValidCrc(batch)) {
            findings.add(base, cursor.where(base), "the CRC of the batch is wrong");
            return;
        }
        records += batch.recordCount();
        if (config.recordValidation() == RecordValidation.FULL) {
            String fault = contents.fault(batch);
            if (fault != null) {
                findings.add(base, cursor.where(base), "the batch is not whole: " + fault);
                return;
            }
        }
        producers.take(batch);
        timestamps.take(batch, start);
        epoch(batch);
    }

    private void epoch(RecordBatchView batch) {
        int epoch = batch.partitionLeaderEpoch();
        int last = epochs.isEmpty() ? -1 : epochs.get(epochs.size() - 1).epoch();
        if (epoch < last) {
            findings.add(
                    batch.baseOffset(),
                    cursor.where(batch.baseOffset()),
                    "the leader epoch falls from " + last + " to " + epoch);
        } else if (epoch > last) {
            epochs.add(new EpochEntry(epoch, batch.baseOffset()));
        }
    }

    /** After the walk, when what was appended meanwhile is known too. */
    private void epochs() throws IOException {
        LeaderEpochs known = LeaderEpochs.restore(store.readLeaderEpochs(), store.logStartOffset(), Long.MAX_VALUE);
        for (EpochEntry seen : epochs) {
            long offset = Math.max(seen.startOffset(), store.logStartOffset());
            int epoch = known.epochOf(offset);
            if (epoch != seen.epoch() && offset < store.logEndOffset() && offset <= lastOf(seen)) {
                findings.add(
                        offset,
                        "",
                        "the batch has the leader epoch " + seen.epoch() + ", and the list of epochs says "
                                + (epoch < 0 ? "none" : Integer.toString(epoch)));
            }
        }
    }

    private long lastOf(EpochEntry seen) {
        int next = epochs.indexOf(seen) + 1;
        return next < epochs.size() ? epochs.get(next).startOffset() - 1L : end - 1L;
    }

    /** What the engine keeps of aborted transactions, if it keeps them. */
    private void aborted() throws IOException {
        List<AbortedTransaction> kept = store.abortedTransactions(start, end);
        if (kept == null) {
            return;
        }
        Set<List<Long>> known = new HashSet<>();
        kept.forEach(one -> known.add(List.of(one.producerId(), one.firstOffset(), one.lastOffset())));
        for (AbortedTransaction seen : producers.aborted()) {
            boolean isKnown = known.remove(List.of(seen.producerId(), seen.firstOffset(), seen.lastOffset()));
            if (!isKnown && seen.firstOffset() >= store.logStartOffset()) {
                findings.add(
                        seen.lastOffset(),
                        cursor.where(seen.lastOffset()),
                        "that producer " + seen.producerId() + " aborted a transaction here, from offset "
                                + seen.firstOffset() + " on, is not kept");
            }
        }
        for (List<Long> more : known) {
            if (more.get(1) >= start && more.get(2) < end) {
                findings.add(
                        more.get(2),
                        cursor.where(more.get(2)),
                        "an aborted transaction of producer " + more.get(0) + " from offset " + more.get(1)
                                + " on is kept, and the log has none");
            }
        }
    }

    private void timestamps() throws IOException {
        for (TimestampOffset probe : timestamps.probes()) {
            @Nullable TimestampOffset found = store.firstAtOrAfter(probe.timestampMs());
            boolean gone = probe.offset() < store.logStartOffset();
            if (!gone && (found == null || found.offset() > probe.offset())) {
                findings.add(
                        probe.offset(),
                        "",
                        "a search for the timestamp " + probe.timestampMs() + " passes over this offset");
            }
        }
    }
}
