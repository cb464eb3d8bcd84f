package org.example.storage;

import io.sluice.storage.api.EngineCapability;
import io.sluice.storage.api.StorageContext;
import io.sluice.storage.api.StorageEngine;
import io.sluice.storage.api.StorageEngineFactory;
import io.sluice.storage.api.StorageEngineType;
import java.io.IOException;
import java.util.Set;
import org.osgi.service.component.annotations.Component;

/** Offers the engine: topics choose it by {@code storage.engine=sample}. Creating this does no I/O; the kernel calls {@link #open}. */
@Component(service = StorageEngineFactory.class)
@StorageEngineType("sample")
public final class SampleEngineFactory implements StorageEngineFactory {
    @Override
    public StorageEngine open(StorageContext context) throws IOException {
        return SampleEngine.open(context.engineDirectory(), context.time());
    }

    /** A topic that asks for more than this is refused by name. */
    @Override
    public Set<EngineCapability> capabilities() {
        return EngineCapability.allBut(
                EngineCapability.COMPACTION,
                EngineCapability.PREALLOCATION,
                EngineCapability.FLUSH_INTERVALS,
                EngineCapability.SEVERAL_DIRECTORIES);
    }
}
