package io.sluice.admin.shell;

import io.sluice.admin.api.Command;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.felix.gogo.jline.Shell;
import org.apache.felix.service.command.CommandSession;
import org.jline.builtins.Completers.CompletionData;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;

/**
 * Prepares an interactive session (our {@code etc/gosh_profile} calls {@code sluice:prepare}) and completes the words of
 * our commands ({@code sluice:complete}, which Gogo's completer evaluates).
 */
final class ShellCompletion {
    static final String SCOPE = "sluice";

    private final CommandRegistry registry;
    private final Path history;

    ShellCompletion(CommandRegistry registry, Path history) {
        this.registry = registry;
        this.history = history;
    }

    /** Sets the history's file and what completes each command. */
    void prepare(CommandSession session) {
        session.put(LineReader.HISTORY_FILE, history);
        LineReader reader = Shell.getReader(session);
        if (reader != null) {
            reader.setOpt(LineReader.Option.GROUP);
        }
        Map<String, List<CompletionData>> completions = Shell.getCompletions(session);
        if (completions != null) {
            registry.all().forEach(command -> completions.put(CommandRegistry.name(command), completionOf(command)));
        }
    }

    static List<CompletionData> completionOf(Command command) {
        List<CompletionData> data = new ArrayList<>();
        data.add(new CompletionData(null, command.summary(), null, null));
        CommandUsage.parse(command.usage()).options().forEach((name, takesValue) -> {
            String values = takesValue ? SCOPE + ":complete" : null;
            data.add(new CompletionData(List.of("--" + name), null, values, null));
        });
        data.add(new CompletionData(null, null, SCOPE + ":complete", null));
        return data;
    }

    /** What could stand at the cursor, given the words before it. */
    List<String> complete(CommandSession session) {
        ParsedLine line = Shell.getParsedLine(session);
        if (line == null || line.words().isEmpty() || line.wordIndex() < 1) {
            return List.of();
        }
        return complete(line.words().subList(0, line.wordIndex()));
    }

    List<String> complete(List<String> wordsBefore) {
        Command command = registry.find(wordsBefore.get(0));
        return command == null ? List.of() : command.complete(List.copyOf(wordsBefore.subList(1, wordsBefore.size())));
    }
}
