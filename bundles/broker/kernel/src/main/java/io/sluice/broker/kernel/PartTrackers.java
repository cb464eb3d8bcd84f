package io.sluice.broker.kernel;

import io.sluice.replication.api.ReplicationStrategyFactory;
import io.sluice.request.api.ApiHandler;
import io.sluice.request.api.DisconnectListener;
import io.sluice.security.api.AuthenticatorFactory;
import io.sluice.security.api.AuthorizerFactory;
import io.sluice.storage.api.StorageEngineFactory;
import io.sluice.transport.api.TransportFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.util.tracker.ServiceTracker;
import org.osgi.util.tracker.ServiceTrackerCustomizer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Feeds the kernel's roles from the service registry. A factory that leaves is withdrawn before this returns to the
 * container, so that its bundle's classes are not in use when they go.
 */
final class PartTrackers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PartTrackers.class);

    private final BundleContext context;
    private final List<ServiceTracker<?, ?>> trackers = new ArrayList<>();

    PartTrackers(BundleContext context, Kernel kernel) {
        this.context = context;
        track(
                StorageEngineFactory.class,
                "storage.engine.type",
                (type, candidate) -> kernel.engines().offer(type, candidate),
                (type, candidate) -> kernel.engines().withdraw(type, candidate.key()));
        track(
                ReplicationStrategyFactory.class,
                "replication.type",
                (type, candidate) -> offerIf(kernel.replication().role(), type, candidate),
                (type, candidate) -> kernel.replication().role().withdraw(candidate.key()));
        track(
                AuthenticatorFactory.class,
                "authenticator.type",
                (type, candidate) -> offerIf(kernel.security().authenticator(), type, candidate),
                (type, candidate) -> kernel.security().authenticator().withdraw(candidate.key()));
        track(
                AuthorizerFactory.class,
                "authorizer.type",
                (type, candidate) -> offerIf(kernel.security().authorizer(), type, candidate),
                (type, candidate) -> kernel.security().authorizer().withdraw(candidate.key()));
        track(
                ApiHandler.class,
                null,
                (type, candidate) -> kernel.slots().offer(candidate),
                (type, candidate) -> kernel.slots().withdraw(candidate.factory().api(), candidate.key()));
        track(
                DisconnectListener.class,
                null,
                (type, candidate) -> kernel.disconnects().add(candidate.factory()),
                (type, candidate) -> kernel.disconnects().remove(candidate.factory()));
        track(
                TransportFactory.class,
                "transport.type",
                (type, candidate) -> kernel.listeners().offer(type, candidate),
                (type, candidate) -> kernel.listeners().withdraw(candidate.key()));
    }

    private static <F> void offerIf(PartRole<F, ?> role, String type, PartRole.Candidate<F> candidate) {
        if (role.name().equals(type)) {
            role.offer(candidate);
        }
    }

    private <F> void track(
            Class<F> service,
            @Nullable String typeProperty,
            BiConsumer<String, PartRole.Candidate<F>> offer,
            BiConsumer<String, PartRole.Candidate<F>> withdraw) {
        ServiceTracker<F, PartRole.Candidate<F>> tracker =
                new ServiceTracker<>(context, service, new ServiceTrackerCustomizer<>() {
                    @Override
                    public PartRole.@Nullable Candidate<F> addingService(ServiceReference<F> reference) {
                        F factory = context.getService(reference);
                        if (factory == null) {
                            LOG.warn("{} of {} could not be made", service.getSimpleName(), reference.getBundle());
                            return null;
                        }
                        PartRole.Candidate<F> candidate = candidate(reference, factory);
                        offer.accept(type(reference, typeProperty), candidate);
                        return candidate;
                    }

                    @Override
                    public void modifiedService(ServiceReference<F> reference, PartRole.Candidate<F> candidate) {
                        LOG.debug("{} changed its properties", reference);
                    }

                    @Override
                    public void removedService(ServiceReference<F> reference, PartRole.Candidate<F> candidate) {
                        withdraw.accept(type(reference, typeProperty), candidate);
                        context.ungetService(reference);
                    }
                });
        trackers.add(tracker);
        tracker.open();
    }

    private static String type(ServiceReference<?> reference, @Nullable String property) {
        Object value = property == null ? null : reference.getProperty(property);
        return value == null ? "" : value.toString();
    }

    private static <F> PartRole.Candidate<F> candidate(ServiceReference<F> reference, F factory) {
        Object ranking = reference.getProperty(Constants.SERVICE_RANKING);
        return new PartRole.Candidate<>(
                factory,
                reference,
                ranking instanceof Integer number ? number : 0,
                reference.getBundle().getSymbolicName(),
                reference.getBundle().getVersion().toString());
    }

    @Override
    public void close() {
        for (ServiceTracker<?, ?> tracker : trackers) {
            tracker.close();
        }
    }
}
