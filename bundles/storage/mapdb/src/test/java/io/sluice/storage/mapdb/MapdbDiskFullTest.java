package io.sluice.storage.mapdb;

import io.sluice.storage.api.StorageEngineFactory;
import io.sluice.storage.kit.DiskFullContract;

/** All that the engine has is on the disk that gets full: its journals, the store and the store's commits. */
final class MapdbDiskFullTest extends DiskFullContract {
    @Override
    protected StorageEngineFactory factory() {
        return new MapdbEngineFactory();
    }

    /** What is removed is noted in the journal first. */
    @Override
    protected boolean removesWithoutRoom() {
        return false;
    }
}
