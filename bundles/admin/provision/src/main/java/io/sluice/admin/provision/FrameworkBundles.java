package io.sluice.admin.provision;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.FrameworkWiring;

/** The bundles of the running framework, and the few things that are done to them. One thread changes them at a time. */
final class FrameworkBundles {
    private static final long REFRESH_SECONDS = 30;

    private final BundleContext context;
    private final FrameworkWiring wiring;

    FrameworkBundles(BundleContext context) {
        this.context = context;
        this.wiring = context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).adapt(FrameworkWiring.class);
    }

    List<Bundle> all() {
        return Arrays.asList(context.getBundles());
    }

    /** By symbolic name; the highest version of several. */
    @Nullable
    Bundle find(String symbolicName) {
        return all().stream()
                .filter(bundle -> symbolicName.equals(bundle.getSymbolicName()))
                .max(Comparator.comparing(Bundle::getVersion))
                .orElse(null);
    }

    /**
     * What a person may mean: an id, a symbolic name, or the end of one that only one bundle has ({@code storage.segment}).
     *
     * @throws ProvisionException when there is none, or more than one
     */
    Bundle named(String name) throws ProvisionException {
        if (name.matches("\\d{1,9}")) {
            Bundle byId = context.getBundle(Long.parseLong(name));
            if (byId != null) {
                return byId;
            }
        }
        Bundle exact = find(name);
        if (exact != null) {
            return exact;
        }
        List<String> ends = all().stream()
                .map(Bundle::getSymbolicName)
                .filter(symbolicName -> symbolicName != null && symbolicName.endsWith("." + name))
                .distinct()
                .toList();
        if (ends.size() == 1) {
            Bundle bundle = find(ends.get(0));
            if (bundle != null) {
                return bundle;
            }
        }
        throw new ProvisionException(
                ends.isEmpty()
                        ? "there is no bundle " + name + "; bundle:list shows them"
                        : name + " may be " + String.join(" or ", ends));
    }

    /** The other bundles that restart when this one is replaced or goes. */
    List<Bundle> closureBeyond(Bundle bundle) {
        Collection<Bundle> closure = wiring.getDependencyClosure(List.of(bundle));
        return closure.stream()
                .filter(other -> !other.equals(bundle) && other.getBundleId() != 0L)
                .filter(other -> !isFragment(other))
                .sorted(Comparator.comparingLong(Bundle::getBundleId))
                .toList();
    }

    /** The location of a jar of the distribution's, as the launcher installs it. */
    static String shippedLocation(Path jar) {
        return "reference:" + jar.toUri();
    }

    Bundle install(String location, Path jar) throws IOException, BundleException {
        try (InputStream in = Files.newInputStream(jar)) {
            return context.installBundle(location, in);
        }
    }

    /** Stops it, puts the jar in its place, refreshes what hangs on it, and starts it again if it is to run. */
    void replace(Bundle bundle, Path jar, boolean run) throws IOException, BundleException {
        byte[] content = Files.readAllBytes(jar);
        if (isRunning(bundle)) {
            bundle.stop(Bundle.STOP_TRANSIENT);
        }
        bundle.update(new ByteArrayInputStream(content));
        refresh(List.of(bundle));
        if (run) {
            start(bundle);
        }
    }

    void uninstall(Bundle bundle) throws BundleException {
        bundle.uninstall();
        refresh(List.of(bundle));
    }

    void start(Bundle bundle) throws BundleException {
        if (!isFragment(bundle)) {
            bundle.start();
        }
    }

    /** Waits until the framework has wired everything anew. */
    void refresh(Collection<Bundle> bundles) throws BundleException {
        CountDownLatch done = new CountDownLatch(1);
        wiring.refreshBundles(bundles, event -> done.countDown());
        try {
            if (!done.await(REFRESH_SECONDS, TimeUnit.SECONDS)) {
                throw new BundleException("the framework did not finish wiring in " + REFRESH_SECONDS + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BundleException("interrupted while the framework was wiring", e);
        }
    }

    boolean resolve(Bundle bundle) {
        return wiring.resolveBundles(List.of(bundle));
    }

    FrameworkWiring wiring() {
        return wiring;
    }

    static boolean isFragment(Bundle bundle) {
        BundleRevision revision = bundle.adapt(BundleRevision.class);
        return revision != null && (revision.getTypes() & BundleRevision.TYPE_FRAGMENT) != 0;
    }

    static boolean isRunning(Bundle bundle) {
        return bundle.getState() == Bundle.ACTIVE || bundle.getState() == Bundle.STARTING;
    }

    static String state(Bundle bundle) {
        return switch (bundle.getState()) {
            case Bundle.UNINSTALLED -> "Uninstalled";
            case Bundle.INSTALLED -> "Installed";
            case Bundle.RESOLVED -> "Resolved";
            case Bundle.STARTING -> "Starting";
            case Bundle.STOPPING -> "Stopping";
            default -> "Active";
        };
    }

    static List<String> names(Collection<Bundle> bundles) {
        List<String> names = new ArrayList<>();
        bundles.forEach(bundle -> names.add(bundle.getSymbolicName()));
        return names;
    }
}
