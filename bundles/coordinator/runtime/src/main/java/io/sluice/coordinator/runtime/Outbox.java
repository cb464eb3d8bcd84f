package io.sluice.coordinator.runtime;

import io.sluice.base.ErrorCode;
import io.sluice.base.Uuid;
import io.sluice.broker.api.AppendEntry;
import io.sluice.broker.api.AppendOrigin;
import io.sluice.broker.api.AppendTicket;
import io.sluice.broker.api.TransactionEnd;
import io.sluice.protocol.record.RecordBatchBuilder;
import io.sluice.protocol.record.RecordBatchFormat;
import io.sluice.storage.api.TransactionMarker;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a shard has written and not yet answered: the batch that is being filled, and the appends in flight, oldest first, each with the
 * outcomes that wait for it. For the shard's thread; {@code wake} is called from any.
 */
final class Outbox {
    /** Appends that may be in flight before the shard takes no more events. */
    static final int IN_FLIGHT_MAX = 16;

    private static final short ACKS_ALL = -1;
    private static final int RECORD_OVERHEAD_MAX = 40;

    private record Encoded(ByteBuffer key, @Nullable ByteBuffer value) {
        int sizeMax() {
            return RECORD_OVERHEAD_MAX + key.remaining() + (value == null ? 0 : value.remaining());
        }
    }

    private record InFlight(
            AppendTicket ticket,
            long deadlineMs,
            List<Delivery<?>> deliveries,
            @Nullable Undecided undecided) {
        void forget(List<Delivery<?>> outcomes) {
            deliveries.removeAll(outcomes);
            if (undecided != null) {
                undecided.outcomes().removeAll(outcomes);
            }
        }
    }

    /** An append that the log may yet refuse for its producer's sake: what the state takes in if it does not, and the outcomes that say so. */
    private record Undecided(Runnable replay, List<Delivery<?>> outcomes) {}

    private final ShardContext<?, ?> context;
    private final int partition;
    private final Runnable wake;
    private final ArrayDeque<InFlight> inFlight = new ArrayDeque<>();
    private final List<AppendTicket> strays = new ArrayList<>();
    private List<Delivery<?>> waiting = new ArrayList<>();
    private RecordBatchBuilder batch = new RecordBatchBuilder();
    private int undecided;
    private boolean stateless;
    private long straysDeadlineMs;

    Outbox(ShardContext<?, ?> context, int partition, Runnable wake) {
        this.context = context;
        this.partition = partition;
        this.wake = wake;
    }

    /** Adds records to the batch, after flushing it if they do not fit beside what it has; false when they fit in none. */
    <R> boolean add(RecordSerde<R> serde, List<R> records, long timestampMs) {
        int room = context.config().batchBytesMax().getAsInt();
        List<Encoded> encoded = encode(serde, records);
        int size = sizeMax(encoded);
        if (size > room - RecordBatchFormat.HEADER_BYTES) {
            return false;
        }
        if (batch.recordCount() > 0 && batch.sizeInBytes() + size > room) {
            flush();
        }
        for (Encoded one : encoded) {
            batch.append(one.key(), one.value(), timestampMs);
        }
        return true;
    }

    private static <R> List<Encoded> encode(RecordSerde<R> serde, List<R> records) {
        List<Encoded> encoded = new ArrayList<>(records.size());
        for (R record : records) {
            encoded.add(new Encoded(serde.key(record), serde.value(record)));
        }
        return encoded;
    }

    private static int sizeMax(List<Encoded> records) {
        long size = 0L;
        for (Encoded record : records) {
            size += record.sizeMax();
        }
        return (int) Math.min(size, Integer.MAX_VALUE);
    }

    /**
     * Appends records of a producer's transaction at once, after all that was gathered.
     *
     * @param replay takes them into the state, when the log has them
     * @return why they are not in the log, if that is known now
     */
    <R> ErrorCode appendPending(
            RecordSerde<R> serde,
            List<R> records,
            long timestampMs,
            long producerId,
            short producerEpoch,
            long guard,
            Runnable replay) {
        List<Encoded> encoded = encode(serde, records);
        if (sizeMax(encoded) > context.config().batchBytesMax().getAsInt() - RecordBatchFormat.HEADER_BYTES) {
            return ErrorCode.MESSAGE_TOO_LARGE;
        }
        RecordBatchBuilder pending = new RecordBatchBuilder()
                .producer(producerId, producerEpoch, 0)
                .transactional(true)
                .compression(context.config().compression());
        for (Encoded one : encoded) {
            pending.append(one.key(), one.value(), timestampMs);
        }
        AppendEntry entry = new AppendEntry(context.topicPartition(partition), Uuid.ZERO, pending.build());
        return appendAlone(entry.guardedBy(guard), replay);
    }

    /** Appends the marker of a transaction's end at once, after all that was gathered; why it is not in the log, if that is known now. */
    ErrorCode appendMarker(TransactionEnd end, long timestampMs, Runnable replay) {
        ByteBuffer marker = new TransactionMarker(end.committed(), end.coordinatorEpoch())
                .toBatch(end.producerId(), end.producerEpoch(), timestampMs);
        return appendAlone(
                AppendEntry.marker(context.topicPartition(partition), marker, end.transactionVersion()), replay);
    }

