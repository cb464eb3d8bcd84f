package io.sluice.storage.api;

import io.sluice.base.ErrorCode;
import io.sluice.protocol.record.RecordBatchView;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Checks the batches of one append of the broker's own against its producers, each after those before it, while nothing of them is
 * written yet. For one thread.
 */
final class ProducerAppend {
    private final ProducerStates known;
    private final int transactionVersion;
    private final long guard;
    private final Object partition;
    private final Map<Long, ProducerState> changed = new HashMap<>();

    /** @param guard see {@link TransactionGuard} */
    ProducerAppend(ProducerStates known, int transactionVersion, long guard, Object partition) {
        this.known = known;
        this.transactionVersion = transactionVersion;
        this.guard = guard;
        this.partition = partition;
    }

    /** Takes in the next batch, whose offsets are set; why it may not be appended, else null. */
    @Nullable
    AppendResult add(RecordBatchView batch) {
        ProducerState state = changed.computeIfAbsent(batch.producerId(), known::copyOf);
        return batch.isControl() ? end(state, batch) : addData(state, batch);
    }

    private @Nullable AppendResult addData(ProducerState state, RecordBatchView batch) {
        AppendResult refused = ProducerChecks.data(state, batch, false, batch.baseOffset(), partition);
        if (refused == null) {
            refused = known.refusalByGuard(state, batch, guard, batch.baseOffset(), partition);
        }
        if (refused == null) {
            state.addData(batch.buffer(), batch.position());
        }
        return refused;
    }

    private @Nullable AppendResult end(ProducerState state, RecordBatchView batch) {
        TransactionMarker marker = TransactionMarker.read(batch);
        if (marker == null) {
            return new AppendResult.Rejected(
                    ErrorCode.INVALID_RECORD, "A control batch of a producer ends no transaction (" + partition + ")");
        }
        AppendResult refused = ProducerChecks.marker(
                state, marker, batch.producerEpoch(), transactionVersion, batch.baseOffset(), partition);
        if (refused == null) {
            state.end(marker, batch.producerEpoch(), batch.maxTimestamp());
        }
        return refused;
    }
}
