package io.sluice.admin.shell;

import io.sluice.admin.api.Command;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Function;
import org.apache.felix.service.command.Process;
import org.jspecify.annotations.Nullable;

/**
 * One of our commands as Gogo calls it. Gogo interrupts its thread on Ctrl-C, so the command runs on one of ours; the
 * interrupt becomes a flag, and Gogo waits until the command has seen it.
 */
final class CommandFunction implements Function {
    private final Command command;
    private final CommandRunner runner;
    private final Executor threads;

    CommandFunction(Command command, CommandRunner runner, Executor threads) {
        this.command = command;
        this.runner = runner;
        this.threads = threads;
    }

    @Override
    public @Nullable Object execute(CommandSession session, List<Object> arguments) throws InterruptedException {
        List<String> words = arguments.stream().map(String::valueOf).toList();
        Process process = Process.Utils.current();
        Run run = new Run();
        CommandIo io =
                new CommandIo(session.currentDir(), process.in(), process.out(), process.err(), () -> run.stopped);
        threads.execute(() -> {
            try {
                run.exitCode = runner.run(command, words, io);
            } finally {
                run.done.countDown();
            }
        });
        run.await();
        if (run.exitCode != CommandRunner.DONE) {
            process.error(run.exitCode);
        }
        return null;
    }

    private static final class Run {
        private final CountDownLatch done = new CountDownLatch(1);
        private volatile boolean stopped;
        private volatile int exitCode = CommandRunner.FAILED;

        private void await() throws InterruptedException {
            try {
                done.await();
            } catch (InterruptedException e) {
                stopped = true;
                done.await();
            }
        }
    }
}
