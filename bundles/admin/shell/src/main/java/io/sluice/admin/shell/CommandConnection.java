package io.sluice.admin.shell;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client of the command socket: reads its command line, runs it, and sends what it prints and its exit code. Two
 * threads: this one runs the command, the other reads input and interrupts, so that a client that goes away stops its command.
 */
final class CommandConnection implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(CommandConnection.class);
    private static final int FRAME_BYTES_MAX = 1 << 20;

    private final SocketChannel channel;
    private final CommandRunner runner;
    private final InteractiveShell shell;
    private final Executor threads;
    private final FrameWriter frames;
    private final ClientInput input;
    private final ShellSignal signal = new ShellSignal();

    CommandConnection(SocketChannel channel, CommandRunner runner, InteractiveShell shell, Executor threads) {
        this.channel = channel;
        this.runner = runner;
        this.shell = shell;
        this.threads = threads;
        this.frames = new FrameWriter(channel);
        this.input = new ClientInput(frames);
    }

    @Override
    public void run() {
        try (channel) {
            DataInputStream in = new DataInputStream(Channels.newInputStream(channel));
            Hello hello = Hello.read(in);
            threads.execute(() -> receive(in));
            frames.exit(serve(hello));
        } catch (IOException | RejectedExecutionException e) {
            LOG.debug("a client of the command socket went away: {}", e.toString());
        } finally {
            input.end();
        }
    }

    private int serve(Hello hello) throws IOException {
        if (hello.isInteractive()) {
            return shell.run(new ClientTerminal(hello, input, frames.raw(FrameKind.OUTPUT)), signal);
        }
        PrintStream out = frames.stream(FrameKind.OUTPUT);
        PrintStream err = frames.stream(FrameKind.ERROR);
        int code =
                runner.run(hello.words(), new CommandIo(hello.workingDirectory(), input, out, err, signal::isRaised));
        out.flush();
        err.flush();
        return code;
    }

    private void receive(DataInputStream in) {
        try {
            for (int kind = in.read(); kind >= 0; kind = in.read()) {
                int length = in.readInt();
                if (length < 0 || length > FRAME_BYTES_MAX) {
                    throw new IOException("a frame of " + length + " bytes");
                }
                byte[] bytes = in.readNBytes(length);
                if (kind == FrameKind.INPUT) {
                    input.offer(bytes);
                } else if (kind == FrameKind.INTERRUPT && !signal.raise()) {
                    input.end();
                }
            }
        } catch (IOException | InterruptedException e) {
            LOG.debug("the command socket ended: {}", e.toString());
        } finally {
            signal.hangUp();
            input.end();
        }
    }
}
