package io.sluice.coordinator.group.kind;

import io.sluice.coordinator.api.KindRecord;
import io.sluice.coordinator.group.record.GroupRecord;
import io.sluice.coordinator.runtime.Timers;
import io.sluice.coordinator.runtime.Turn;
import java.util.Set;
import java.util.function.Consumer;

/** The timers of one kind among those of the partition. */
record KindTimers(Timers<GroupRecord> timers, String kind, Set<Short> recordTypes) implements Timers<KindRecord> {
    private record KindKey(String kind, Object key) {}

    @Override
    public void set(Object key, long delayMs, Consumer<Turn<KindRecord>> action) {
        timers.set(new KindKey(kind, key), delayMs, turn -> action.accept(new KindTurn(turn, recordTypes)));
    }

    @Override
    public void cancel(Object key) {
        timers.cancel(new KindKey(kind, key));
    }
}
