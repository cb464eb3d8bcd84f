package io.sluice.storage.mapdb;

import io.sluice.storage.api.EngineCapability;
import io.sluice.storage.api.StorageContext;
import io.sluice.storage.api.StorageEngine;
import io.sluice.storage.api.StorageEngineFactory;
import io.sluice.storage.kit.DiskFullContract;
import io.sluice.storage.kit.EngineFixture;
import io.sluice.storage.kit.FaultyDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;

/** The journal is on the disk that gets full, as everything goes there first. MapDB's own files cannot be put on it. */
final class MapdbDiskFullTest extends DiskFullContract {
    @Override
    protected StorageEngineFactory factory() {
        return new MapdbEngineFactory();
    }

    @Override
    protected EngineFixture open(FaultyDisk disk, Path folder) throws IOException {
        StorageEngineFactory onDisk = new StorageEngineFactory() {
            @Override
            public StorageEngine open(StorageContext context) throws IOException {
                return MapdbEngine.open(context, file -> Journal.FILES.open(disk.at(file)));
            }

            @Override
            public Set<EngineCapability> capabilities() {
                return factory().capabilities();
            }
        };
        return new EngineFixture(onDisk, folder);
    }

    /** What is removed is noted in the journal first. */
    @Override
    protected boolean removesWithoutRoom() {
        return false;
    }
}
