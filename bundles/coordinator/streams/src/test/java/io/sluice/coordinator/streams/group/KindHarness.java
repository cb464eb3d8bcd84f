package io.sluice.coordinator.streams.group;

import io.sluice.base.ErrorCode;
import io.sluice.base.RandomSource;
import io.sluice.cluster.api.MetadataImage;
import io.sluice.coordinator.api.GroupKindContext;
import io.sluice.coordinator.api.KindRecord;
import io.sluice.coordinator.api.KindWork;
import io.sluice.coordinator.runtime.Reply;
import io.sluice.coordinator.runtime.Timers;
import io.sluice.coordinator.runtime.Turn;
import io.sluice.coordinator.streams.assignor.StickyAssignor;
import io.sluice.request.kit.MemoryMetadata;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One partition of streams groups without the coordinator around it: time and topics are the test's. */
final class KindHarness implements GroupKindContext<StreamsGroupState> {
    final MemoryMetadata metadata = new MemoryMetadata();
    final List<KindRecord> log = new ArrayList<>();
    final Map<String, String> config = new HashMap<>();
    final Set<String> taken = new HashSet<>();
    final Set<String> forgotten = new HashSet<>();
    private final Map<Object, Timer> timers = new HashMap<>();
    long nowMs = 1_000_000L;
    int batchRecordsMax = Integer.MAX_VALUE;
    StreamsGroupState state = new StreamsGroupState(this, new StickyAssignor());

    private record Timer(long atMs, Consumer<Turn<KindRecord>> action) {}

    private final class NowTurn implements Turn<KindRecord> {
        @Override
        public long nowMs() {
            return nowMs;
        }

        @Override
        public boolean write(List<KindRecord> records) {
            if (records.size() > batchRecordsMax) {
                return false;
            }
            for (KindRecord record : records) {
                log.add(record);
                state.replay(record);
            }
            return true;
        }

        @Override
        public <T> void answer(Reply<T> reply, T outcome) {
            reply.answer(outcome);
        }
    }

    Turn<KindRecord> turn() {
        return new NowTurn();
    }

    /** Another version of the bundle takes over: the state comes from the log. */
    void reload() {
        state.unloaded(ErrorCode.NOT_COORDINATOR);
        timers.clear();
        state = new StreamsGroupState(this, new StickyAssignor());
        log.forEach(state::replay);
        state.loaded(turn());
    }

    /** A state that is made of the log alone. */
    StreamsGroupState replayed() {
        StreamsGroupState other = new StreamsGroupState(this, new StickyAssignor());
        log.forEach(other::replay);
        return other;
    }

    void advance(long ms) {
        long end = nowMs + ms;
        while (true) {
            TreeMap<Long, Object> next = new TreeMap<>();
            timers.forEach((key, timer) -> next.put(timer.atMs(), key));
            if (next.isEmpty() || next.firstKey() > end) {
                break;
            }
            nowMs = Math.max(nowMs, next.firstKey());
            Timer due = timers.remove(next.firstEntry().getValue());
            due.action().accept(turn());
        }
        nowMs = end;
    }

    /** Makes or replaces a topic, and tells the state. */
    void topic(String name, int partitions) {
        metadata.topic(name, partitions);
        state.topicsChanged(turn());
    }

    @Override
    public int partition() {
        return 0;
    }

    @Override
    public Timers<KindRecord> timers() {
        return new Timers<>() {
            @Override
            public void set(Object key, long delayMs, Consumer<Turn<KindRecord>> action) {
                timers.put(key, new Timer(nowMs + delayMs, action));
            }

            @Override
            public void cancel(Object key) {
                timers.remove(key);
            }
        };
    }

    @Override
    public RandomSource random() {
        return RandomSource.seeded(1L);
    }

    @Override
    public MetadataImage image() {
        return metadata.image();
    }

    @Override
    public @Nullable String config(String key) {
        return config.get(key);
    }

    @Override
    public @Nullable String groupConfig(String groupId, String key) {
        return config.get(key);
    }

    @Override
    public boolean isTaken(String groupId) {
        return taken.contains(groupId);
    }

    @Override
    public boolean vacate(Turn<KindRecord> turn, String groupId) {
        return !taken.contains(groupId);
    }

    @Override
    public void forgetOffsets(Turn<KindRecord> turn, String groupId) {
        forgotten.add(groupId);
    }

    @Override
    public boolean hasOffsets(String groupId) {
        return false;
    }

    @Override
    public void submit(Reply<?> reply, KindWork<StreamsGroupState> work) {
        work.run(state, turn());
    }
}
