package io.sluice.storage.mapdb;

import io.sluice.storage.api.EngineCapability;
import io.sluice.storage.api.StorageContext;
import io.sluice.storage.api.StorageEngine;
import io.sluice.storage.api.StorageEngineFactory;
import io.sluice.storage.api.StorageEngineType;
import java.io.IOException;
import java.util.Set;
import org.osgi.service.component.annotations.Component;

/** The engine {@code mapdb}: very many small topics in one store, with a handful of open files. */
@Component
@StorageEngineType("mapdb")
public final class MapdbEngineFactory implements StorageEngineFactory {
    @Override
    public StorageEngine open(StorageContext context) throws IOException {
        return MapdbEngine.open(context);
    }

    @Override
    public Set<EngineCapability> capabilities() {
        return EngineCapability.allBut(
                EngineCapability.FLUSH_INTERVALS, EngineCapability.PREALLOCATION, EngineCapability.SEVERAL_DIRECTORIES);
    }
}
