package io.sluice.cluster.api;

import org.osgi.annotation.versioning.ProviderType;

/** The metadata as far as this broker has replayed it. Safe for use from any thread. */
@ProviderType
public interface MetadataSource {
    /** The present image; one volatile read. */
    MetadataImage image();

    /**
     * Tells of every later image, in order, on the controller's thread; the first call comes before this returns, with a
     * delta that holds everything.
     */
    Subscription subscribe(MetadataListener listener);

    /** Ends a subscription; no call begins afterwards. */
    @FunctionalInterface
    interface Subscription extends AutoCloseable {
        @Override
        void close();
    }
}
