package io.sluice.admin.shell;

import io.sluice.admin.api.Invocation;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One run of a command, for the command's thread. */
final class CommandInvocation implements Invocation {
    private final Arguments arguments;
    private final CommandIo io;

    CommandInvocation(Arguments arguments, CommandIo io) {
        this.arguments = arguments;
        this.io = io;
    }

    @Override
    public List<String> arguments() {
        return arguments.arguments();
    }

    @Override
    public @Nullable String option(String name) {
        List<String> values = options(name);
        return values.isEmpty() ? null : values.get(values.size() - 1);
    }

    @Override
    public boolean flag(String name) {
        return arguments.options().containsKey(name);
    }

    @Override
    public List<String> options(String name) {
        return List.copyOf(arguments.options().getOrDefault(name, List.of()));
    }

    @Override
    public boolean json() {
        return flag("json");
    }

    @Override
    public Path workingDirectory() {
        return io.workingDirectory();
    }

    @Override
    public PrintStream out() {
        return io.out();
    }

    @Override
    public PrintStream err() {
        return io.err();
    }

    @Override
    public InputStream in() {
        return io.in();
    }

    @Override
    public boolean interrupted() {
        return io.interrupted().getAsBoolean();
    }

    @Override
    public void table(List<String> columns, List<? extends Map<String, ?>> rows) {
        if (json()) {
            List<Map<String, Object>> objects =
                    rows.stream().map(row -> select(columns, row)).toList();
            io.out().println(JsonWriter.write(objects));
        } else {
            TextTable.print(io.out(), columns, rows);
        }
    }

    private static Map<String, Object> select(List<String> columns, Map<String, ?> row) {
        Map<String, Object> selected = new LinkedHashMap<>();
        for (String column : columns) {
            selected.put(column, row.get(column));
        }
        return selected;
    }

    @Override
    public void object(Map<String, ?> values) {
        if (json()) {
            io.out().println(JsonWriter.write(values));
        } else {
            TextTable.printObject(io.out(), values);
        }
    }
}
