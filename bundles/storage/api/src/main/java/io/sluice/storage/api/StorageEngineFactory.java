package io.sluice.storage.api;

import java.io.IOException;
import java.util.EnumSet;
import java.util.Set;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Makes engines. The service is cheap: creating it does no I/O. The kernel's registry calls {@link #open} on its own
 * scheduler after the previous holder of the data has closed, can see it fail, and can go back to the previous one.
 */
@ConsumerType
public interface StorageEngineFactory {
    /** @throws IOException when the data cannot be opened; nothing is held then */
    StorageEngine open(StorageContext context) throws IOException;

    /** What the engine can do; a topic that asks for more is refused. Does no I/O. */
    default Set<EngineCapability> capabilities() {
        return EnumSet.allOf(EngineCapability.class);
    }
}
