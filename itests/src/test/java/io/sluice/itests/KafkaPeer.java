package io.sluice.itests;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Apache Kafka, started by the peers' scripts on a data directory of its own, so that it can be asked the same. Closing it ends the process. */
final class KafkaPeer implements AutoCloseable {
    private static final long SCRIPT_SECONDS = 120L;

    private final Path scripts;
    private final Path data;
    private final int port;

    private KafkaPeer(Path scripts, Path data, int port) {
        this.scripts = scripts;
        this.data = data;
        this.port = port;
    }

    /**
     * Starts it and waits until it is ready.
     *
     * @param peers the folder of the peers' scripts
     * @param settings lines of its properties
     */
    static KafkaPeer start(Path peers, Path data, String... settings) throws Exception {
        KafkaPeer peer = new KafkaPeer(peers.toAbsolutePath().resolve("kafka"), data, freePorts());
        ProcessBuilder up = peer.script("up", Integer.toString(peer.port), data.toString());
        up.environment().put("KAFKA_EXTRA", String.join("\n", settings));
        run(up);
        return peer;
    }

    /** A free port whose successor, which its controller takes, is free as well. */
    private static int freePorts() throws IOException {
        while (true) {
            try (ServerSocket broker = new ServerSocket(0)) {
                if (isFree(broker.getLocalPort() + 1)) {
                    return broker.getLocalPort();
                }
            }
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket controller = new ServerSocket(port)) {
            return controller.isBound();
        } catch (IOException | IllegalArgumentException e) {
            return false;
        }
    }

    private ProcessBuilder script(String name, String... arguments) {
        ProcessBuilder builder = new ProcessBuilder();
        builder.command().add(scripts.resolve(name).toString());
        builder.command().addAll(List.of(arguments));
        return builder.redirectErrorStream(true)
                .redirectOutput(data.resolveSibling("kafka-" + name + ".log").toFile());
    }

    private static void run(ProcessBuilder script) throws Exception {
        Process process = script.start();
        if (!process.waitFor(SCRIPT_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException(script.command() + " has not ended after " + SCRIPT_SECONDS + " s");
        }
        if (process.exitValue() != 0) {
            Path log = script.redirectOutput().file().toPath();
            throw new IOException(script.command() + ": " + Files.readString(log, StandardCharsets.UTF_8));
        }
    }

    int port() {
        return port;
    }

    @Override
    public void close() throws Exception {
        run(script("down", data.toString(), "--wipe"));
    }
}
