package io.sluice.admin.shell;

import io.sluice.admin.api.CommandLine;
import io.sluice.admin.api.CommandStreams;
import io.sluice.admin.api.ShellTerminal;
import java.io.IOException;
import java.util.List;

/** Commands and the interactive shell for those who do not come by the socket. */
final class ShellCommandLine implements CommandLine {
    private final CommandRunner runner;
    private final InteractiveShell shell;

    ShellCommandLine(CommandRunner runner, InteractiveShell shell) {
        this.runner = runner;
        this.shell = shell;
    }

    @Override
    public int run(List<String> words, CommandStreams streams) {
        return runner.run(
                words,
                new CommandIo(
                        streams.workingDirectory(), streams.in(), streams.out(), streams.err(), streams.interrupted()));
    }

    @Override
    public int shell(ShellTerminal terminal) throws IOException {
        return shell.run(terminal, new ShellSignal());
    }
}
