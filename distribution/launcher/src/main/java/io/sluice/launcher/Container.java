package io.sluice.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceListener;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.FrameworkWiring;

/**
 * The framework with the bundles of the installed features. They start in steps: logging and ConfigAdmin, which is then given the files
 * of {@code etc/}; provisioning, which replaces what a plugin replaces; the broker's parts, the kernel last of them; and while the kernel
 * opens them on its own threads, the shell. The line editor of the shell follows when the broker is ready.
 *
 * <p>No bundle starts by itself: the framework is told of each by {@link #start(Path)}, so that this order holds on
 * a warm cache, too.
 */
final class Container {
    private static final String SHELL = "standard";
    private static final List<String> FEATURES = List.of("edge", SHELL);
    private static final String READY = "io.sluice.broker.api.BrokerReady";
    private static final String KERNEL = "io.sluice.broker.kernel";
    private static final String CONFIG_ADMIN = "org.apache.felix.configadmin";
    private static final List<String> EARLY = List.of("org.apache.felix.scr", "io.sluice.admin.provision");
    /** The line editor of the interactive shell, which nobody can ask for before the broker is ready. */
    private static final String LATE = "org.apache.felix.gogo.jline";

    private static final long READY_MS = 120_000L;

    private final Path home;
    private final Path data;
    private final RunOptions options;
    private final List<String> problems = new ArrayList<>();
    private Set<String> stopped = Set.of();
    private volatile @Nullable Framework framework;
    private volatile boolean closed;

    Container(Path home, Path data, RunOptions options) {
        this.home = home;
        this.data = data;
        this.options = options;
    }

    /** The jars of the features that a distribution has, in the order in which they start. */
    static List<Path> jars(Path home) throws IOException {
        List<Path> jars = new ArrayList<>();
        for (String feature : FEATURES) {
            jars.addAll(jars(home, feature));
        }
        return jars;
    }

    /** None when the distribution does not have the feature. */
    private static List<Path> jars(Path home, String feature) throws IOException {
        return Files.exists(home.resolve("features").resolve(feature + ".json"))
                ? Feature.read(home, feature).bundles()
                : List.of();
    }

    private static String location(Path jar) {
        return "reference:" + jar.toUri();
    }

    /**
     * Starts everything, and installs what is missing in the framework's storage. Bundles that do not start are
     * {@link #problems()}; but the kernel must.
     */
    void start(Path storage) throws BundleException, IOException, RefusedException {
        Framework made =
                ServiceLoader.load(FrameworkFactory.class).iterator().next().newFramework(properties(storage));
        framework = made;
        made.init();
        BundleContext context = made.getBundleContext();
        Set<String> known = new HashSet<>();
        for (Bundle bundle : context.getBundles()) {
            known.add(bundle.getLocation());
        }
        for (Path jar : jars(home)) {
            if (!known.contains(location(jar))) {
                context.installBundle(location(jar));
            }
        }
        made.start();
        wiring().resolveBundles(null); // all at once, which is less than one after the other
        stopped = stoppedBundles();
        startAll(context);
    }

    private Map<String, String> properties(Path storage) {
        Map<String, String> properties = new HashMap<>();
        properties.put(Constants.FRAMEWORK_STORAGE, storage.toString());
        properties.put(Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, "sun.misc");
        properties.put("felix.log.level", "0");
        properties.put("ds.loglevel", "2");
        properties.put("felix.resolver.parallelism", "1"); // its threads cost more than they take over
        properties.put("ds.cache.metadata", "true"); // descriptions of components are parsed once
        properties.put("gosh.args", "--nointeractive --noshutdown");
        properties.put("gosh.home", home.toString());
        properties.put("sluice.home", home.toString());
        properties.put("sluice.data", data.toString());
        properties.put("sluice.config.etc", EtcFiles.brokerFiles(home, data));
        properties.put("sluice.config.file", options.config());
        properties.put("sluice.config.set", String.join("\n", options.settings()));
        properties.put("sluice.socket", RunDirectory.socket(data).toString());
        String sabotage = System.getProperty("sluice.sabotage");
        if (sabotage != null) {
            properties.put("sluice.sabotage", sabotage);
        }
        return properties;
    }

    /** What is damaged there is said once more by provisioning, which does not start from it either. */
    private Set<String> stoppedBundles() {
        try {
            return StoppedBundles.read(data);
        } catch (IOException e) {
            problems.add("It is not known which bundles were stopped: " + e.getMessage());
            return Set.of();
        }
    }

