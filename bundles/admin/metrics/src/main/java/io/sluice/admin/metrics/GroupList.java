package io.sluice.admin.metrics;

import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The groups of one scrape, listed once for all who want to know. Those with members come first, so that ids that a client invents, which have none, do not take
 * the place of the groups that work.
 */
final class GroupList {
    private static final Set<String> IDLE = Set.of("Empty", "Dead");
    private static final Comparator<Groups.Listed> WORKING_FIRST = Comparator.comparing(
                    (Groups.Listed group) -> IDLE.contains(group.state()))
            .thenComparing(Groups.Listed::group);

    private final Supplier<List<Groups.Listed>> groups;
    private volatile List<Groups.Listed> latest = List.of();

    GroupList(Supplier<List<Groups.Listed>> groups) {
        this.groups = groups;
    }

    /** Lists them anew; their names, those that are to be shown rather first. */
    List<String> look() {
        List<Groups.Listed> listed = groups.get();
        latest = listed;
        return listed.stream().sorted(WORKING_FIRST).map(Groups.Listed::group).toList();
    }

    /** What was listed last, by name. */
    List<Groups.Listed> latest() {
        return latest;
    }
}
