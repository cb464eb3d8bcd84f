package io.sluice.coordinator.runtime;

import io.sluice.base.ErrorCode;
import io.sluice.broker.api.TransactionEnd;
import java.util.ArrayList;
import java.util.List;

/** One turn of a shard. */
final class ShardTurn<R> implements Turn<R> {
    private final StateMachine<R> machine;
    private final RecordSerde<R> serde;
    private final Outbox outbox;
    private final long nowMs;
    private final List<Delivery<?>> deliveries = new ArrayList<>(1);

    ShardTurn(StateMachine<R> machine, RecordSerde<R> serde, Outbox outbox, long nowMs) {
        this.machine = machine;
        this.serde = serde;
        this.outbox = outbox;
        this.nowMs = nowMs;
    }

    @Override
    public long nowMs() {
        return nowMs;
    }

    @Override
    public boolean write(List<R> records) {
        if (records.isEmpty()) {
            return true;
        }
        if (!outbox.add(serde, records, nowMs)) {
            return false;
        }
        records.forEach(machine::replay);
        return true;
    }

    @Override
    public ErrorCode writePending(long producerId, short producerEpoch, long guard, List<R> records) {
        if (records.isEmpty()) {
            return ErrorCode.NONE;
        }
        return outbox.appendPending(
                serde,
                records,
                nowMs,
                producerId,
                producerEpoch,
                guard,
                () -> records.forEach(record -> machine.replayPending(producerId, producerEpoch, record)));
    }

    @Override
    public ErrorCode writeEnd(TransactionEnd end) {
        return outbox.appendMarker(
                end, nowMs, () -> machine.endTransaction(end.producerId(), end.producerEpoch(), end.committed()));
    }

    @Override
    public <T> void answer(Reply<T> reply, T outcome) {
        deliveries.add(new Delivery<>(reply, outcome));
    }

    List<Delivery<?>> deliveries() {
        return deliveries;
    }
}
