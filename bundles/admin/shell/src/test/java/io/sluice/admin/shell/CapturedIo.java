package io.sluice.admin.shell;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Streams of a command that end in memory. */
final class CapturedIo {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final CommandIo io;

    CapturedIo(String input) {
        io = new CommandIo(
                Path.of("/work"),
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(out, false, StandardCharsets.UTF_8),
                new PrintStream(err, false, StandardCharsets.UTF_8),
                () -> false);
    }

    CommandIo io() {
        return io;
    }

    String out() {
        io.out().flush();
        return out.toString(StandardCharsets.UTF_8);
    }

    String err() {
        io.err().flush();
        return err.toString(StandardCharsets.UTF_8);
    }
}
