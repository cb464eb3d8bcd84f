package io.sluice.storage.mapdb;

import io.sluice.storage.api.StorageEngineFactory;
import io.sluice.storage.kit.StorageEngineContract;

final class MapdbStorageEngineTest extends StorageEngineContract {
    @Override
    protected StorageEngineFactory factory() {
        return new MapdbEngineFactory();
    }
}
