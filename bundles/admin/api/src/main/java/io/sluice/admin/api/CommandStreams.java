package io.sluice.admin.api;

import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;

/**
 * Where one run of a command reads and writes. The streams belong to whoever runs the command.
 *
 * @param workingDirectory where the user stands: relative paths in arguments are meant from here
 * @param interrupted true once the user wants it to stop, or is gone
 */
public record CommandStreams(
        Path workingDirectory, InputStream in, PrintStream out, PrintStream err, BooleanSupplier interrupted) {}
