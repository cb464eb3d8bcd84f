package io.sluice.admin.metrics.jmx;

import io.sluice.base.Time;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * How many groups there are of each protocol and in each state. They are listed when somebody reads one of these, and then not again for {@link #REMEMBERED_MS}:
 * whoever reads one reads all.
 */
final class GroupBeans {
    private static final long REMEMBERED_MS = 1_000L;
    private static final String COORDINATOR = "kafka.server:type=group-coordinator-metrics,";
    private static final String CLASSIC = "kafka.coordinator.group:type=GroupMetadataManager,name=NumGroups";

    /** By protocol, and in Kafka's order. */
    private static final Map<String, List<String>> STATES = new TreeMap<>(Map.of(
            "classic", List.of("PreparingRebalance", "CompletingRebalance", "Stable", "Dead", "Empty"),
            "consumer", List.of("Empty", "Assigning", "Reconciling", "Stable", "Dead"),
            "share", List.of("Empty", "Stable", "Dead"),
            "streams", List.of("Empty", "Assigning", "Reconciling", "Stable", "Dead", "NotReady")));

    private final Supplier<List<GroupKind>> groups;
    private final Time time;
    private List<GroupKind> listed = List.of();
    private long listedAtMs;
    private boolean asked;

    GroupBeans(Supplier<List<GroupKind>> groups, Time time) {
        this.groups = groups;
        this.time = time;
    }

    void offerTo(BeanSet beans) {
        Map<String, Map<String, Supplier<Object>>> byState = new TreeMap<>();
        STATES.forEach((protocol, states) -> {
            beans.values(
                    COORDINATOR + "protocol=" + protocol,
                    Map.of("group-count", () -> count(group -> isOf(protocol, group))));
            for (String state : states) {
                byState.computeIfAbsent(state, key -> new TreeMap<>())
                        .put(protocol + "-group-count", () -> count(protocol, state));
            }
        });
        byState.forEach((state, counts) -> beans.values(COORDINATOR + "state=" + state, counts));
        beans.gauge(CLASSIC, () -> count(group -> isOf("classic", group)));
        for (String state : STATES.getOrDefault("classic", List.of())) {
            beans.gauge(CLASSIC + state, () -> count("classic", state));
        }
    }

    private static boolean isOf(String protocol, GroupKind group) {
        return group.type().equalsIgnoreCase(protocol);
    }

    private Object count(String protocol, String state) {
        return count(group -> isOf(protocol, group) && group.state().equals(state));
    }

    private Object count(Predicate<GroupKind> which) {
        return now().stream().filter(which).count();
    }

    private synchronized List<GroupKind> now() {
        if (!asked || time.milliseconds() - listedAtMs >= REMEMBERED_MS) {
            listed = groups.get();
            listedAtMs = time.milliseconds();
            asked = true;
        }
        return listed;
    }
}
