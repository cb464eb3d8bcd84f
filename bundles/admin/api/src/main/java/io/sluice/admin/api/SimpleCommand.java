package io.sluice.admin.api;

import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A command made of its texts and a function; for commands that need no class of their own. Immutable.
 *
 * @param completion words that could stand next, given those that are there
 */
public record SimpleCommand(
        String noun, String verb, String summary, String usage, Action action, UnaryOperator<List<String>> completion)
        implements Command {
    public SimpleCommand(String noun, String verb, String summary, String usage, Action action) {
        this(noun, verb, summary, usage, action, words -> List.of());
    }

    /** What it does; see {@link Command#run}. */
    @FunctionalInterface
    public interface Action {
        /** @return the exit code */
        int run(Invocation invocation) throws Exception;
    }

    @Override
    public List<String> complete(List<String> words) {
        return completion.apply(words);
    }

    @Override
    public int run(Invocation invocation) throws Exception {
        return action.run(invocation);
    }
}