    private void startAll(BundleContext context) throws BundleException, IOException, RefusedException {
        Map<String, Bundle> byName = new HashMap<>();
        boolean configured = false;
        for (Bundle bundle : context.getBundles()) {
            byName.put(bundle.getSymbolicName(), bundle);
            if (!configured) {
                start(bundle);
                if (CONFIG_ADMIN.equals(bundle.getSymbolicName())) {
                    Map<String, Map<String, String>> etc = EtcFiles.read(EtcFiles.folders(home, data));
                    etc.remove(EtcFiles.BROKER);
                    EtcConfigurations.apply(context, etc);
                    configured = true;
                }
            }
        }
        for (String name : EARLY) {
            if (byName.containsKey(name)) {
                start(byName.get(name));
            }
        }
        Set<String> shell = shell();
        List<Bundle> afterwards = new ArrayList<>();
        for (Bundle bundle : context.getBundles()) {
            String name = bundle.getSymbolicName();
            if (shell.contains(bundle.getLocation())) {
                afterwards.add(bundle);
            } else if (!KERNEL.equals(name)) {
                start(bundle);
            }
        }
        Bundle kernel = byName.get(KERNEL);
        if (kernel != null) {
            kernel.start(Bundle.START_TRANSIENT);
        }
        for (Bundle bundle : afterwards) {
            if (!LATE.equals(bundle.getSymbolicName())) {
                start(bundle);
            }
        }
    }

    /** Where the bundles of the shell come from. */
    private Set<String> shell() throws IOException {
        Set<String> locations = new HashSet<>();
        for (Path jar : jars(home, SHELL)) {
            locations.add(location(jar));
        }
        return locations;
    }

    /** Starts what the broker could be ready without. */
    void startLate() {
        for (Bundle bundle :
                Objects.requireNonNull(framework).getBundleContext().getBundles()) {
            if (LATE.equals(bundle.getSymbolicName())) {
                start(bundle);
            }
        }
    }

    private void start(Bundle bundle) {
        if (!isStartable(bundle)) {
            return;
        }
        if (stopped.contains(bundle.getSymbolicName())) {
            wiring().resolveBundles(
                            List.of(bundle)); // so that it is one that was stopped, not one that lacks something
            return;
        }
        try {
            bundle.start(Bundle.START_TRANSIENT);
        } catch (BundleException e) {
            problems.add("The bundle " + bundle.getSymbolicName() + " could not start: "
                    + String.valueOf(e.getMessage()).replaceAll("\\s+", " "));
        }
    }

    private FrameworkWiring wiring() {
        return Objects.requireNonNull(framework).adapt(FrameworkWiring.class);
    }

    private static boolean isStartable(Bundle bundle) {
        BundleRevision revision = bundle.adapt(BundleRevision.class);
        boolean fragment = revision != null && (revision.getTypes() & BundleRevision.TYPE_FRAGMENT) != 0;
        return bundle.getBundleId() != 0L
                && !fragment
                && bundle.getState() != Bundle.ACTIVE
                && bundle.getState() != Bundle.UNINSTALLED;
    }

    /** Sentences about bundles that did not start. */
    List<String> problems() {
        return List.copyOf(problems);
    }

    /** Whether no listener is open although the broker is ready: it can be administered, and no client can connect. */
    boolean isClosed() {
        return closed;
    }

    /** The endpoint that the broker serves, or will once its listeners open. */
    String awaitReady() throws RefusedException {
        BundleContext context = Objects.requireNonNull(framework).getBundleContext();
        CountDownLatch registered = new CountDownLatch(1);
        ServiceListener listener = event -> registered.countDown();
        try {
            context.addServiceListener(listener, "(" + Constants.OBJECTCLASS + "=" + READY + ")");
            ServiceReference<?> ready = context.getServiceReference(READY);
            if (ready == null && registered.await(READY_MS, TimeUnit.MILLISECONDS)) {
                ready = context.getServiceReference(READY);
            }
            context.removeServiceListener(listener);
            if (ready == null) {
                throw new RefusedException(1, notReady());
            }
            Object failure = ready.getProperty("failure");
            if (failure != null) {
                throw new RefusedException(1, failure.toString());
            }
            Object noListener = ready.getProperty("closed");
            if (noListener != null) {
                closed = true;
                problems.add(noListener.toString());
            }
            return String.valueOf(ready.getProperty("endpoint"));
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            throw new RefusedException(1, "The start was interrupted");
        }
    }

    private String notReady() {
        String log = data.resolve("log").resolve("sluice.log").toString();
        return problems.isEmpty()
                ? "The broker did not get ready in " + READY_MS / 1_000L + " s; see " + log
                : problems.get(0) + "; see " + log;
    }

    void awaitEnd() {
        boolean waiting = true;
        while (waiting) {
            try {
                Objects.requireNonNull(framework).waitForStop(0L);
                waiting = false;
            } catch (InterruptedException e) {
                waiting = true;
            }
        }
    }

    /**
     * Stops everything that runs.
     *
     * @return null, or why it did not stop cleanly
     */
    @Nullable
    String stop(long withinMs) {
        Framework running = framework;
        if (running == null) {
            return null;
        }
        try {
            running.stop();
            FrameworkEvent end = running.waitForStop(withinMs);
            return end.getType() == FrameworkEvent.WAIT_TIMEDOUT
                    ? "The broker did not stop within " + withinMs / 1_000L + " s"
                    : null;
        } catch (BundleException e) {
            return "The container did not stop cleanly: " + e.getMessage();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "The stop was interrupted";
        }
    }
}
