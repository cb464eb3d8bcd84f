package io.sluice.launcher;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.osgi.framework.BundleException;

/** {@code sluice run}: a broker in the foreground, until it is told to stop. */
final class BrokerRun {
    private static final long STOP_MS = 60_000L;

    private final Path home;
    private final RunOptions options;

    BrokerRun(Path home, RunOptions options) {
        this.home = home;
        this.options = options;
    }

    int run() throws RefusedException, IOException {
        DataDirectory data = DataDirectory.hold(options.data());
        System.setProperty(
                "sluice.log", data.root().resolve("log").resolve("sluice.log").toString());
        Container container = new Container(home, data, options);
        try {
            container.start();
        } catch (BundleException e) {
            throw new RefusedException(1, "The container could not start: " + e.getMessage());
        }
        Thread hook = new Thread(
                () -> {
                    container.stop(STOP_MS);
                    Runtime.getRuntime().halt(0); // SIGTERM is how a broker is told to stop, and no failure
                },
                "sluice-stop-hook");
        Runtime.getRuntime().addShutdownHook(hook);
        String endpoint;
        try {
            endpoint = container.awaitReady();
        } catch (RefusedException e) {
            Runtime.getRuntime().removeShutdownHook(hook);
            container.stop(STOP_MS);
            throw e;
        }
        announce(data, endpoint);
        container.awaitEnd();
        return 0;
    }

    private void announce(DataDirectory data, String endpoint) throws IOException {
        double seconds = (System.currentTimeMillis()
                        - ManagementFactory.getRuntimeMXBean().getStartTime())
                / 1_000.0;
        System.out.println(String.format(Locale.ROOT, "sluice ready on %s in %.1f s", endpoint, seconds));
        String command = System.getProperty("sluice.command", "bin/sluice") + argument(data);
        System.out.println("  " + command + " topic:create hello");
        System.out.println("  " + command + " record:produce hello --value world");
        System.out.println("  " + command + " record:consume hello --from earliest --max 1");
        System.out.flush();
        Files.writeString(data.root().resolve("run").resolve("ready"), endpoint + "\n");
    }

    private static String argument(DataDirectory data) {
        Path usual = Path.of("data").toAbsolutePath().normalize();
        return data.root().equals(usual) ? "" : " --data " + data.root();
    }
}
