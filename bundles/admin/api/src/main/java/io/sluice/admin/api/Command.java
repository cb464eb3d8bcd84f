package io.sluice.admin.api;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * One command of the shell, {@code noun:verb}, as a whiteboard service: it is offered interactively and for one shot, with
 * {@code --json} where it prints data. Runs on a thread of its own that is never interrupted while it does I/O.
 */
@ConsumerType
public interface Command {
    /** {@code topic} in {@code topic:list}. */
    String noun();

    /** {@code list} in {@code topic:list}. */
    String verb();

    /** One line for the list of commands. */
    String summary();

    /** The arguments, for {@code --help}: {@code NAME [--partitions N]}. */
    String usage();

    /** Words that could stand next, for completion. */
    default List<String> complete(List<String> words) {
        return List.of();
    }

    /**
     * @return the exit code: 0 done, 1 refused or failed, 2 wrong arguments
     * @throws CommandException for a failure that one sentence explains
     */
    int run(Invocation invocation) throws Exception;
}
