package io.sluice.admin.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.admin.api.Command;
import io.sluice.admin.api.CommandException;
import io.sluice.admin.api.Invocation;
import io.sluice.admin.api.SimpleCommand;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class CommandRunnerTest {
    private final CommandRegistry registry = new CommandRegistry();
    private final CommandRunner runner = new CommandRunner(registry, new FelixLike());
    private final CapturedIo captured = new CapturedIo("");

    @BeforeEach
    void addCommands() {
        registry.add(command("topic", "list", "[--all]", invocation -> {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("name", "a\"b\n");
            row.put("size", 5);
            row.put("parts", Arrays.asList("x", null));
            row.put("hidden", "no column");
            invocation.table(List.of("name", "size", "parts"), List.of(row));
            return 0;
        }));
        registry.add(command("topic", "describe", "NAME", invocation -> {
            throw new CommandException(
                    1, "there is no topic " + invocation.arguments().get(0));
        }));
        registry.add(command("doctor", "check", "", invocation -> 1));
    }

    private static Command command(String noun, String verb, String usage, SimpleCommand.Action action) {
        return new SimpleCommand(noun, verb, "Does " + verb, usage, action);
    }

    private int run(String... words) {
        return runner.run(List.of(words), captured.io());
    }

    @Test
    void shouldPrintATable() {
        assertThat(run("topic:list")).isZero();
        assertThat(captured.out()).isEqualTo("NAME   SIZE  PARTS\na\"b\\n     5  x,-\n");
    }

    @Test
    void shouldPrintJsonWithTheColumnsOnly() {
        assertThat(run("topic:list", "--json")).isZero();
        assertThat(captured.out()).isEqualTo("[{\"name\":\"a\\\"b\\n\",\"size\":5,\"parts\":[\"x\",null]}]\n");
    }

    @Test
    void shouldPassOnTheExitCodeAndTheSentenceOfAFailure() {
        assertThat(run("topic:describe", "x")).isEqualTo(1);
        assertThat(captured.err()).isEqualTo("topic:describe: there is no topic x\n");
        assertThat(run("doctor")).isEqualTo(1);
    }

    @Test
    void shouldEndWithTwoForWrongArguments() {
        assertThat(run("topic:describe")).isEqualTo(2);
        assertThat(captured.err()).contains("NAME is missing");
    }

    @Test
    void shouldNameTheNearestCommands() {
        assertThat(run("tpoic:list")).isEqualTo(2);
        assertThat(captured.err()).isEqualTo("there is no command tpoic:list; did you mean topic:list?\n");
    }

    @Test
    void shouldListTheCommandsOfANoun() {
        assertThat(run("topic")).isEqualTo(2);
        assertThat(captured.err()).contains("topic:describe  Does describe").contains("topic:list");
    }

    @Test
    void shouldHelpWithEachCommand() {
        assertThat(run("topic:list", "--help")).isZero();
        assertThat(captured.out()).contains("usage: topic:list [--all] [--json]");
        assertThat(run("help", "topic:describe")).isZero();
        assertThat(captured.out()).contains("usage: topic:describe NAME [--json]");
    }

    @Test
    void shouldPassForeignCommandsOn() {
        assertThat(run("scr:list", "x y")).isZero();
        assertThat(captured.out()).isEqualTo("felix [scr:list, x y]\n");
    }

    @Test
    void shouldGoOnWithTheLaterOfTwoCommandsWhenTheEarlierGoes() {
        Command earlier = registry.find("doctor");
        Command later = command("doctor", "check", "", invocation -> 0);
        registry.add(later);
        registry.remove(earlier);
        assertThat(run("doctor")).isZero();
    }

    @Test
    void shouldReportAFailureThatNoCommandShouldHave() {
        registry.add(command("x", "break", "", CommandRunnerTest::broken));
        assertThat(run("x:break")).isEqualTo(1);
        assertThat(captured.err()).contains("IllegalStateException: oh").contains("log");
    }

    private static int broken(Invocation invocation) {
        throw new IllegalStateException("oh" + invocation.arguments().size());
    }

    /** One command of somebody else's. */
    private static final class FelixLike implements ForeignCommands {
        @Override
        public boolean has(String name) {
            return name.equals("scr:list");
        }

        @Override
        public Collection<String> names() {
            return List.of("scr:list");
        }

        @Override
        public int run(List<String> words, CommandIo io) {
            io.out().println("felix " + words);
            return 0;
        }
    }
}
