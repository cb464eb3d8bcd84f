package io.sluice.admin.commands;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class FailureTextTest {
    @Test
    void shouldGiveTheInnermostCause() {
        assertThat(FailureText.of("a.Wrapped\n\tat x\nCaused by: b.Inner: too small\n\tat y\n\t... 5 more\n"))
                .isEqualTo("b.Inner: too small");
        assertThat(FailureText.of("a.Only: here\n\tat x")).isEqualTo("a.Only: here");
    }
}
