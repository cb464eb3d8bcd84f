package io.sluice.coordinator.group.assignor;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The assignors that there are; the first is the one for groups that ask for none. */
public final class Assignors {
    private static final Map<String, PartitionAssignor> BY_NAME = new LinkedHashMap<>();

    static {
        for (PartitionAssignor assignor : List.of(new UniformAssignor(), new RangeAssignor())) {
            BY_NAME.put(assignor.name(), assignor);
        }
    }

    private Assignors() {}

    public static @Nullable PartitionAssignor named(String name) {
        return BY_NAME.get(name);
    }

    public static boolean isKnown(String name) {
        return BY_NAME.containsKey(name);
    }

    public static List<String> names() {
        return List.copyOf(BY_NAME.keySet());
    }
}
