package io.sluice.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A broker in a process of its own, on a port that the system chose; it ends with {@link #close()}. */
final class ChildBroker implements AutoCloseable {
    private static final long READY_MS = 60_000L;
    private static final long LOOK_MS = 50L;

    private final String program;
    private final Path data;
    private final Process process;

    private ChildBroker(String program, Path data, Process process) {
        this.program = program;
        this.data = data;
        this.process = process;
    }

    static ChildBroker start(Path home, Path folder) throws IOException, InterruptedException {
        String program = home.resolve("bin").resolve("sluice").toString();
        Path data = folder.resolve("data");
        Path said = folder.resolve("broker.out");
        Process process = new ProcessBuilder(program, "run", "--data", data.toString(), "--port", "0")
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        ChildBroker broker = new ChildBroker(program, data, process);
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(READY_MS);
        while (!Files.exists(broker.ready())) {
            if (process.waitFor(LOOK_MS, TimeUnit.MILLISECONDS) || System.nanoTime() - end > 0) {
                broker.close();
                throw new IOException(
                        "the broker did not start: " + Files.readString(said).strip());
            }
        }
        return broker;
    }

    private Path ready() {
        return data.resolve("run").resolve("ready");
    }

    /** {@code host:port} for clients. */
    String endpoint() throws IOException {
        return Files.readString(ready()).strip();
    }

    /** Runs {@code bin/sluice} with these words, and returns what it printed; anything but success is an exception. */
    String command(String... words) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of(program, "--data", data.toString()));
        all.addAll(List.of(words));
        Process command = new ProcessBuilder(all).redirectErrorStream(true).start();
        command.getOutputStream().close();
        String said = new String(command.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (command.waitFor() != 0) {
            throw new IOException(String.join(" ", words) + " failed: " + said);
        }
        return said;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
