package io.sluice.coordinator.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegexSizeTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "orders-.*",
                "[a-z0-9._-]{1,249}",
                "(eu|us)-[a-z]{2,20}(-v[0-9]+)?",
                "\\Q((a{1000}){1000}){1000}\\E",
                "[(){1000}]+",
                "[]{9}{9}]",
                "[[:alpha:]]{3,}",
                "a\\{1000}",
                "{}{,3}{x}",
                "(((",
                ")))",
                "[",
                "\\"
            })
    void shouldLetWhatIsMeantForTopicsPass(String regex) {
        assertThat(RegexSize.isTooLarge(regex)).isFalse();
    }

    @Test
    void shouldLetALongListOfNamesPass() {
        assertThat(RegexSize.isTooLarge("(" + "some-topic-or-other|".repeat(5_000) + "last)"))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "((a{1000}){1000}){1000}",
                "(?:(?:[a-z]{1,100}){1,100}){2}",
                "((a{0,999999999}){999999999,}){999999999}",
                "(a(b{100}c)(d{100}e)){900}"
            })
    void shouldRefuseRepetitionsOfRepetitions(String regex) {
        assertThat(RegexSize.isTooLarge(regex)).isTrue();
    }

    @Test
    void shouldRefuseGroupsThatAreTooDeep() {
        assertThat(RegexSize.isTooLarge("(".repeat(20_000) + "a" + ")".repeat(20_000)))
                .isTrue();
        assertThat(RegexSize.isTooLarge("(".repeat(20) + "a" + ")".repeat(20))).isFalse();
    }
}
