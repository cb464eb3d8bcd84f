package io.sluice.itests.container;

import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;

import java.util.ArrayList;
import java.util.List;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.util.tracker.ServiceTracker;

/** The container, seen from the test that runs in it. */
final class Container {
    private static final String READY = "io.sluice.broker.api.BrokerReady";
    private static final long READY_MS = 60_000L;
    private static final String OURS = "io.sluice.";

    private final BundleContext context;

    private Container(BundleContext context) {
        this.context = context;
    }

    /** Waits until the broker serves. */
    static Container ofReadyBroker() throws InterruptedException {
        BundleContext context = FrameworkUtil.getBundle(Container.class).getBundleContext();
        ServiceTracker<Object, Object> tracker = new ServiceTracker<>(context, READY, null);
        tracker.open();
        try {
            assertNotNull("the broker did not get ready", tracker.waitForService(READY_MS));
            assertNull(tracker.getServiceReference().getProperty("failure"));
        } finally {
            tracker.close();
        }
        return new Container(context);
    }

    BundleContext context() {
        return context;
    }

    /** Where the broker listens, {@code host:port}. */
    String endpoint() {
        ServiceReference<?> ready = context.getServiceReference(READY);
        return String.valueOf(ready.getProperty("endpoint"));
    }

    /** Our bundles that are no fragments. */
    List<Bundle> ours() {
        List<Bundle> ours = new ArrayList<>();
        for (Bundle bundle : context.getBundles()) {
            if (String.valueOf(bundle.getSymbolicName()).startsWith(OURS) && !isFragment(bundle)) {
                ours.add(bundle);
            }
        }
        return ours;
    }

    Bundle bundle(String symbolicName) {
        for (Bundle bundle : context.getBundles()) {
            if (symbolicName.equals(bundle.getSymbolicName())) {
                return bundle;
            }
        }
        throw new AssertionError("there is no bundle " + symbolicName);
    }

    static boolean isFragment(Bundle bundle) {
        BundleRevision revision = bundle.adapt(BundleRevision.class);
        return revision != null && (revision.getTypes() & BundleRevision.TYPE_FRAGMENT) != 0;
    }
}
