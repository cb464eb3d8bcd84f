package io.sluice.admin.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.admin.api.Command;
import io.sluice.admin.api.SimpleCommand;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ShellCompletionTest {
    private final CommandRegistry registry = new CommandRegistry();
    private final ShellCompletion completion = new ShellCompletion(registry, Path.of("history"));
    private final Command command = new SimpleCommand(
            "topic",
            "describe",
            "Describes",
            "NAME [--partitions N] [--yes]",
            invocation -> 0,
            words -> words.isEmpty() ? List.of("hello") : List.of("after " + words));

    @Test
    void shouldAskTheCommandWhatCouldStandNext() {
        registry.add(command);

        assertThat(completion.complete(List.of("topic:describe"))).containsExactly("hello");
        assertThat(completion.complete(List.of("topic:describe", "a"))).containsExactly("after [a]");
        assertThat(completion.complete(List.of("unknown:command"))).isEmpty();
    }

    @Test
    void shouldOfferEveryOptionOfTheUsage() {
        assertThat(ShellCompletion.completionOf(command))
                .filteredOn(data -> data.options != null)
                .extracting(data -> data.options.get(0))
                .containsExactlyInAnyOrder("--partitions", "--yes", "--json", "--help");
    }
}
