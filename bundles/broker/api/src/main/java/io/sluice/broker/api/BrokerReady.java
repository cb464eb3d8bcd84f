package io.sluice.broker.api;

import org.osgi.annotation.versioning.ProviderType;

/**
 * Registered by the kernel once its listeners are open, with the service property {@code endpoint}; or, when it could
 * not start, with the property {@code failure}: one sentence that says why.
 */
@ProviderType
public interface BrokerReady {
    /** {@code host:port} of the first listener. */
    String endpoint();
}
