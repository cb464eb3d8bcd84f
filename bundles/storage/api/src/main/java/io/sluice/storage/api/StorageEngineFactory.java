package io.sluice.storage.api;

import java.io.IOException;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Makes engines. The service is cheap: creating it does no I/O. The kernel's registry calls {@link #open} on its own
 * scheduler after the previous holder of the data has closed, can see it fail, and can go back to the previous one.
 */
@ConsumerType
public interface StorageEngineFactory {
    /** @throws IOException when the data cannot be opened; nothing is held then */
    StorageEngine open(StorageContext context) throws IOException;
}
