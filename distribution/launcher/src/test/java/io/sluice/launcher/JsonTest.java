package io.sluice.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    @Test
    void shouldReadEveryKindOfValue() {
        assertThat(Json.parse(" { \"a\" : [ 1, -2.5e1, true , false, \"x\" ], \"b\" : { }, \"c\" : [ ] } "))
                .isEqualTo(Map.of("a", List.of(1.0, -25.0, true, false, "x"), "b", Map.of(), "c", List.of()));
        assertThat(Json.parse("null")).isNull();
    }

    @Test
    void shouldReadEscapedCharacters() {
        assertThat(Json.parse("\"\\\"\\\\\\/\\n\\t\\r\\b\\f\\u00e9\"")).isEqualTo("\"\\/\n\t\r\b\fé");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[1,", "[1 2]", "{\"a\"}", "{a:1}", "\"open", "tru", "1 2", "\"\\u12\"", "[1]]"})
    void shouldSayWhereTheTextIsWrong(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Json.parse(text)).withMessageContaining("at character");
    }
}
