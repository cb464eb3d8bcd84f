package io.sluice.coordinator.group.kind;

import io.sluice.coordinator.api.GroupKind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The kinds that are installed, and those of them that are used: of two that want the same type or the same records, the one that came first. Any
 * thread.
 */
public final class KindsInUse {
    private static final Logger LOG = LoggerFactory.getLogger(KindsInUse.class);

    private final List<GroupKind<?>> installed = new ArrayList<>();
    private volatile List<GroupKind<?>> used = List.of();

    /** The kinds to be used now. */
    public List<GroupKind<?>> used() {
        return used;
    }

    /** @return whether this changes what is used */
    public synchronized boolean add(GroupKind<?> kind) {
        installed.add(kind);
        return choose();
    }

    /** @return whether this changes what is used */
    public synchronized boolean remove(GroupKind<?> kind) {
        installed.removeIf(present -> present == kind);
        return choose();
    }

    private boolean choose() {
        List<GroupKind<?>> chosen = new ArrayList<>();
        Set<String> types = new HashSet<>(Set.of("classic", "consumer"));
        Set<Short> recordTypes = new HashSet<>();
        for (GroupKind<?> kind : installed) {
            if (types.contains(kind.type()) || kind.recordTypes().stream().anyMatch(recordTypes::contains)) {
                LOG.warn(
                        "groups of type {} from {} are not used: another bundle has them",
                        kind.type(),
                        kind.getClass());
                continue;
            }
            types.add(kind.type());
            recordTypes.addAll(kind.recordTypes());
            chosen.add(kind);
        }
        boolean changed = !chosen.equals(used);
        used = List.copyOf(chosen);
        return changed;
    }
}
