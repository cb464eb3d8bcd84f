package io.sluice.launcher;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleException;

/**
 * {@code sluice run}: a broker in the foreground, until it is told to stop. Until it is ready it says nothing but one sentence
 * when it is refused; the log file says more.
 */
final class BrokerRun {
    private static final long STOP_MS = 60_000L;
    private static final List<String> FIRST_STEPS = List.of(
            "topic:create hello", "record:produce hello --value world", "record:consume hello --from earliest --max 1");
    private static final List<String> REPAIR = List.of("plugin:list", "doctor");

    private final Path home;
    private final RunOptions options;
    private volatile @Nullable Container container;
    private volatile @Nullable FrameworkCache used;
    private volatile boolean stopping;

    BrokerRun(Path home, RunOptions options) {
        this.home = home;
        this.options = options;
    }

    int run() throws RefusedException, IOException {
        DataDirectory data = DataDirectory.hold(options.data());
        ListenerPorts.requireFree(
                options, EtcFiles.read(EtcFiles.folders(home, data.root())).getOrDefault(EtcFiles.BROKER, Map.of()));
        System.setProperty("sluice.log", data.log("sluice.log").toString());
        Thread hook = new Thread(() -> stopAndEnd(data), "sluice-stop");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            Container started = start(data);
            String endpoint = started.awaitReady();
            data.writeReady(endpoint);
            announce(started, data, endpoint);
            finish(started);
            seal();
            started.awaitEnd();
        } catch (RefusedException e) {
            if (!stopping) {
                Runtime.getRuntime().removeShutdownHook(hook);
                stop();
                data.release();
            }
            throw e;
        }
        return 0;
    }

    /** A cache that the container does not start from is thrown away, once. */
    private Container start(DataDirectory data) throws RefusedException, IOException {
        FrameworkCache cache = new FrameworkCache(data.cache(), Fingerprint.of(Container.jars(home)));
        if (cache.isUsable()) {
            Container warm = open(data);
            try {
                cache.unseal();
                warm.start(cache.storage());
                if (warm.problems().isEmpty()) {
                    used = cache;
                    return warm;
                }
            } catch (BundleException | IOException | RuntimeException e) {
                if (stopping) {
                    throw new RefusedException(1, "The start was interrupted");
                }
            }
            warm.stop(STOP_MS);
        }
        cache.discard();
        Container fresh = open(data);
        try {
            fresh.start(cache.storage());
        } catch (BundleException | RuntimeException e) {
            throw new RefusedException(1, "The container could not start: " + e.getMessage());
        }
        cache.keep();
        used = cache;
        return fresh;
    }

    private Container open(DataDirectory data) {
        Container made = new Container(home, data.root(), options);
        container = made;
        return made;
    }

    private void announce(Container started, DataDirectory data, String endpoint) throws IOException {
        started.problems().forEach(System.err::println);
        Instant now = Instant.now();
        Instant begun = ProcessHandle.current().info().startInstant().orElse(now);
        double seconds = Duration.between(begun, now).toMillis() / 1_000.0;
        String command = System.getProperty("sluice.command", "bin/sluice") + argument(data.root());
        String where = started.isClosed() ? "no listener" : endpoint;
        System.out.println(String.format(Locale.ROOT, "sluice ready on %s in %.1f s", where, seconds));
        for (String next : started.isClosed() ? REPAIR : FIRST_STEPS) {
            System.out.println("  " + command + " " + next);
        }
        System.out.flush();
        System.setProperty("sluice.ready", "true"); // from now on errors are said on standard error, too
        if (Boolean.getBoolean("sluice.background")) {
            PrintStream console = new PrintStream(
                    new FileOutputStream(data.log("console").toFile(), true), true, StandardCharsets.UTF_8);
            System.setOut(console);
            System.setErr(console);
        }
    }

    private void finish(Container started) {
        int known = started.problems().size();
        if (!stopping) {
            started.startLate();
        }
        List<String> problems = started.problems();
        problems.subList(known, problems.size()).forEach(System.err::println);
    }

    private static String argument(Path data) {
        Path usual = Path.of("data").toAbsolutePath().normalize();
        return data.equals(usual) ? "" : " --data " + data;
    }

    private void seal() {
        FrameworkCache cache = used;
        if (cache != null && !stopping) {
            cache.seal();
        }
    }

    private @Nullable String stop() {
        Container running = container;
        return running == null ? null : running.stop(STOP_MS);
    }

    /** The hook of SIGTERM, SIGINT and a framework that ended: after a clean stop the process ends with 0. */
    private void stopAndEnd(DataDirectory data) {
        stopping = true;
        String failure = stop();
        FrameworkCache cache = used;
        if (failure != null) {
            System.err.println(failure);
        } else if (cache != null) {
            cache.seal();
        }
        data.release();
        System.out.flush();
        System.err.flush();
        Runtime.getRuntime().halt(failure == null ? 0 : 1);
    }
}
