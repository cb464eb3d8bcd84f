package io.sluice.admin.shell;

import io.sluice.admin.api.Command;
import io.sluice.admin.api.CommandException;
import java.io.PrintStream;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one command line, already split into words: our commands directly, others through Gogo. Blocks until the command
 * is done; any thread that nobody interrupts.
 */
final class CommandRunner {
    static final int DONE = 0;
    static final int FAILED = 1;

    private static final Logger LOG = LoggerFactory.getLogger(CommandRunner.class);

    private final CommandRegistry registry;
    private final ForeignCommands foreign;

    CommandRunner(CommandRegistry registry, ForeignCommands foreign) {
        this.registry = registry;
        this.foreign = foreign;
    }

    /** @return the exit code: 0 done, 1 refused or failed, 2 wrong arguments or no such command */
    int run(List<String> words, CommandIo io) {
        List<String> rest = words.isEmpty() ? List.of() : words.subList(1, words.size());
        String name = words.isEmpty() ? "help" : words.get(0);
        if (name.equals("help") || name.equals("--help") || name.equals("-h")) {
            return help(rest, io);
        }
        Command command = registry.find(name);
        if (command != null) {
            return run(command, rest, io);
        }
        List<Command> ofNoun = registry.ofNoun(name);
        if (!ofNoun.isEmpty()) {
            printList(io.err(), ofNoun);
            return Arguments.WRONG_ARGUMENTS;
        }
        if (foreign.has(name)) {
            return foreign.run(words, io);
        }
        return unknown(name, io);
    }

    /** Runs one of our commands with the words after its name. */
    int run(Command command, List<String> words, CommandIo io) {
        try {
            Arguments arguments = Arguments.parse(words, CommandUsage.parse(command.usage()));
            if (arguments.options().containsKey("help")) {
                printHelp(command, io.out());
                return DONE;
            }
            return command.run(new CommandInvocation(arguments, io));
        } catch (CommandException e) {
            return failed(command, io, e.exitCode(), String.valueOf(e.getMessage()));
        } catch (Exception | LinkageError e) {
            LOG.warn("{} failed", CommandRegistry.name(command), e);
            return failed(command, io, FAILED, e + "; the log has the details");
        } finally {
            io.out().flush();
            io.err().flush();
        }
    }

    private static int failed(Command command, CommandIo io, int exitCode, String sentence) {
        io.out().flush();
        io.err().println(CommandRegistry.name(command) + ": " + sentence);
        return exitCode;
    }

    private int unknown(String name, CommandIo io) {
        Collection<String> names = new TreeSet<>(registry.names());
        names.addAll(foreign.names());
        List<String> nearest = Nearest.to(name, names);
        io.err()
                .println("there is no command " + name + "; "
                        + (nearest.isEmpty()
                                ? "`help` lists them"
                                : "did you mean " + String.join(", ", nearest) + "?"));
        io.err().flush();
        return Arguments.WRONG_ARGUMENTS;
    }

    private int help(List<String> rest, CommandIo io) {
        boolean json = rest.contains("--json");
        List<String> names = rest.stream().filter(word -> !word.startsWith("-")).toList();
        if (!names.isEmpty()) {
            Command command = registry.find(names.get(0));
            if (command == null) {
                return run(names.subList(0, 1), io);
            }
            printHelp(command, io.out());
        } else if (json) {
            List<Map<String, String>> rows =
                    registry.all().stream().map(CommandRunner::row).toList();
            io.out().println(JsonWriter.write(rows));
        } else {
            printList(io.out(), registry.all());
            io.out().println();
            io.out()
                    .println(
                            "Each takes --help and --json. `shell` opens the interactive shell, which has Felix's felix: and scr: too.");
        }
        io.out().flush();
        return DONE;
    }

    private static Map<String, String> row(Command command) {
        Map<String, String> row = new LinkedHashMap<>();
        row.put("name", CommandRegistry.name(command));
        row.put("summary", command.summary());
        row.put("usage", command.usage());
        return row;
    }

    private static void printList(PrintStream out, Collection<Command> commands) {
        int width = commands.stream()
                .mapToInt(command -> CommandRegistry.name(command).length())
                .max()
                .orElse(0);
        for (Command command : commands) {
            String name = CommandRegistry.name(command);
            out.println("  " + name + " ".repeat(width - name.length()) + "  " + command.summary());
        }
        out.flush();
    }

    private static void printHelp(Command command, PrintStream out) {
        out.println(command.summary());
        out.println("usage: " + (CommandRegistry.name(command) + " " + command.usage()).trim() + " [--json]");
    }
}
