package io.sluice.coordinator.group.kind;

import io.sluice.base.ErrorCode;
import io.sluice.base.Uuid;
import io.sluice.coordinator.api.GroupKind;
import io.sluice.coordinator.api.GroupKindState;
import io.sluice.coordinator.api.KindWork;
import io.sluice.coordinator.group.classic.RivalGroups;
import io.sluice.coordinator.group.record.ForeignRecord;
import io.sluice.coordinator.group.record.GroupRecord;
import io.sluice.coordinator.runtime.Reply;
import io.sluice.coordinator.runtime.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The states of the kinds that other bundles bring, in one partition. For its state machine. */
public final class HostedKinds implements RivalGroups {
    private final List<HostedKind<?>> hosted = new ArrayList<>();

    /** Makes the state of a kind; before any record is replayed. */
    public <S extends GroupKindState> void host(GroupKind<S> kind, KindSurroundings surroundings) {
        String type = kind.type();
        Set<Short> recordTypes = Set.copyOf(kind.recordTypes());
        hosted.add(
                HostedKind.of(kind, type, recordTypes, new KindContext<>(kind, type, recordTypes, surroundings, this)));
    }

    public List<HostedKind<?>> all() {
        return hosted;
    }

    /** The kind of the group with this id, or null. */
    public @Nullable HostedKind<?> of(String groupId) {
        for (HostedKind<?> kind : hosted) {
            if (kind.state().contains(groupId)) {
                return kind;
            }
        }
        return null;
    }

    public boolean contains(String groupId) {
        return of(groupId) != null;
    }

    /** Gives a record to the kind whose it is; false when that is not here. */
    public boolean replay(ForeignRecord record) {
        for (HostedKind<?> kind : hosted) {
            if (kind.recordTypes().contains(record.record().type())) {
                kind.state().replay(record.record());
                return true;
            }
        }
        return false;
    }

    public void loaded(Turn<GroupRecord> turn) {
        for (HostedKind<?> kind : hosted) {
            kind.state().loaded(kind.narrow(turn));
        }
    }

    public void unloaded(ErrorCode error) {
        for (HostedKind<?> kind : hosted) {
            kind.state().unloaded(error);
        }
    }

    public void topicsChanged(Turn<GroupRecord> turn) {
        for (HostedKind<?> kind : hosted) {
            kind.state().topicsChanged(kind.narrow(turn));
        }
    }

    public void topicsDeleted(Turn<GroupRecord> turn, Map<Uuid, String> topics) {
        for (HostedKind<?> kind : hosted) {
            kind.state().topicsDeleted(kind.narrow(turn), topics);
        }
    }

    @Override
    public boolean vacate(Turn<GroupRecord> turn, String groupId) {
        HostedKind<?> kind = of(groupId);
        return kind == null || (kind.state().vacate(kind.narrow(turn), groupId) && !contains(groupId));
    }

    /** Gives an event to the state of a kind, or refuses it when that is not here. */
    public <S extends GroupKindState> void run(
            GroupKind<S> wanted, Turn<GroupRecord> turn, Reply<?> reply, KindWork<S> work) {
        HostedKind<S> kind = find(wanted);
        if (kind == null) {
            reply.refuse(ErrorCode.NOT_COORDINATOR);
        } else {
            work.run(kind.state(), kind.narrow(turn));
        }
    }

    /** True for the state that the kind has here. */
    boolean isState(GroupKind<?> kind, GroupKindState state) {
        return hosted.stream().anyMatch(present -> present.kind() == kind && present.state() == state);
    }

    /** A state was made by its own kind, so that it has its type. */
    @SuppressWarnings("unchecked")
    private <S extends GroupKindState> @Nullable HostedKind<S> find(GroupKind<S> wanted) {
        for (HostedKind<?> kind : hosted) {
            if (kind.kind() == wanted) {
                return (HostedKind<S>) kind;
            }
        }
        return null;
    }
}
