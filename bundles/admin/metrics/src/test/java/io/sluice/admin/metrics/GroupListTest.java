package io.sluice.admin.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class GroupListTest {
    private static final List<Groups.Listed> LISTED = List.of(
            new Groups.Listed("!invented", "Classic", "Empty"),
            new Groups.Listed("a-gone", "Classic", "Dead"),
            new Groups.Listed("orders", "Consumer", "Stable"),
            new Groups.Listed("app", "Streams", "Reconciling"));

    @Test
    void shouldPutGroupsWithMembersFirst() {
        GroupList groups = new GroupList(() -> LISTED);
        assertThat(groups.latest()).isEmpty();
        assertThat(groups.look()).containsExactly("app", "orders", "!invented", "a-gone");
        assertThat(groups.latest()).isEqualTo(LISTED);
    }
}
