package io.sluice.coordinator.runtime;

import io.sluice.base.ErrorCode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The smallest coordinator: names and values, and callers that wait for a name. */
final class Ledger implements StateMachine<Ledger.Entry> {
    record Entry(String name, @Nullable String value) {}

    static final RecordSerde<Entry> SERDE = new RecordSerde<>() {
        @Override
        public ByteBuffer key(Entry record) {
            return ByteBuffer.wrap(record.name().getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public @Nullable ByteBuffer value(Entry record) {
            return record.value() == null
                    ? null
                    : ByteBuffer.wrap(record.value().getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public @Nullable Entry read(ByteBuffer key, @Nullable ByteBuffer value) {
            String name = StandardCharsets.UTF_8.decode(key).toString();
            return name.startsWith("#")
                    ? null
                    : new Entry(
                            name,
                            value == null
                                    ? null
                                    : StandardCharsets.UTF_8.decode(value).toString());
        }
    };

    final Map<String, String> entries = new TreeMap<>();
    final Map<Long, List<Entry>> pending = new TreeMap<>();
    final List<Reply<String>> waiting = new ArrayList<>();
    final Timers<Entry> timers;
    boolean live;

    Ledger(Timers<Entry> timers) {
        this.timers = timers;
    }

    @Override
    public void replay(Entry record) {
        if (record.value() == null) {
            entries.remove(record.name());
        } else {
            entries.put(record.name(), record.value());
        }
    }

    @Override
    public void replayPending(long producerId, short producerEpoch, Entry record) {
        pending.computeIfAbsent(producerId, id -> new ArrayList<>()).add(record);
    }

    @Override
    public void endTransaction(long producerId, short producerEpoch, boolean committed) {
        List<Entry> records = pending.remove(producerId);
        if (committed && records != null) {
            records.forEach(this::replay);
        }
    }

    @Override
    public void loaded(Turn<Entry> turn) {
        live = true;
    }

    @Override
    public void unloaded(ErrorCode error) {
        waiting.forEach(reply -> reply.refuse(error));
        waiting.clear();
    }

    /** Keeps what one caller was told. */
    static final class Caller implements Reply<String> {
        @Nullable
        String outcome;

        @Nullable
        ErrorCode error;

        int calls;

        @Override
        public void answer(String told) {
            outcome = told;
            calls++;
        }

        @Override
        public void refuse(ErrorCode told) {
            error = told;
            calls++;
        }

        boolean isDone() {
            return calls > 0;
        }
    }
}
