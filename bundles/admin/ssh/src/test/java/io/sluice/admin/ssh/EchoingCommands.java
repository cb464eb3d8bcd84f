package io.sluice.admin.ssh;

import static org.awaitility.Awaitility.await;

import io.sluice.admin.api.CommandLine;
import io.sluice.admin.api.CommandStreams;
import io.sluice.admin.api.ShellTerminal;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** A command line that shows what it was given: {@code say}, {@code fail}, {@code cat}, {@code wait}; its shell writes lines back until one is {@code bye}. */
final class EchoingCommands implements CommandLine {
    final CountDownLatch stopped = new CountDownLatch(1);
    final CountDownLatch waiting = new CountDownLatch(1);
    final CountDownLatch hungUp = new CountDownLatch(1);

    @Override
    public int run(List<String> words, CommandStreams streams) {
        try {
            return switch (words.get(0)) {
                case "say" -> {
                    streams.out().println(words.subList(1, words.size()));
                    yield 0;
                }
                case "fail" -> {
                    streams.out().println("begun");
                    streams.err().println("it failed");
                    yield 7;
                }
                case "cat" -> {
                    streams.out().write(streams.in().readAllBytes());
                    yield 0;
                }
                case "wait" -> {
                    waiting.countDown();
                    await().atMost(Duration.ofSeconds(60L)).until(streams.interrupted()::getAsBoolean);
                    stopped.countDown();
                    streams.out().println("stopped");
                    yield 1;
                }
                default -> throw new IllegalStateException("no such command: " + words);
            };
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } finally {
            streams.out().flush();
            streams.err().flush();
        }
    }

    @Override
    public int shell(ShellTerminal terminal) throws IOException {
        terminal.watch(new ShellTerminal.Watcher() {
            @Override
            public void resized() {
                write(terminal, "size " + terminal.columns() + "x" + terminal.rows() + ";");
            }

            @Override
            public void hungUp() {
                hungUp.countDown();
            }
        });
        write(terminal, terminal.type() + " " + terminal.columns() + "x" + terminal.rows() + ";");
        StringBuilder line = new StringBuilder();
        InputStream in = terminal.in();
        for (int next = in.read(); next >= 0; next = in.read()) {
            if (next != '\r') {
                line.append((char) next);
                continue;
            }
            write(terminal, "got " + line + ";");
            if (line.toString().equals("bye")) {
                return 3;
            }
            line.setLength(0);
        }
        return 0;
    }

    private static void write(ShellTerminal terminal, String text) {
        try {
            terminal.out().write(text.getBytes(StandardCharsets.UTF_8));
            terminal.out().flush();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
