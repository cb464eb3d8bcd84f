package io.sluice.admin.metrics;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which topics and groups have samples of their own.
 *
 * @param topics their names; null for all
 * @param groups the same
 * @param topicsLeftOut how many have none
 */
record Shown(@Nullable Set<String> topics, @Nullable Set<String> groups, int topicsLeftOut, int groupsLeftOut) {
    /** What stands for all the others. */
    static final String OTHER = "_other";

    static final Shown ALL = new Shown(null, null, 0, 0);

    boolean topic(String name) {
        return topics == null || topics.contains(name);
    }

    boolean group(String name) {
        return groups == null || groups.contains(name);
    }
}
