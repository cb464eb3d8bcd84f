package io.sluice.admin.shell;

import java.io.InputStream;
import java.io.OutputStream;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;
import org.jspecify.annotations.Nullable;

/**
 * Felix's commands for one shot, each in a Gogo session of its own; there are none while Gogo is absent. Words are passed
 * as variables, so that none is parsed again. Any thread.
 */
final class GogoGateway implements ForeignCommands {
    private static final String COMMANDS = ".commands";

    private final AtomicReference<@Nullable CommandProcessor> processor = new AtomicReference<>();

    void bind(CommandProcessor gogo) {
        processor.set(gogo);
    }

    /** Does nothing when another one has come already. */
    void unbind(@Nullable CommandProcessor gogo) {
        processor.compareAndSet(gogo, null);
    }

    @Nullable
    CommandProcessor processor() {
        return processor.get();
    }

    @Override
    public boolean has(String name) {
        CommandProcessor gogo = processor.get();
        if (gogo == null || !name.matches("[a-z][a-z0-9]*:[A-Za-z][A-Za-z0-9]*")) {
            return false;
        }
        try (CommandSession session = idle(gogo)) {
            return session.get(name) != null;
        }
    }

    @Override
    public Collection<String> names() {
        CommandProcessor gogo = processor.get();
        if (gogo == null) {
            return List.of();
        }
        try (CommandSession session = idle(gogo)) {
            return session.get(COMMANDS) instanceof Set<?> names
                    ? names.stream().map(String::valueOf).collect(Collectors.toList())
                    : List.of();
        }
    }

    private static CommandSession idle(CommandProcessor gogo) {
        return gogo.createSession(
                InputStream.nullInputStream(), OutputStream.nullOutputStream(), OutputStream.nullOutputStream());
    }

    @Override
    public int run(List<String> words, CommandIo io) {
        CommandProcessor gogo = processor.get();
        if (gogo == null) {
            io.err().println("Gogo has just gone; try again");
            return CommandRunner.FAILED;
        }
        try (CommandSession session = gogo.createSession(io.in(), io.out(), io.err())) {
            StringBuilder line = new StringBuilder(words.get(0));
            for (int i = 1; i < words.size(); i++) {
                session.put("word" + i, words.get(i));
                line.append(" $word").append(i);
            }
            Object result = session.execute(line);
            if (result != null) {
                io.out().println(session.format(result, Converter.INSPECT));
            }
            return CommandRunner.DONE;
        } catch (Exception e) {
            io.out().flush();
            io.err().println(words.get(0) + ": " + (e.getMessage() == null ? e.toString() : e.getMessage()));
            return CommandRunner.FAILED;
        } finally {
            io.out().flush();
            io.err().flush();
        }
    }
}
