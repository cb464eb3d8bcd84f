package io.sluice.admin.api;

import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/** One run of a command: its arguments, its streams, and a way to print data as a table or as JSON. */
@ProviderType
public interface Invocation {
    /** Arguments that are no options, in order. */
    List<String> arguments();

    /** The value of {@code --name VALUE} or {@code --name=VALUE}; null when it was not given. */
    @Nullable
    String option(String name);

    /** Whether {@code --name} was given, with or without a value. */
    boolean flag(String name);

    /** All values of an option that may be repeated. */
    List<String> options(String name);

    boolean json();

    /** Where the user stands: relative paths in arguments are meant from here. */
    Path workingDirectory();

    PrintStream out();

    PrintStream err();

    InputStream in();

    /** True once the user has asked to stop (Ctrl-C); long commands look at it. */
    boolean interrupted();

    /**
     * Prints rows: a table with these columns, or a JSON array of objects with these keys.
     *
     * @param rows values by column: String, Number, Boolean, List or Map of these, or null
     */
    void table(List<String> columns, List<? extends Map<String, ?>> rows);

    /** Prints one thing: lines {@code key value}, or one JSON object. */
    void object(Map<String, ?> values);
}
