package io.sluice.admin.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

final class NearestTest {
    @Test
    void shouldCountASwapAsOneStep() {
        assertThat(Nearest.distance("tpoic", "topic")).isEqualTo(1);
        assertThat(Nearest.distance("", "abc")).isEqualTo(3);
    }

    @Test
    void shouldOfferTheClosestFirstAndNothingThatIsFar() {
        assertThat(Nearest.to("topic:lst", List.of("topic:list", "topic:last", "group:list", "zzz")))
                .containsExactly("topic:last", "topic:list");
        assertThat(Nearest.to("xyzzy", List.of("topic:list"))).isEmpty();
    }

    @Property
    void shouldBeZeroOnlyForTheSameWord(
            @ForAll @StringLength(max = 12) String a, @ForAll @StringLength(max = 12) String b) {
        assertThat(Nearest.distance(a, b) == 0).isEqualTo(a.equals(b));
        assertThat(Nearest.distance(a, b)).isEqualTo(Nearest.distance(b, a));
    }
}
