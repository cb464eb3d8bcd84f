package io.sluice.admin.api;

import java.io.IOException;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The command line of the broker as a service of the shell: what {@code bin/sluice} runs, for whatever else lets people in. Any number of
 * threads may use it. It goes when the shell is replaced; then sessions end, and running commands come to their end.
 */
@ProviderType
public interface CommandLine {
    /**
     * Runs one command, already split into words, on the caller's thread, which nobody may interrupt meanwhile. What it prints is flushed; the streams stay
     * the caller's.
     *
     * @return the exit code: 0 done, 1 refused or failed, 2 wrong arguments or no such command
     */
    int run(List<String> words, CommandStreams streams);

    /**
     * Serves one user of the interactive shell on the caller's thread, until the end of the input, until {@code exit}, or until the shell goes.
     *
     * @return the exit code
     * @throws IOException when the terminal cannot be used
     */
    int shell(ShellTerminal terminal) throws IOException;
}
