package io.sluice.request.api;

import org.osgi.annotation.versioning.ProviderType;

/** Ends the wait of one parked request. */
@ProviderType
@FunctionalInterface
public interface Wakeup {
    /** The request goes on, soon, on a thread of the kernel's choice; only the first call counts. Must be called without locks. */
    void fire();
}
