package io.sluice.admin.ssh;

import io.sluice.admin.api.CommandLine;
import io.sluice.admin.api.CommandStreams;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.apache.sshd.server.command.CommandFactory;
import org.apache.sshd.server.shell.ShellFactory;
import org.jspecify.annotations.Nullable;

/**
 * What a user can ask for: one command ({@code ssh host topic:list}), the interactive shell, or, where no terminal was asked for, commands line by line from standard
 * input. Commands are those of {@code bin/sluice}, with its exit codes; the shell is asked for anew each time, since it may have been replaced.
 */
final class SshRequests implements CommandFactory, ShellFactory {
    private static final int FAILED = 1;
    private static final int WRONG_ARGUMENTS = 2;

    private final Supplier<@Nullable CommandLine> commands;
    private final Executor threads;
    private final Path workingDirectory;

    SshRequests(Supplier<@Nullable CommandLine> commands, Executor threads, Path workingDirectory) {
        this.commands = commands;
        this.threads = threads;
        this.workingDirectory = workingDirectory;
    }

    @Override
    public Command createCommand(ChannelSession channel, String line) {
        boolean terminal = ChannelTerminal.isAskedFor(channel);
        return terminal && line.strip().equals("shell")
                ? new ServedChannel(threads, this::shell, false)
                : new ServedChannel(threads, served -> command(line, served), terminal);
    }

    @Override
    public Command createShell(ChannelSession channel) {
        return new ServedChannel(threads, ChannelTerminal.isAskedFor(channel) ? this::shell : this::script, false);
    }

    private int command(String line, ServedChannel channel) {
        List<String> words;
        try {
            words = CommandWords.of(line);
        } catch (IllegalArgumentException e) {
            channel.err().println(e.getMessage());
            return WRONG_ARGUMENTS;
        }
        CommandLine shell = commands.get();
        if (shell == null) {
            channel.err().println("the shell is being replaced; try again");
            return FAILED;
        }
        return shell.run(
                words,
                new CommandStreams(
                        workingDirectory, channel.in(), channel.out(), channel.err(), channel::isInterrupted));
    }

    private int shell(ServedChannel channel) throws IOException {
        CommandLine shell = commands.get();
        if (shell == null) {
            channel.err().print("the shell is being replaced; try again\r\n");
            return FAILED;
        }
        return shell.shell(channel.terminal());
    }

    /** @return the exit code of the last command, as other shells do */
    private int script(ServedChannel channel) throws IOException {
        int code = 0;
        for (String line = channel.in().readLine();
                line != null && !channel.isInterrupted() && !line.strip().equals("exit");
                line = channel.in().readLine()) {
            String text = line.strip();
            if (!text.isEmpty() && !text.startsWith("#")) {
                code = command(text, channel);
            }
        }
        return code;
    }
}
