package io.sluice.coordinator.group.kind;

import io.sluice.base.ErrorCode;
import io.sluice.base.RandomSource;
import io.sluice.cluster.api.MetadataImage;
import io.sluice.coordinator.api.GroupKind;
import io.sluice.coordinator.api.GroupKindContext;
import io.sluice.coordinator.api.GroupKindState;
import io.sluice.coordinator.api.KindRecord;
import io.sluice.coordinator.api.KindWork;
import io.sluice.coordinator.group.record.GroupRecord;
import io.sluice.coordinator.runtime.Reply;
import io.sluice.coordinator.runtime.Timers;
import io.sluice.coordinator.runtime.Turn;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the state of one kind in one partition has to work with. */
final class KindContext<S extends GroupKindState> implements GroupKindContext<S> {
    private final GroupKind<S> kind;
    private final String type;
    private final KindSurroundings surroundings;
    private final HostedKinds siblings;
    private final Timers<KindRecord> timers;

    KindContext(
            GroupKind<S> kind,
            String type,
            Set<Short> recordTypes,
            KindSurroundings surroundings,
            HostedKinds siblings) {
        this.kind = kind;
        this.type = type;
        this.surroundings = surroundings;
        this.siblings = siblings;
        this.timers = new KindTimers(surroundings.timers(), type, recordTypes);
    }

    @Override
    public int partition() {
        return surroundings.partition();
    }

    @Override
    public Timers<KindRecord> timers() {
        return timers;
    }

    @Override
    public RandomSource random() {
        return surroundings.random();
    }

    @Override
    public MetadataImage image() {
        return surroundings.settings().image();
    }

    @Override
    public @Nullable String config(String key) {
        return surroundings.settings().broker(key);
    }

    @Override
    public @Nullable String groupConfig(String groupId, String key) {
        return surroundings.settings().group(groupId, key);
    }

    @Override
    public boolean isTaken(String groupId) {
        HostedKind<?> sibling = siblings.of(groupId);
        boolean ours = sibling != null && sibling.kind() == kind;
        return !ours && (sibling != null || surroundings.own().contains(groupId));
    }

    @Override
    public boolean vacate(Turn<KindRecord> turn, String groupId) {
        if (!isTaken(groupId)) {
            return true;
        }
        Turn<GroupRecord> whole = whole(turn);
        return siblings.contains(groupId)
                ? siblings.vacate(whole, groupId)
                : surroundings.own().vacate(whole, groupId);
    }

    @Override
    public void forgetOffsets(Turn<KindRecord> turn, String groupId) {
        surroundings.own().forgetOffsets(whole(turn), groupId);
    }

    @Override
    public boolean hasOffsets(String groupId) {
        return surroundings.own().hasOffsets(groupId);
    }

    private static Turn<GroupRecord> whole(Turn<KindRecord> turn) {
        if (turn instanceof KindTurn narrow) {
            return narrow.turn();
        }
        throw new IllegalArgumentException("a turn that was not given to this state");
    }

    /** The state that asked may have been replaced by the time that the event is run: then it is refused. */
    @Override
    public void submit(Reply<?> reply, KindWork<S> work) {
        surroundings.submission().submit(kind, surroundings.partition(), reply, (state, turn) -> {
            if (siblings.isState(kind, state)) {
                work.run(state, turn);
            } else {
                reply.refuse(ErrorCode.NOT_COORDINATOR);
            }
        });
    }

    @Override
    public String toString() {
        return "GroupKindContext(" + type + ", partition " + surroundings.partition() + ")";
    }
}
