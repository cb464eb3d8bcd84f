package io.sluice.storage.api;

import io.sluice.protocol.record.RecordBatchView;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The producers as the batches of a log give them, beside states that were kept. A kept state may know producers whose batches are gone,
 * and may have forgotten silent ones; what it says of a producer with batches in the log must agree. For one thread.
 */
final class ProducerReplay {
    private final long start;
    private final LogFindings findings;
    private final ProducerStates replayed = new ProducerStates();
    private final List<Expected> expected = new ArrayList<>();
    private final List<AbortedTransaction> aborted = new ArrayList<>();
    private @Nullable Deque<Expected> due;

    private record Expected(Snapshot snapshot, String name) {}

    ProducerReplay(long start, LogFindings findings) {
        this.start = start;
        this.findings = findings;
        replayed.clear(start);
    }

    /** Before the first batch. */
    void expect(Snapshot snapshot, String name) {
        expected.add(new Expected(snapshot, name));
    }

    void take(RecordBatchView batch) {
        compareBelow(batch.baseOffset());
        AbortedTransaction ended = replayed.update(batch.buffer(), batch.position(), 0L);
        if (ended != null) {
            aborted.add(ended);
        }
    }

    /** The transactions that were aborted, as far as their first batches and their markers are in the log. */
    List<AbortedTransaction> aborted() {
        return aborted;
    }

    void finish(long end) {
        compareBelow(end);
    }

    private void compareBelow(long offset) {
        Deque<Expected> waiting = due;
        if (waiting == null) {
            expected.sort(Comparator.comparingLong(one -> one.snapshot().offset()));
            waiting = new ArrayDeque<>(expected);
            due = waiting;
        }
        while (!waiting.isEmpty() && waiting.peek().snapshot().offset() <= offset) {
            compare(waiting.remove());
        }
    }

    private void compare(Expected one) {
        long at = one.snapshot().offset();
        if (at < start) {
            return;
        }
        List<ProducerState> states =
                ProducerSnapshots.decode(one.snapshot().state().duplicate());
        if (states == null) {
            findings.add(at, one.name(), "it cannot be read");
            return;
        }
        Map<Long, ProducerStatus> seen = new HashMap<>();
        for (ProducerStatus status : replayed.list()) {
            seen.put(status.producerId(), status);
        }
        for (ProducerState kept : states) {
            ProducerStatus status = seen.get(kept.producerId);
            if (status != null) {
                agree(one, kept, status);
            }
        }
    }

    private void agree(Expected one, ProducerState kept, ProducerStatus seen) {
        if (kept.epoch != seen.producerEpoch() || kept.lastSequence() != seen.lastSequence()) {
            findings.add(
                    one.snapshot().offset(),
                    one.name(),
                    "producer " + kept.producerId + " has epoch " + kept.epoch + " and sequence " + kept.lastSequence()
                            + " there, and the batches give epoch " + seen.producerEpoch() + " and sequence "
                            + seen.lastSequence());
        }
    }
}
