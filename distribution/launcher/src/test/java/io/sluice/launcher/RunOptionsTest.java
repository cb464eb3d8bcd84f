package io.sluice.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunOptionsTest {
    @TempDir
    Path folder;

    @Test
    void shouldUseDataInTheWorkingDirectoryWhenNothingIsGiven() throws Exception {
        RunOptions options = RunOptions.parse(List.of());
        assertThat(options.data()).isEqualTo(Path.of("data").toAbsolutePath());
        assertThat(options.config()).isEmpty();
        assertThat(options.settings()).isEmpty();
    }

    @Test
    void shouldKeepSettingsInTheirOrderWithPortAndNodeIdAmongThem() throws Exception {
        RunOptions options = RunOptions.parse(
                List.of("--set", "a=1", "--port", "9999", "--node-id=7", "--set=b=2=3", "--set", "c="));
        assertThat(options.settings())
                .containsExactly("a=1", "listeners=PLAINTEXT://127.0.0.1:9999", "node.id=7", "b=2=3", "c=");
    }

    @Test
    void shouldLetTheLastDataDirectoryWin() throws Exception {
        assertThat(RunOptions.parse(List.of("--data", "one", "--data=" + folder))
                        .data())
                .isEqualTo(folder);
    }

    @Test
    void shouldTakeAConfigurationFileThatIsThere() throws Exception {
        Path file = Files.writeString(folder.resolve("server.properties"), "a=b\n");
        assertThat(RunOptions.parse(List.of("--config", file.toString())).config())
                .isEqualTo(file.toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--bogus x|does not know --bogus",
                "extra|does not know extra",
                "--port|--port needs a value",
                "--port ninety|takes a number, not ninety",
                "--port 70000|from 0 to 65535, not 70000",
                "--port -1|from 0 to 65535, not -1",
                "--set novalue|KEY=VALUE, not novalue",
                "--set =x|KEY=VALUE, not =x",
                "--config /nowhere/at.all|/nowhere/at.all cannot be read"
            })
    void shouldRefuseWhatItDoesNotUnderstandInOneSentence(String words, String sentence) {
        assertThatThrownBy(() -> RunOptions.parse(List.of(words.split(" "))))
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.exitCode()).isEqualTo(2))
                .hasMessageContaining(sentence)
                .message()
                .doesNotContain("\n");
    }
}
