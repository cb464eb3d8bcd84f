package io.sluice.storage.memory;

import io.sluice.storage.api.EngineCapability;
import io.sluice.storage.api.StorageContext;
import io.sluice.storage.api.StorageEngine;
import io.sluice.storage.api.StorageEngineFactory;
import io.sluice.storage.api.StorageEngineType;
import java.io.IOException;
import java.util.Set;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.Designate;

/** The engine {@code memory}: batches on the heap, gone with the process, handed over when the bundle is updated. */
@Component
@StorageEngineType("memory")
@Designate(ocd = MemoryOptions.class)
public final class MemoryEngineFactory implements StorageEngineFactory {
    static final long DEFAULT_BYTES_MAX = 128L * 1024 * 1024;

    private final long bytesMax;

    @Activate
    public MemoryEngineFactory(MemoryOptions options) {
        this(options.max_bytes());
    }

    /** @param bytesMax the most that all logs may take on the heap */
    public MemoryEngineFactory(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    @Override
    public StorageEngine open(StorageContext context) throws IOException {
        if (bytesMax <= 0L) {
            throw new IOException("max.bytes of the memory engine must be positive, not " + bytesMax);
        }
        return MemoryEngine.open(context, bytesMax);
    }

    @Override
    public Set<EngineCapability> capabilities() {
        return EngineCapability.allBut(
                EngineCapability.PERSISTENCE,
                EngineCapability.SYNCED_WRITES,
                EngineCapability.FLUSH_INTERVALS,
                EngineCapability.PREALLOCATION,
                EngineCapability.SEVERAL_DIRECTORIES,
                EngineCapability.DISK_FULL);
    }
}
