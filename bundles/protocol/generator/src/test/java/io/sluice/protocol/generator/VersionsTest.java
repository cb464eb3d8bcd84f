package io.sluice.protocol.generator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class VersionsTest {
    @Test
    void shouldReadEveryFormOfTheSchemas() {
        assertThat(Versions.parse("none").isEmpty()).isTrue();
        assertThat(Versions.parse("3")).isEqualTo(new Versions(3, 3));
        assertThat(Versions.parse("0-5")).isEqualTo(new Versions(0, 5));
        assertThat(Versions.parse("2+")).isEqualTo(new Versions(2, Short.MAX_VALUE));
    }

    @Test
    void shouldLeaveOneRangeWhenSubtracted() {
        Versions all = new Versions(0, 9);
        assertThat(all.minus(new Versions(4, 20))).isEqualTo(new Versions(0, 3));
        assertThat(all.minus(new Versions(0, 3))).isEqualTo(new Versions(4, 9));
        assertThat(all.minus(Versions.NONE)).isEqualTo(all);
        assertThat(all.minus(all).isEmpty()).isTrue();
        assertThatThrownBy(() -> all.minus(new Versions(3, 5))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldOnlyAskWhatIsNotKnown() {
        Versions possible = new Versions(2, 8);
        assertThat(Versions.parse("0+").condition(possible)).isEqualTo("true");
        assertThat(Versions.parse("0-1").condition(possible)).isEqualTo("false");
        assertThat(Versions.parse("5+").condition(possible)).isEqualTo("version >= 5");
        assertThat(Versions.parse("0-4").condition(possible)).isEqualTo("version <= 4");
        assertThat(Versions.parse("3-4").condition(possible)).isEqualTo("version >= 3 && version <= 4");
        assertThat(Versions.parse("6").condition(possible)).isEqualTo("version == 6");
    }
}
