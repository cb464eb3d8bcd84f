package io.sluice.coordinator.share.group;

import io.sluice.base.ErrorCode;
import io.sluice.base.RandomSource;
import io.sluice.cluster.api.MetadataImage;
import io.sluice.coordinator.api.GroupKindContext;
import io.sluice.coordinator.api.KindRecord;
import io.sluice.coordinator.api.KindWork;
import io.sluice.coordinator.runtime.Reply;
import io.sluice.coordinator.runtime.Timers;
import io.sluice.coordinator.runtime.Turn;
import io.sluice.coordinator.share.state.ReadOutcome;
import io.sluice.coordinator.share.state.SharePartitionKey;
import io.sluice.coordinator.share.state.StateChange;
import io.sluice.coordinator.share.state.StateOutcome;
import io.sluice.coordinator.share.state.StatePersister;
import io.sluice.coordinator.share.state.SummaryOutcome;
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

/** One partition of share groups without the coordinator around it: time and the share coordinator are the test's. */
final class KindHarness implements GroupKindContext<ShareGroupState>, StatePersister, ShareGroupListener {
    final MemoryMetadata metadata = new MemoryMetadata();
    final List<KindRecord> log = new ArrayList<>();
    final Map<String, String> config = new HashMap<>();
    final Map<SharePartitionKey, Long> initialized = new HashMap<>();
    final Map<SharePartitionKey, Integer> stateEpochs = new HashMap<>();
    final Set<String> gone = new HashSet<>();
    final Set<String> idle = new HashSet<>();
    final Set<String> taken = new HashSet<>();
    final List<SharePartitionKey> begun = new ArrayList<>();
    boolean vacates;
    private final Map<Object, Timer> timers = new HashMap<>();
    private final List<Runnable> held = new ArrayList<>();
    boolean holding;
    long nowMs = 1_000_000L;
    ShareGroupState state = new ShareGroupState(this, this, this);

    private record Timer(long atMs, Consumer<Turn<KindRecord>> action) {}

    private final class NowTurn implements Turn<KindRecord> {
        @Override
        public long nowMs() {
            return nowMs;
        }

        @Override
        public boolean write(List<KindRecord> records) {
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
        state = new ShareGroupState(this, this, this);
        log.forEach(state::replay);
        state.loaded(turn());
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

    /** Answers what the share coordinator was asked. */
    void releaseHeld() {
        holding = false;
        List<Runnable> now = List.copyOf(held);
        held.clear();
        now.forEach(Runnable::run);
    }

    private void soon(Runnable answer) {
        if (holding) {
            held.add(answer);
        } else {
            answer.run();
        }
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
        return vacates || !taken.contains(groupId);
    }

    @Override
    public void forgetOffsets(Turn<KindRecord> turn, String groupId) {}

    @Override
    public boolean hasOffsets(String groupId) {
        return false;
    }

    @Override
    public void submit(Reply<?> reply, KindWork<ShareGroupState> work) {
        work.run(state, turn());
    }

    @Override
    public void initialize(SharePartitionKey key, int stateEpoch, long startOffset, Reply<StateOutcome> reply) {
        begun.add(key);
        soon(() -> {
            initialized.put(key, startOffset);
            stateEpochs.put(key, stateEpoch);
            reply.answer(StateOutcome.OK);
        });
    }

    @Override
    public void delete(SharePartitionKey key, Reply<StateOutcome> reply) {
        soon(() -> {
            initialized.remove(key);
            reply.answer(StateOutcome.OK);
        });
    }

    @Override
    public void read(SharePartitionKey key, int leaderEpoch, Reply<ReadOutcome> reply) {
        throw new UnsupportedOperationException("groups read no states");
    }

    @Override
    public void write(SharePartitionKey key, StateChange change, Reply<StateOutcome> reply) {
        throw new UnsupportedOperationException("groups write no states");
    }

    @Override
    public void summarize(SharePartitionKey key, Reply<SummaryOutcome> reply) {
        throw new UnsupportedOperationException("groups ask for no summaries");
    }

    @Override
    public void memberGone(String groupId, String memberId) {
        gone.add(memberId);
    }

    @Override
    public void groupIdle(String groupId) {
        idle.add(groupId);
    }
}
