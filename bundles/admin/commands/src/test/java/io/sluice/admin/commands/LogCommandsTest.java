package io.sluice.admin.commands;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

final class LogCommandsTest {
    @TempDir
    private Path directory;

    private final LoggerLevels levels = new LoggerLevels(LoggerFactory.getILoggerFactory());

    @Test
    void shouldFindWhereTheLastLinesBegin() {
        byte[] text = "one\ntwo\nthree\n".getBytes(StandardCharsets.UTF_8);

        assertThat(LogCommands.startOfLastLines(text, 1)).isEqualTo(8);
        assertThat(LogCommands.startOfLastLines(text, 2)).isEqualTo(4);
        assertThat(LogCommands.startOfLastLines(text, 9)).isZero();
        assertThat(LogCommands.startOfLastLines(new byte[0], 1)).isZero();
    }

    @Test
    void shouldPrintTheLastLines() throws Exception {
        Path log = Files.writeString(directory.resolve("x.log"), "one\ntwo\nthree\n");
        InvocationFake invocation = new InvocationFake().with("lines", "2");

        assertThat(new LogCommands(log, levels).all().get(0).run(invocation)).isZero();

        assertThat(invocation.printed()).isEqualTo("two\nthree\n");
    }

    @Test
    void shouldSetALevelAtOnceAndTakeItBack() throws Exception {
        levels.set("io.sluice.levels", "error");
        assertThat(levels.effective("io.sluice.levels")).isEqualTo("ERROR");
        assertThat(LoggerFactory.getLogger("io.sluice.levels.below").isWarnEnabled())
                .isFalse();
        assertThat(levels.own()).containsEntry("io.sluice.levels", "ERROR");

        levels.set("io.sluice.levels", null);
        assertThat(levels.own()).doesNotContainKey("io.sluice.levels");
        assertThatThrownBy(() -> levels.set("x", "loud")).hasMessageContaining("there is no level loud");
    }
}
