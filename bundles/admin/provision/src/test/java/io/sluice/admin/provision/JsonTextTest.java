package io.sluice.admin.provision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

final class JsonTextTest {
    @Test
    void shouldReadEveryKindOfValueAndSkipComments() {
        assertThat(
                        JsonText.parse(
                                "/* a */ {\"a\": [1, -2.5, true, false, null], // b\n \"c\": {\"d\": \"\\u0041\\n\\\"\"}, \"e\": []}"))
                .isEqualTo(Map.of(
                        "a", Arrays.asList(1L, -2.5, true, false, null), "c", Map.of("d", "A\n\""), "e", List.of()));
    }

    @Test
    void shouldSayInWhichLineItIsWrong() {
        assertThatThrownBy(() -> JsonText.parse("{\n\"a\" 1}")).hasMessage("line 2: ':' is missing");
        assertThatThrownBy(() -> JsonText.parse("[1,]")).hasMessageContaining("not a value");
        assertThatThrownBy(() -> JsonText.parse("[1] x")).hasMessageContaining("more after the end");
        assertThatThrownBy(() -> JsonText.parse("[".repeat(1000))).hasMessageContaining("nested too deeply");
    }

    @Property
    void shouldEndOnAnyText(@ForAll String text) {
        try {
            JsonText.parse(text);
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageStartingWith("line ");
        }
    }
}
