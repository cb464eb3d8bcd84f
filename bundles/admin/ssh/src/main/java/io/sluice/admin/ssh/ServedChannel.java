package io.sluice.admin.ssh;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.Signal;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.channel.ChannelSessionAware;
import org.apache.sshd.server.command.Command;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One channel of a connection, on which one request is served by a thread of its own. MINA SSHD's I/O threads give it its streams, start it, and tell it that the user is gone:
 * then its input ends and what runs is told to stop.
 */
final class ServedChannel implements Command, ChannelSessionAware {
    private static final Logger LOG = LoggerFactory.getLogger(ServedChannel.class);
    private static final int BUFFER_BYTES = 8192;
    private static final int FAILED = 1;

    private final Executor threads;
    private final Request request;
    private final boolean typed;
    private volatile @Nullable ChannelInput input;
    private volatile @Nullable ChannelTerminal terminal;
    private @Nullable OutputStream rawOut;
    private @Nullable PrintStream out;
    private @Nullable PrintStream err;
    private @Nullable ExitCallback exit;
    private volatile boolean interrupted;

    /** @param typed whether a command talks to a raw terminal: Ctrl-C stops it, and its lines end as a terminal wants them */
    ServedChannel(Executor threads, Request request, boolean typed) {
        this.threads = threads;
        this.request = request;
        this.typed = typed;
    }

    /** What is done on a channel. */
    @FunctionalInterface
    interface Request {
        /** @return the exit code */
        int serve(ServedChannel channel) throws IOException;
    }

    @Override
    public void setChannelSession(ChannelSession channel) {
        ChannelInput made = new ChannelInput(channel.getLocalWindow(), typed ? this::interrupt : null);
        input = made;
        channel.setDataReceiver(made);
    }

    /** Not used: the channel's data comes to our own receiver. */
    @Override
    public void setInputStream(InputStream unused) {}

    @Override
    public void setOutputStream(OutputStream stream) {
        rawOut = stream;
        out = printing(stream);
    }

    @Override
    public void setErrorStream(OutputStream stream) {
        err = printing(stream);
    }

    private PrintStream printing(OutputStream stream) {
        OutputStream buffered = new BufferedOutputStream(stream, BUFFER_BYTES);
        return new PrintStream(typed ? new TerminalOutput(buffered) : buffered, false, StandardCharsets.UTF_8);
    }

    @Override
    public void setExitCallback(ExitCallback callback) {
        exit = callback;
    }

    @Override
    public void start(ChannelSession channel, Environment environment) {
        environment.addSignalListener((from, signal) -> interrupt(), Signal.INT, Signal.TERM, Signal.QUIT);
        if (ChannelTerminal.isAskedFor(channel)) {
            ChannelTerminal made = new ChannelTerminal(in(), Objects.requireNonNull(rawOut), environment);
            environment.addSignalListener((from, signal) -> made.resized(), Signal.WINCH);
            terminal = made;
        }
        try {
            threads.execute(this::serve);
        } catch (RejectedExecutionException e) {
            err().println("too much is served by ssh at once; try again");
            end(FAILED);
        }
    }

    private void serve() {
        int code = FAILED;
        try {
            code = request.serve(this);
        } catch (IOException e) {
            LOG.debug("a channel of ssh ended", e);
        } catch (RuntimeException | LinkageError e) {
            LOG.warn("a request by ssh could not be served", e);
            err().println("it could not be served: " + e + "; the log has the details");
        } finally {
            end(code);
        }
    }

    private void end(int code) {
        out().flush();
        err().flush();
        Objects.requireNonNull(exit).onExit(code);
    }

    /** The channel is closed, by the user or by the end of the connection or of the listener. */
    @Override
    public void destroy(ChannelSession channel) {
        interrupt();
        in().end();
        ChannelTerminal left = terminal;
        if (left != null) {
            left.hungUp();
        }
    }

    private void interrupt() {
        interrupted = true;
    }

    /** Whether the user wants what runs to stop, or is gone. */
    boolean isInterrupted() {
        return interrupted;
    }

    ChannelInput in() {
        return Objects.requireNonNull(input);
    }

    PrintStream out() {
        return Objects.requireNonNull(out);
    }

    PrintStream err() {
        return Objects.requireNonNull(err);
    }

    /** The terminal of the user, who has asked for one. */
    ChannelTerminal terminal() {
        return Objects.requireNonNull(terminal);
    }
}
