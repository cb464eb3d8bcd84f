package io.sluice.itests;

import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The assembled broker as a child process on a data directory of its own. Closing it ends the process. */
final class BrokerProcess implements AutoCloseable {
    private static final long READY_SECONDS = 60L;

    private static final Pattern UNRETURNED = Pattern.compile("(\\d+) uses of its holder before did not end in time");

    private final Path home;
    private final Path data;
    private final int port;
    private final List<String> options;
    private final List<String> output = new ArrayList<>();
    private String sabotage = Proof.sabotage();
    private List<String> javaOptions = List.of();
    private Process process;
    private CountDownLatch ready = new CountDownLatch(1);

    private BrokerProcess(Path home, Path data, int port, List<String> options) {
        this.home = home;
        this.data = data;
        this.port = port;
        this.options = options;
    }

    /** Starts a broker that is sabotaged: a proof that it passes proves nothing. */
    static BrokerProcess startSabotaged(String sabotage, Path data, String... settings) throws Exception {
        BrokerProcess broker = new BrokerProcess(home(), data, freePort(), options(settings));
        broker.sabotage = sabotage;
        broker.start();
        return broker;
    }

    /** The same with options of the Java machine, sabotaged or, with an empty name, not. */
    static BrokerProcess start(Path data, String sabotage, List<String> javaOptions, String... settings)
            throws Exception {
        BrokerProcess broker = new BrokerProcess(home(), data, freePort(), options(settings));
        broker.sabotage = sabotage.isEmpty() ? broker.sabotage : sabotage;
        broker.javaOptions = javaOptions;
        broker.start();
        return broker;
    }

    /** Starts a broker on a free port and waits until it says that it is ready. */
    static BrokerProcess start(Path data, String... settings) throws Exception {
        BrokerProcess broker = new BrokerProcess(home(), data, freePort(), options(settings));
        broker.start();
        return broker;
    }

    private static List<String> options(String... settings) {
        List<String> options = new ArrayList<>();
        for (String setting : settings) {
            options.add("--set");
            options.add(setting);
        }
        return options;
    }

    static Path home() {
        Path home = Path.of(System.getProperty("sluice.home", "../distribution/target/sluice-0.1.0"))
                .toAbsolutePath()
                .normalize();
        if (!Files.isExecutable(home.resolve("bin/sluice"))) {
            throw new IllegalStateException("there is no assembled distribution at " + home);
        }
        return home;
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Starts the process anew on the same data and port, and waits until it is ready. */
    void start() throws Exception {
        launch();
        if (!ready.await(READY_SECONDS, TimeUnit.SECONDS) || !process.isAlive()) {
            String said = said();
            process.destroyForcibly();
            throw new IllegalStateException("the broker did not get ready; it said:\n" + said);
        }
    }

    private void launch() throws IOException {
        List<String> command = new ArrayList<>(List.of(
                home.resolve("bin/sluice").toString(),
                "run",
                "--data",
                data.toString(),
                "--port",
                Integer.toString(port)));
        command.addAll(options);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        List<String> java = new ArrayList<>(javaOptions);
        if (!sabotage.isEmpty()) {
            java.add("-Dsluice.sabotage=" + sabotage);
        }
        if (!java.isEmpty()) {
            builder.environment().put("SLUICE_JAVA_OPTS", String.join(" ", java));
        }
        CountDownLatch now = new CountDownLatch(1);
        ready = now;
        Process started = builder.start();
        started.getOutputStream().close();
        process = started;
        Thread reader = new Thread(() -> read(started, now), "broker-output");
        reader.setDaemon(true);
        reader.start();
    }

    private void read(Process from, CountDownLatch whenReady) {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(from.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                synchronized (output) {
                    output.add(line);
                }
                if (line.startsWith("sluice ready on ")) {
                    whenReady.countDown();
                }
            }
        } catch (IOException e) {
            synchronized (output) {
                output.add("(its output ended: " + e + ")");
            }
        } finally {
            whenReady.countDown();
        }
    }

    String said() {
        synchronized (output) {
            return String.join("\n", output);
        }
    }

    String bootstrap() {
        return "127.0.0.1:" + port;
    }

    int port() {
        return port;
    }

    Path data() {
        return data;
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Ends the process as a power cut ends it, from the broker's view. */
    void kill() throws Exception {
        process.destroyForcibly();
        process.waitFor(20, TimeUnit.SECONDS);
    }

    /** Ends the process cleanly; the exit code. */
    int terminate() throws Exception {
        process.destroy();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IllegalStateException("the broker did not end within 30 s of SIGTERM; it said:\n" + said());
        }
        return process.exitValue();
    }

    /** What a command printed and how it ended. */
    record Result(int exitCode, String out, String err) {}

    /** Runs {@code bin/sluice --data DIR args...}. */
    Result command(String... args) throws Exception {
        List<String> command =
                new ArrayList<>(List.of(home.resolve("bin/sluice").toString(), "--data", data.toString()));
        command.addAll(Arrays.asList(args));
        return run(command);
    }

    /** Runs a command that must end with 0; what it printed. */
    String must(String... args) throws Exception {
        Result result = command(args);
        if (result.exitCode() != 0) {
            throw new AssertionError(
                    String.join(" ", args) + " ended with " + result.exitCode() + ":\n" + result.out() + result.err());
        }
        return result.out();
    }

    /** How many uses of parts had not ended when these were last replaced, as the doctor says. */
    long unreturnedUses() throws Exception {
        long uses = 0;
        Matcher matcher = UNRETURNED.matcher(command("doctor:check").out());
        while (matcher.find()) {
            uses += Long.parseLong(matcher.group(1));
        }
        return uses;
    }

    /** Waits until the listener accepts connections again. */
    void awaitListening() {
        await().pollInterval(Duration.ofMillis(10))
                .atMost(Duration.ofSeconds(READY_SECONDS))
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> {
                    new Socket(InetAddress.getLoopbackAddress(), port).close();
                    return true;
                });
    }

    static Result run(List<String> command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.start();
        process.getOutputStream().close();
        CompletableFuture<String> err = CompletableFuture.supplyAsync(() -> all(process.getErrorStream()));
        String out = all(process.getInputStream());
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError(command + " did not end");
        }
        return new Result(process.exitValue(), out, err.get(10, TimeUnit.SECONDS));
    }

    private static String all(java.io.InputStream in) {
        try {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws Exception {
        if (process.isAlive()) {
            process.destroy();
            if (!process.waitFor(15, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                process.waitFor(10, TimeUnit.SECONDS);
            }
        }
    }

    /** The resident memory of the broker in kilobytes, from the kernel. */
    long residentKb() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid()), "status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", ""));
            }
        }
        throw new IOException("no VmRSS for " + pid());
    }

    static void deleteTree(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        try (Stream<Path> all = Files.walk(root)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
