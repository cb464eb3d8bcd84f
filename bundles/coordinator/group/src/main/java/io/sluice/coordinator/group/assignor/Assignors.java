package io.sluice.coordinator.group.assignor;

import io.sluice.base.Uuid;
import io.sluice.coordinator.api.AssignableTopic;
import io.sluice.coordinator.api.ConsumerAssignor;
import io.sluice.coordinator.api.PartitionId;
import io.sluice.coordinator.api.Subscriber;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The assignors that consumer groups may use: our own and those of other bundles, as far as {@code group.consumer.assignors} names them. The first is
 * the one for groups that ask for none. Any thread; nobody keeps what is found here.
 */
public final class Assignors {
    private static final Map<String, ConsumerAssignor> OWN = new HashMap<>();

    /** The names under which Kafka's configuration knows them. */
    private static final Map<String, String> CLASSES = Map.of(
            "org.apache.kafka.coordinator.group.assignor.UniformAssignor", "uniform",
            "org.apache.kafka.coordinator.group.assignor.RangeAssignor", "range");

    static {
        for (PartitionAssignor assignor : List.of(new UniformAssignor(), new RangeAssignor())) {
            OWN.put(assignor.name(), new Own(assignor));
        }
    }

    /** One of our own. */
    private record Own(PartitionAssignor assignor) implements ConsumerAssignor {
        @Override
        public String name() {
            return assignor.name();
        }

        @Override
        public Map<String, Set<PartitionId>> assign(List<Subscriber> members, Map<Uuid, AssignableTopic> topics) {
            Map<Uuid, Integer> counts = new HashMap<>();
            topics.forEach((id, topic) -> counts.put(id, topic.partitionCount()));
            return assignor.assign(members, counts);
        }
    }

    private final List<ConsumerAssignor> installed = new CopyOnWriteArrayList<>();
    private final Supplier<@Nullable String> configured;

    /** @param configured what {@code group.consumer.assignors} says now; null for our own */
    public Assignors(Supplier<@Nullable String> configured) {
        this.configured = configured;
    }

    /** Another bundle brings one. */
    public void add(ConsumerAssignor assignor) {
        installed.add(assignor);
    }

    public void remove(ConsumerAssignor assignor) {
        installed.removeIf(present -> present == assignor);
    }

    /** The assignors that can be used now, the preferred first; never empty. */
    public List<String> names() {
        String value = configured.get();
        List<String> names = new ArrayList<>();
        for (String entry : (value == null ? "uniform,range" : value).split(",", -1)) {
            String name = CLASSES.getOrDefault(entry.trim(), entry.trim());
            if (find(name) != null && !names.contains(name)) {
                names.add(name);
            }
        }
        return names.isEmpty() ? List.of("uniform") : names;
    }

    public boolean isKnown(String name) {
        return names().contains(name);
    }

    /** The assignor of that name; null when it cannot be used now. */
    public @Nullable ConsumerAssignor named(String name) {
        return isKnown(name) ? find(name) : null;
    }

    private @Nullable ConsumerAssignor find(String name) {
        ConsumerAssignor own = OWN.get(name);
        if (own != null) {
            return own;
        }
        for (ConsumerAssignor assignor : installed) {
            if (assignor.name().equals(name)) {
                return assignor;
            }
        }
        return null;
    }
}