    /**
     * The log may have something against a producer, which is no reason to load the state again: it is asked before anything is replayed. While it does
     * not answer, because it is parked, no other turn begins.
     */
    private ErrorCode appendAlone(AppendEntry entry, Runnable replay) {
        flush();
        int timeoutMs = context.config().appendTimeoutMs();
        AppendTicket ticket =
                context.partitions().append(List.of(entry), ACKS_ALL, timeoutMs, AppendOrigin.COORDINATOR);
        ErrorCode error = ticket.isComplete() ? ticket.outcome(0).error() : ErrorCode.NONE;
        if (error != ErrorCode.NONE && !mayBeWritten(error)) {
            return error;
        }
        if (undecided == 0 && (ticket.isComplete() || ticket.isWritten())) {
            replay.run();
            await(ticket, timeoutMs, new ArrayList<>(), null);
        } else {
            undecided++;
            await(ticket, timeoutMs, new ArrayList<>(), new Undecided(replay, new ArrayList<>()));
        }
        return ErrorCode.NONE;
    }

    private static boolean mayBeWritten(ErrorCode error) {
        return error == ErrorCode.REQUEST_TIMED_OUT || error == ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND;
    }

    private void await(
            AppendTicket ticket, int timeoutMs, List<Delivery<?>> deliveries, @Nullable Undecided undecidedYet) {
        inFlight.add(new InFlight(ticket, context.monotonicMs() + timeoutMs, deliveries, undecidedYet));
        if (!ticket.isComplete()) {
            ticket.whenComplete(wake::run);
            context.scheduler().schedule(timeoutMs, wake);
        }
    }

    /** The outcomes of a turn: they wait for what it has written, and are refused if the log takes not all of that. */
    void hold(List<Delivery<?>> deliveries) {
        waiting.addAll(deliveries);
        if (undecided == 0) {
            return;
        }
        for (InFlight append : inFlight) {
            Undecided one = append.undecided();
            if (one != null) {
                one.outcomes().addAll(deliveries);
            }
        }
    }

    /** Appends what was gathered; outcomes that rest on no append in flight are delivered now. */
    void flush() {
        if (batch.recordCount() == 0) {
            release();
            return;
        }
        int timeoutMs = context.config().appendTimeoutMs();
        ByteBuffer bytes = batch.compression(context.config().compression()).build();
        batch = new RecordBatchBuilder();
        AppendEntry entry = new AppendEntry(context.topicPartition(partition), Uuid.ZERO, bytes);
        AppendTicket ticket =
                context.partitions().append(List.of(entry), ACKS_ALL, timeoutMs, AppendOrigin.COORDINATOR);
        await(ticket, timeoutMs, waiting, null);
        waiting = new ArrayList<>();
    }

    private void release() {
        if (waiting.isEmpty()) {
            return;
        }
        if (!inFlight.isEmpty()) {
            inFlight.peekLast().deliveries().addAll(waiting);
        } else {
            waiting.forEach(Delivery::deliver);
        }
        waiting = new ArrayList<>();
    }

    /**
     * Delivers the outcomes of what is committed by now, in order.
     *
     * @return the error of the first append that failed, or {@code NONE}
     */
    ErrorCode settle() {
        while (!inFlight.isEmpty()) {
            InFlight head = inFlight.peek();
            if (!head.ticket().isComplete() && context.monotonicMs() < head.deadlineMs()) {
                return ErrorCode.NONE;
            }
            ErrorCode error = head.ticket().outcome(0).error();
            if (error != ErrorCode.NONE && (head.undecided() == null || mayBeWritten(error))) {
                return error;
            }
            decide(head, error);
            inFlight.poll();
            head.deliveries().forEach(Delivery::deliver);
        }
        return ErrorCode.NONE;
    }

    private void decide(InFlight append, ErrorCode error) {
        Undecided one = append.undecided();
        if (one == null) {
            return;
        }
        undecided--;
        if (error != ErrorCode.NONE) {
            List<Delivery<?>> refused = List.copyOf(one.outcomes());
            inFlight.forEach(each -> each.forget(refused));
            waiting.removeAll(refused);
            refused.forEach(outcome -> outcome.refuse(CoordinatorErrors.ofProducer(error)));
        } else if (!stateless) {
            one.replay().run();
        }
    }

    /** True when no turn may begin: enough is in flight, or what it should see is not known yet. */
    boolean isFull() {
        return inFlight.size() >= IN_FLIGHT_MAX || isUndecided();
    }

    /** True while it is not known whether the log takes a producer's records. */
    boolean isUndecided() {
        return undecided > 0;
    }

    /** The state has been given up: nothing is replayed any more. */
    void dropState() {
        stateless = true;
    }

    boolean isEmpty() {
        return inFlight.isEmpty() && waiting.isEmpty() && batch.recordCount() == 0;
    }

    /** Refuses every outcome; appends whose end is not known are strays from now on. */
    void refuseAll(ErrorCode error) {
        for (InFlight append : inFlight) {
            strays.add(append.ticket());
            append.deliveries().forEach(delivery -> delivery.refuse(error));
        }
        inFlight.clear();
        undecided = 0;
        waiting.forEach(delivery -> delivery.refuse(error));
        waiting = new ArrayList<>();
        batch = new RecordBatchBuilder();
        straysDeadlineMs = context.monotonicMs() + context.config().appendTimeoutMs();
    }

    /** True while an append that was given up may still reach the log. */
    boolean hasStrays() {
        strays.removeIf(AppendTicket::isComplete);
        if (context.monotonicMs() >= straysDeadlineMs) {
            strays.clear();
        }
        return !strays.isEmpty();
    }
}
