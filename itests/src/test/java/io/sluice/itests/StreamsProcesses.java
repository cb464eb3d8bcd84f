package io.sluice.itests;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The processes of one {@link StreamsApplication}. Closing ends them. */
final class StreamsProcesses implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 20L;
    private static final int THREADS = 2;

    private final String bootstrap;
    private final String applicationId;
    private final Path folder;
    private final String input;
    private final String output;
    private final List<Process> processes = new ArrayList<>();
    private int started;

    StreamsProcesses(String bootstrap, String applicationId, Path folder, String input, String output) {
        this.bootstrap = bootstrap;
        this.applicationId = applicationId;
        this.folder = folder;
        this.input = input;
        this.output = output;
    }

    /** One process more. */
    void start() throws IOException {
        String name = "streams-" + started++;
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx192m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("proof.tools")
                                + File.pathSeparator
                                + System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        StreamsApplication.class.getName(),
                        bootstrap,
                        applicationId,
                        folder.resolve(name).toString(),
                        input,
                        output,
                        Integer.toString(THREADS)))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(name + ".out").toFile())
                .start();
        processes.add(process);
    }

    /** Kills the process that was started first, as long as another is left; else another is started before. */
    void replace() throws IOException, InterruptedException {
        if (processes.size() == 1) {
            start();
        }
        processes.remove(0).destroyForcibly().waitFor();
    }

    int threads() {
        return processes.size() * THREADS;
    }

    @Override
    public void close() throws IOException, InterruptedException {
        for (Process process : processes) {
            process.getOutputStream().close();
        }
        for (Process process : processes) {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        }
    }
}
