package io.sluice.coordinator.group.kind;

import io.sluice.coordinator.api.GroupKind;
import io.sluice.coordinator.api.GroupKindContext;
import io.sluice.coordinator.api.GroupKindState;
import io.sluice.coordinator.api.KindRecord;
import io.sluice.coordinator.group.record.GroupRecord;
import io.sluice.coordinator.runtime.Turn;
import java.util.Set;

/**
 * One kind in one partition.
 *
 * @param recordTypes asked for once
 */
public record HostedKind<S extends GroupKindState>(GroupKind<S> kind, String type, Set<Short> recordTypes, S state) {
    static <S extends GroupKindState> HostedKind<S> of(
            GroupKind<S> kind, String type, Set<Short> recordTypes, GroupKindContext<S> context) {
        return new HostedKind<>(kind, type, recordTypes, kind.create(context));
    }

    /** The partition's turn as this kind sees it. */
    public Turn<KindRecord> narrow(Turn<GroupRecord> turn) {
        return new KindTurn(turn, recordTypes);
    }
}
