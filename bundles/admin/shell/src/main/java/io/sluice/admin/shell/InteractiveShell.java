package io.sluice.admin.shell;

import io.sluice.admin.api.ShellTerminal;
import java.io.BufferedOutputStream;
import java.io.IOError;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.apache.felix.gogo.jline.Shell;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.jline.terminal.Attributes;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.terminal.impl.ExternalTerminal;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gogo's interactive shell over a client's streams; the client's own terminal is in raw mode. Each session runs on the
 * thread of its connection. Closing ends all sessions.
 */
final class InteractiveShell implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(InteractiveShell.class);
    private static final int BUFFER_BYTES = 8192;
    private static final Size USUAL_SIZE = new Size(80, 24);

    private final UnaryOperator<@Nullable String> properties;
    private final Set<Terminal> terminals = ConcurrentHashMap.newKeySet();
    private final GogoGateway gateway;

    /** @param properties the framework's, by name */
    InteractiveShell(GogoGateway gateway, UnaryOperator<@Nullable String> properties) {
        this.gateway = gateway;
        this.properties = properties;
    }

    /** Serves one user until the end of the input or {@code exit}. */
    int run(ShellTerminal client, ShellSignal signal) throws IOException {
        CommandProcessor gogo = gateway.processor();
        if (gogo == null) {
            PrintStream text = new PrintStream(client.out(), true, StandardCharsets.UTF_8);
            text.print("the interactive shell is not there: install the feature standard\r\n");
            return CommandRunner.FAILED;
        }
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        Thread.currentThread().setContextClassLoader(TerminalBuilder.class.getClassLoader());
        try (Terminal terminal = open(client)) {
            terminals.add(terminal);
            signal.handledBy(() -> terminal.raise(Terminal.Signal.INT));
            client.watch(new Watching(client, terminal, signal));
            try {
                serve(gogo, terminal);
            } finally {
                terminals.remove(terminal);
            }
            return CommandRunner.DONE;
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    private static Terminal open(ShellTerminal client) throws IOException {
        String type = client.type().isEmpty() ? Terminal.TYPE_DUMB : client.type();
        Terminal terminal = new ExternalTerminal(
                "sluice",
                type,
                client.in(),
                new BufferedOutputStream(client.out(), BUFFER_BYTES),
                StandardCharsets.UTF_8);
        Attributes attributes = terminal.getAttributes();
        attributes.setOutputFlag(Attributes.OutputFlag.ONLCR, true);
        terminal.setAttributes(attributes);
        terminal.setSize(size(client));
        return terminal;
    }

    private static Size size(ShellTerminal client) {
        boolean known = client.columns() > 0 && client.rows() > 0;
        return known ? new Size(client.columns(), client.rows()) : USUAL_SIZE;
    }

    private void serve(CommandProcessor gogo, Terminal terminal) {
        try (CommandSession session = gogo.createSession(terminal.input(), terminal.output(), terminal.output())) {
            session.put(Shell.VAR_TERMINAL, terminal);
            new Shell(new ShellContext(properties), gogo).gosh(session, new String[] {"--login", "--noshutdown"});
        } catch (Exception | IOError e) { // JLine reports a closed terminal as an IOError
            LOG.debug("an interactive session ended", e);
        }
    }

    /** Ends a session from within: its terminal gives no more input. */
    static void end(CommandSession session) throws IOException {
        Terminal terminal = Shell.getTerminal(session);
        if (terminal != null) {
            terminal.close();
        }
    }

    @Override
    public void close() {
        for (Terminal terminal : terminals) {
            try {
                terminal.close();
            } catch (IOException e) {
                LOG.debug("a terminal did not close: {}", e.toString());
            }
        }
    }

    /** Passes on what happens to the client's terminal. */
    private record Watching(ShellTerminal client, Terminal terminal, ShellSignal signal)
            implements ShellTerminal.Watcher {
        @Override
        public void resized() {
            terminal.setSize(size(client));
            terminal.raise(Terminal.Signal.WINCH);
        }

        @Override
        public void hungUp() {
            signal.hangUp();
        }
    }

    /** What Gogo's shell asks its surroundings for; it never ends the framework. */
    private record ShellContext(UnaryOperator<@Nullable String> properties) implements Shell.Context {
        @Override
        public @Nullable String getProperty(String name) {
            return properties.apply(name.equals("gosh.home") ? "sluice.home" : name);
        }

        @Override
        public void exit() {}
    }
}
