package io.sluice.admin.commands;

import io.sluice.admin.api.Command;
import io.sluice.admin.api.CommandException;
import io.sluice.admin.api.Invocation;
import io.sluice.admin.api.SimpleCommand;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** {@code log:}: the broker's own log and its levels. */
final class LogCommands {
    private static final long LOOK_MS = 200;
    private static final int LINE_BYTES_GUESS = 400;
    private static final int USUAL_LINES = 20;

    private final Path file;
    private final LoggerLevels levels;

    LogCommands(Path file, LoggerLevels levels) {
        this.file = file;
        this.levels = levels;
    }

    List<Command> all() {
        return List.of(
                new SimpleCommand(
                        "log", "tail", "The last lines of the broker's log", "[--lines N] [--follow]", this::tail),
                new SimpleCommand(
                        "log",
                        "level",
                        "The level of a logger, or all that are set",
                        "[LOGGER]",
                        this::level,
                        this::complete),
                new SimpleCommand(
                        "log",
                        "set",
                        "Sets a level at once, until the broker stops; `inherit` takes it back",
                        "LEVEL LOGGER",
                        this::set,
                        this::complete));
    }

    private List<String> complete(List<String> words) {
        return words.isEmpty()
                ? List.of("trace", "debug", "info", "warn", "error", "off", "inherit")
                : List.of("io.sluice");
    }

    private int level(Invocation invocation) throws CommandException {
        List<Map<String, Object>> rows = new ArrayList<>();
        if (invocation.arguments().isEmpty()) {
            levels.own().forEach((name, level) -> rows.add(row(name, level)));
        } else {
            String name = invocation.arguments().get(0);
            rows.add(row(name, levels.effective(name)));
        }
        invocation.table(List.of("logger", "level"), rows);
        return 0;
    }

    private static Map<String, Object> row(String name, String level) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("logger", name);
        row.put("level", level);
        return row;
    }

    private int set(Invocation invocation) throws CommandException {
        String level = invocation.arguments().get(0);
        String name = invocation.arguments().get(1);
        levels.set(name, level.equals("inherit") ? null : level);
        invocation.out().println(name + " is at " + levels.effective(name));
        return 0;
    }

    private int tail(Invocation invocation) throws CommandException, IOException {
        if (!Files.exists(file)) {
            throw new CommandException(1, "there is no log " + file);
        }
        String wanted = invocation.option("lines");
        int lines = wanted == null ? USUAL_LINES : Answers.smallNumber(wanted, "--lines");
        long position;
        try (RandomAccessFile log = new RandomAccessFile(file.toFile(), "r")) {
            position = log.length();
            byte[] end = read(log, Math.max(0L, position - (long) lines * LINE_BYTES_GUESS), position);
            invocation.out().write(end, startOfLastLines(end, lines), end.length - startOfLastLines(end, lines));
        }
        invocation.out().flush();
        while (invocation.flag("follow") && !invocation.interrupted()) {
            pause();
            position = follow(invocation, position);
        }
        return 0;
    }

    private long follow(Invocation invocation, long position) throws IOException {
        try (RandomAccessFile log = new RandomAccessFile(file.toFile(), "r")) {
            long length = log.length();
            long from = length < position ? 0L : position;
            byte[] more = read(log, from, length);
            invocation.out().write(more, 0, more.length);
            invocation.out().flush();
            return length;
        }
    }

    private static byte[] read(RandomAccessFile log, long from, long to) throws IOException {
        byte[] bytes = new byte[(int) Math.min(to - from, 1 << 24)];
        log.seek(to - bytes.length);
        log.readFully(bytes);
        return bytes;
    }

    static int startOfLastLines(byte[] text, int lines) {
        int found = 0;
        for (int i = text.length - 2; i >= 0; i--) {
            if (text[i] == '\n' && ++found == lines) {
                return i + 1;
            }
        }
        return 0;
    }

    private static void pause() {
        try {
            new CountDownLatch(1).await(LOOK_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
