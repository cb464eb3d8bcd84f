package io.sluice.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.framework.wiring.BundleRevision;

/**
 * The framework with the bundles of the installed features. Its cache lies in the data directory and can be deleted at any
 * time; it is made anew by itself when the JDK or the distribution is another than the one that it was made with.
 */
final class Container {
    private static final List<String> FEATURES = List.of("edge", "standard");
    private static final String READY = "io.sluice.broker.api.BrokerReady";
    private static final String KERNEL = "io.sluice.broker.kernel";
    private static final long READY_MS = 60_000L;

    private final Path home;
    private final DataDirectory data;
    private final RunOptions options;
    private @Nullable Framework framework;

    Container(Path home, DataDirectory data, RunOptions options) {
        this.home = home;
        this.data = data;
        this.options = options;
    }

    void start() throws BundleException, IOException {
        List<Path> jars = new ArrayList<>();
        for (String feature : FEATURES) {
            if (Files.exists(home.resolve("features").resolve(feature + ".json"))) {
                jars.addAll(Feature.read(home, feature).bundles());
            }
        }
        Path cache = data.root().resolve("cache").resolve("framework");
        Fingerprint fingerprint = Fingerprint.of(jars);
        boolean fresh = !fingerprint.isAt(data.root().resolve("cache"));
        Framework made = make(cache, fresh);
        framework = made;
        made.init();
        BundleContext context = made.getBundleContext();
        if (fresh) {
            for (Path jar : jars) {
                context.installBundle("reference:" + jar.toUri());
            }
        }
        made.start();
        startAll(context);
        fingerprint.keepAt(data.root().resolve("cache"));
    }

    private Framework make(Path cache, boolean fresh) {
        Map<String, String> properties = new HashMap<>();
        properties.put(Constants.FRAMEWORK_STORAGE, cache.toString());
        if (fresh) {
            properties.put(Constants.FRAMEWORK_STORAGE_CLEAN, Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT);
        }
        properties.put(Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, "sun.misc");
        properties.put("felix.log.level", "1");
        properties.put("ds.loglevel", "2");
        properties.put("gosh.args", "--nointeractive --noshutdown");
        properties.put("gosh.home", home.toString());
        properties.put("gosh.home", home.toString());
        properties.put("sluice.home", home.toString());
        properties.put("sluice.data", data.root().toString());
        properties.put("sluice.config.file", options.config());
        properties.put("sluice.config.set", String.join("\n", options.settings()));
        properties.put("sluice.socket", RunDirectory.socket(data.root()).toString());
        String sabotage = System.getProperty("sluice.sabotage");
        if (sabotage != null) {
            properties.put("sluice.sabotage", sabotage);
        }
        return ServiceLoader.load(FrameworkFactory.class).iterator().next().newFramework(properties);
    }

    /** Starts what is installed; the kernel is the last, so that all of its parts are there. */
    private static void startAll(BundleContext context) throws BundleException {
        Bundle kernel = null;
        for (Bundle bundle : context.getBundles()) {
            if (KERNEL.equals(bundle.getSymbolicName())) {
                kernel = bundle;
            } else if (isStartable(bundle)) {
                start(bundle);
            }
        }
        if (kernel != null) {
            kernel.start();
        }
    }

    private static void start(Bundle bundle) {
        try {
            bundle.start();
        } catch (BundleException e) {
            System.err.println("The bundle " + bundle.getSymbolicName() + " could not start: "
                    + String.valueOf(e.getMessage()).replaceAll("\\s+", " "));
        }
    }

    private static boolean isStartable(Bundle bundle) {
        BundleRevision revision = bundle.adapt(BundleRevision.class);
        boolean fragment = revision != null && (revision.getTypes() & BundleRevision.TYPE_FRAGMENT) != 0;
        return bundle.getBundleId() != 0L && !fragment && bundle.getState() != Bundle.ACTIVE;
    }

    /** The endpoint that the broker serves. */
    String awaitReady() throws RefusedException {
        BundleContext context = java.util.Objects.requireNonNull(framework).getBundleContext();
        long end = System.nanoTime() + READY_MS * 1_000_000L;
        while (System.nanoTime() - end < 0) {
            ServiceReference<?> ready = context.getServiceReference(READY);
            if (ready != null) {
                Object failure = ready.getProperty("failure");
                if (failure != null) {
                    throw new RefusedException(1, failure.toString());
                }
                return String.valueOf(ready.getProperty("endpoint"));
            }
            try {
                Thread.sleep(2L);
            } catch (InterruptedException e) {
                throw new RefusedException(1, "The start was interrupted");
            }
        }
        throw new RefusedException(
                1,
                "The broker did not get ready in " + READY_MS / 1_000L + " s; see "
                        + data.root().resolve("log").resolve("sluice.log"));
    }

    void awaitEnd() {
        boolean waiting = true;
        while (waiting) {
            try {
                java.util.Objects.requireNonNull(framework).waitForStop(0L);
                waiting = false;
            } catch (InterruptedException e) {
                waiting = true;
            }
        }
    }

    void stop(long withinMs) {
        Framework running = framework;
        if (running == null) {
            return;
        }
        try {
            running.stop();
            running.waitForStop(withinMs);
        } catch (BundleException e) {
            System.err.println("The container did not stop cleanly: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
