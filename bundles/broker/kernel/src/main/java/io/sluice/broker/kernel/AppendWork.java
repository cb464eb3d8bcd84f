package io.sluice.broker.kernel;

import io.sluice.base.ErrorCode;
import io.sluice.broker.api.AppendEntry;
import io.sluice.broker.api.AppendOrigin;
import io.sluice.broker.api.AppendOutcome;
import io.sluice.broker.api.AppendTicket;
import io.sluice.protocol.MessageReader;
import io.sluice.storage.api.AppendResult;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One entry of a ticket on its way into a partition. The bytes are borrowed until {@link #kept()} has copied them. */
final class AppendWork {
    private final AppendTicket ticket;
    private final int index;
    private final short acks;
    private final AppendOrigin origin;
    private final short transactionVersion;
    private final long transactionGuard;
    private ByteBuffer batches;
    private @Nullable RequestMemory memory;
    private @Nullable TopicCounters counters;

    AppendWork(AppendTicket ticket, int index, short acks, AppendOrigin origin, ByteBuffer batches) {
        this.ticket = ticket;
        this.index = index;
        this.acks = acks;
        this.origin = origin;
        this.batches = batches;
        AppendEntry entry = ticket.entry(index);
        this.transactionVersion = entry.transactionVersion();
        this.transactionGuard = entry.transactionGuard();
    }

    /** The same with bytes of its own, until {@link #letGo()}; null when there is no memory for them now. */
    @Nullable
    AppendWork kept(RequestMemory from) {
        if (!from.tryReserve(share(), batches.remaining())) {
            return null;
        }
        ByteBuffer copy = ByteBuffer.allocate(batches.remaining());
        copy.put(batches.duplicate()).flip();
        AppendWork kept = new AppendWork(ticket, index, acks, origin, copy);
        kept.memory = from;
        kept.counters = counters;
        return kept;
    }

    /** The bytes are written, or never will be. */
    void letGo() {
        RequestMemory from = memory;
        if (from != null) {
            memory = null;
            int bytes = batches.capacity();
            batches = MessageReader.EMPTY_BUFFER;
            from.free(share(), bytes);
        }
    }

    private RequestMemory.Share share() {
        return isClient() ? RequestMemory.Share.DATA : RequestMemory.Share.RESERVE;
    }

    short acks() {
        return acks;
    }

    boolean isClient() {
        return origin == AppendOrigin.CLIENT;
    }

    /** Of the producers whose markers these are. */
    short transactionVersion() {
        return transactionVersion;
    }

    /** See {@link io.sluice.storage.api.TransactionGuard}. */
    long transactionGuard() {
        return transactionGuard;
    }

    ByteBuffer batches() {
        return batches;
    }

    /** How it ends is counted there, if it is a client's. */
    void countedBy(TopicCounters ofTopic) {
        if (isClient()) {
            counters = ofTopic;
        }
    }

    /** It is in the log, and waits there; a coordinator goes by that. */
    void written() {
        if (!isClient()) {
            ticket.written();
        }
    }

    void complete(AppendOutcome outcome) {
        TopicCounters counting = counters;
        if (counting != null) {
            counters = null;
            counting.produced(outcome.error() != ErrorCode.NONE);
        }
        ticket.complete(index, outcome);
    }

    void refuse(ErrorCode error, @Nullable String why) {
        complete(AppendOutcome.refused(error, why));
    }

    static AppendOutcome rejected(AppendResult.Rejected rejected) {
        List<AppendOutcome.RecordError> errors = rejected.recordErrors().stream()
                .map(e -> new AppendOutcome.RecordError(e.batchIndex(), e.message()))
                .collect(Collectors.toList());
        return new AppendOutcome(rejected.error(), -1L, -1L, -1L, -1L, errors, rejected.message());
    }
}
