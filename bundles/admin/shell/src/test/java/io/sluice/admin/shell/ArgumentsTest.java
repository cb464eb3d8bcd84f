package io.sluice.admin.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.admin.api.CommandException;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ArgumentsTest {
    private static final CommandUsage USAGE = CommandUsage.parse(
            "NAME [OTHER]... [--partitions N] [--from earliest|latest|OFFSET] [--config KEY=VALUE]... [--yes] --topic TOPIC");

    private static Arguments parse(String... words) throws CommandException {
        return Arguments.parse(List.of(words), USAGE);
    }

    @Test
    void shouldTellArgumentsFromOptionsByTheUsage() throws Exception {
        Arguments arguments = parse(
                "a",
                "--partitions",
                "3",
                "b",
                "--config=x=1",
                "--config",
                "y=2",
                "--yes",
                "--from",
                "-1",
                "--topic",
                "t");

        assertThat(arguments.arguments()).containsExactly("a", "b");
        assertThat(arguments.options().get("partitions")).containsExactly("3");
        assertThat(arguments.options().get("config")).containsExactly("x=1", "y=2");
        assertThat(arguments.options().get("yes")).isEmpty();
        assertThat(arguments.options().get("from")).containsExactly("-1");
        assertThat(arguments.options().get("topic")).containsExactly("t");
    }

    @Test
    void shouldTakeEverythingAfterTwoDashesAsArguments() throws Exception {
        assertThat(parse("--", "--partitions", "x").arguments()).containsExactly("--partitions", "x");
    }

    @Test
    void shouldSayWhatIsWrong() {
        assertThatThrownBy(() -> parse("a", "--partition", "3"))
                .hasMessage("there is no option --partition; did you mean --partitions?")
                .satisfies(e -> assertThat(((CommandException) e).exitCode()).isEqualTo(2));
        assertThatThrownBy(() -> parse("a", "--partitions")).hasMessage("--partitions needs a value");
        assertThatThrownBy(() -> parse("a", "--yes=no")).hasMessage("--yes takes no value");
        assertThatThrownBy(ArgumentsTest::parse).hasMessage("NAME is missing; see --help");
        assertThatThrownBy(() -> Arguments.parse(List.of("a", "b"), CommandUsage.parse("NAME")))
                .hasMessage("one argument too many: b");
    }

    @Test
    void shouldAskForNothingElseWhenHelpIsWanted() throws Exception {
        assertThat(parse("--help").options()).containsKey("help");
        assertThat(parse("-h").options()).containsKey("help");
    }
}
