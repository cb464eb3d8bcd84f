package io.sluice.admin.commands;

import io.sluice.admin.api.Invocation;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An invocation whose words are {@code name=value} for options, {@code --flag} for flags, and arguments; rows are kept. */
final class InvocationFake implements Invocation {
    private final List<String> arguments = new ArrayList<>();
    private final Map<String, List<String>> options = new LinkedHashMap<>();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    private final List<Map<String, ?>> rows = new ArrayList<>();
    private InputStream in = InputStream.nullInputStream();

    InvocationFake(String... words) {
        arguments.addAll(List.of(words));
    }

    InvocationFake with(String option, String... values) {
        options.put(option, List.of(values));
        return this;
    }

    InvocationFake input(String text) {
        in = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    String printed() {
        return out.toString(StandardCharsets.UTF_8);
    }

    List<Map<String, ?>> rows() {
        return rows;
    }

    @Override
    public List<String> arguments() {
        return arguments;
    }

    @Override
    public @Nullable String option(String name) {
        List<String> values = options(name);
        return values.isEmpty() ? null : values.get(values.size() - 1);
    }

    @Override
    public boolean flag(String name) {
        return options.containsKey(name);
    }

    @Override
    public List<String> options(String name) {
        return options.getOrDefault(name, List.of());
    }

    @Override
    public boolean json() {
        return flag("json");
    }

    @Override
    public Path workingDirectory() {
        return Path.of("/");
    }

    @Override
    public PrintStream out() {
        return stream;
    }

    @Override
    public PrintStream err() {
        return stream;
    }

    @Override
    public InputStream in() {
        return in;
    }

    @Override
    public boolean interrupted() {
        return false;
    }

    @Override
    public void table(List<String> columns, List<? extends Map<String, ?>> table) {
        rows.addAll(table);
    }

    @Override
    public void object(Map<String, ?> values) {
        rows.add(values);
    }
}
