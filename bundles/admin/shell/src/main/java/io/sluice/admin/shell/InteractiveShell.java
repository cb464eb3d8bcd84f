package io.sluice.admin.shell;

import java.io.BufferedOutputStream;
import java.io.IOError;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
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
    int run(Hello hello, InputStream in, OutputStream out, ShellSignal signal) throws IOException {
        CommandProcessor gogo = gateway.processor();
        if (gogo == null) {
            PrintStream text = new PrintStream(out, true, StandardCharsets.UTF_8);
            text.print("the interactive shell is not there: install the feature standard\r\n");
            return CommandRunner.FAILED;
        }
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        Thread.currentThread().setContextClassLoader(TerminalBuilder.class.getClassLoader());
        try (Terminal terminal = open(hello, in, out)) {
            terminals.add(terminal);
            signal.handledBy(() -> terminal.raise(Terminal.Signal.INT));
            serve(gogo, terminal);
            terminals.remove(terminal);
            return CommandRunner.DONE;
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    private static Terminal open(Hello hello, InputStream in, OutputStream out) throws IOException {
        String type = hello.terminalType().isEmpty() ? Terminal.TYPE_DUMB : hello.terminalType();
        Terminal terminal = new ExternalTerminal(
                "sluice", type, in, new BufferedOutputStream(out, BUFFER_BYTES), StandardCharsets.UTF_8);
        Attributes attributes = terminal.getAttributes();
        attributes.setOutputFlag(Attributes.OutputFlag.ONLCR, true);
        terminal.setAttributes(attributes);
        boolean known = hello.width() > 0 && hello.height() > 0;
        terminal.setSize(known ? new Size(hello.width(), hello.height()) : USUAL_SIZE);
        return terminal;
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
