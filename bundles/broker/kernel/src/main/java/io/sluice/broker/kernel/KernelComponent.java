package io.sluice.broker.kernel;

import io.sluice.base.RandomSource;
import io.sluice.base.Time;
import io.sluice.broker.api.BrokerReady;
import io.sluice.broker.api.Endpoint;
import io.sluice.cluster.api.ConsensusLogFactory;
import io.sluice.cluster.api.ControllerFactory;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The kernel in the container: starts the broker on a thread of its own, offers its services, and feeds the roles with the
 * factories that come and go. When the framework begins to stop, the broker stops first, while all of its parts are there.
 */
@Component(
        immediate = true,
        service = {})
public final class KernelComponent implements SynchronousBundleListener {
    private static final Logger LOG = LoggerFactory.getLogger(KernelComponent.class);
    private static final long HANDLERS_MS = 10_000L;
    private static final long STOP_MS = 60_000L;

    private final BundleContext context;
    private final ConsensusLogFactory logs;
    private final ControllerFactory controllers;
    private final Deque<ServiceRegistration<?>> registrations = new ArrayDeque<>();
    private final CountDownLatch booted = new CountDownLatch(1);
    private @Nullable Kernel kernel;
    private @Nullable PartTrackers trackers;
    private boolean stopped;

    @Activate
    public KernelComponent(
            BundleContext context, @Reference ConsensusLogFactory logs, @Reference ControllerFactory controllers) {
        this.context = context;
        this.logs = logs;
        this.controllers = controllers;
        context.addBundleListener(this);
        Thread boot = new Thread(this::boot, "sluice-boot");
        boot.setDaemon(true);
        boot.start();
    }

    private void boot() {
        try {
            start();
        } catch (StartupException e) {
            LOG.error("{}", e.getMessage());
            announce("", e.getMessage(), null);
        } catch (RuntimeException | LinkageError e) {
            LOG.error("the broker could not start", e);
            announce("", "The broker could not start: " + e, null);
        } finally {
            booted.countDown();
        }
    }

    private void start() throws StartupException {
        Path data = Path.of(property("sluice.data", "data")).toAbsolutePath().normalize();
        Map<String, String> given = StaticConfig.read(
                property("sluice.config.etc", ""),
                property("sluice.config.file", ""),
                property("sluice.config.set", ""));
        Kernel started = new Kernel(
                BrokerConfig.parse(data, given),
                Time.SYSTEM,
                RandomSource.secure(),
                Sabotage.of(context.getProperty("sluice.sabotage")),
                this::isInstalled,
                KernelComponent::report);
        String trace = context.getProperty("sluice.sync.trace");
        if (trace != null && !trace.isBlank()) {
            started.traceSyncs(Path.of(trace));
        }
        synchronized (this) {
            if (stopped) {
                return;
            }
            kernel = started;
            trackers = new PartTrackers(context, started);
        }
        started.start(logs, controllers, this::publish);
        awaitHandlers(started);
        String closed = started.openListeners();
        started.slots().ready();
        if (closed != null) {
            LOG.error("{}", closed);
        }
        Endpoint first = started.endpoints().get(0);
        announce(first.host() + ":" + first.port(), null, closed);
    }

    /** The terminal is the person's who started the broker; once it is ready, the log is enough. */
    private static void report(String progress) {
        LOG.info("{}", progress);
        if (!Boolean.getBoolean("sluice.ready")) {
            System.out.println(progress);
        }
    }

    private String property(String key, String otherwise) {
        String value = context.getProperty(key);
        return value == null || value.isBlank() ? otherwise : value;
    }

    /** The listeners stay closed until every handler of the installed bundles is there; a broken one is not waited for forever. */
    private void awaitHandlers(Kernel started) {
        long end = Time.SYSTEM.nanoseconds() + HANDLERS_MS * 1_000_000L;
        int expected = HandlerCensus.count(context) + 1;
        while (started.slots().openCount() < expected) {
            if (Time.SYSTEM.nanoseconds() - end > 0) {
                LOG.warn(
                        "{} of {} handlers are there; opening the listeners without the others",
                        started.slots().openCount(),
                        expected);
                return;
            }
            java.util.concurrent.locks.LockSupport.parkNanos(1_000_000L);
            expected = HandlerCensus.count(context) + 1;
        }
    }

    private boolean isInstalled(String symbolicName) {
        for (Bundle bundle : context.getBundles()) {
            if (symbolicName.equals(bundle.getSymbolicName())) {
                return true;
            }
        }
        return false;
    }

    private synchronized <S> void publish(Class<S> type, S service) {
        if (!stopped) {
            registrations.push(context.registerService(type, service, null));
        }
    }

    private synchronized void announce(String endpoint, @Nullable String failure, @Nullable String closed) {
        if (stopped) {
            return;
        }
        Dictionary<String, Object> properties = new Hashtable<>();
        if (failure == null) {
            properties.put("endpoint", endpoint);
        } else {
            properties.put("failure", failure);
        }
        if (closed != null) {
            properties.put("closed", closed);
        }
        BrokerReady ready = () -> endpoint;
        registrations.push(context.registerService(BrokerReady.class, ready, properties));
    }

    @Override
    public void bundleChanged(BundleEvent event) {
        if (event.getType() == BundleEvent.STOPPING && event.getBundle().getBundleId() == 0L) {
            stop();
        }
    }

    @Deactivate
    public void deactivate() {
        context.removeBundleListener(this);
        stop();
    }

    private void stop() {
        Kernel running;
        PartTrackers tracking;
        synchronized (this) {
            if (stopped) {
                return;
            }
            stopped = true;
            running = kernel;
            tracking = trackers;
        }
        if (running != null) {
            onThread(running::stopServing);
        }
        // Coordinators and handlers end while there are still logs that they can write to and threads that run them.
        List<ServiceRegistration<?>> offered;
        synchronized (this) {
            offered = List.copyOf(registrations);
            registrations.clear();
        }
        offered.forEach(KernelComponent::unregister);
        if (running != null) {
            onThread(running::stop);
        }
        if (tracking != null) {
            tracking.close();
        }
    }

    /** On a thread of its own, which nobody interrupts. */
    private static void onThread(Runnable work) {
        CountDownLatch done = new CountDownLatch(1);
        Thread stopping = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (RuntimeException e) {
                        LOG.error("the broker did not stop cleanly", e);
                    } finally {
                        done.countDown();
                    }
                },
                "sluice-stop");
        stopping.start();
        Uninterruptibly.await(done, STOP_MS);
    }

    private static void unregister(ServiceRegistration<?> registration) {
        try {
            registration.unregister();
        } catch (IllegalStateException e) {
            LOG.debug("a service was gone already", e);
        }
    }
}
