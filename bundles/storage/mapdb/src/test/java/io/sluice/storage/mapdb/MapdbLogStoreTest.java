package io.sluice.storage.mapdb;

import io.sluice.storage.api.StorageEngineFactory;
import io.sluice.storage.kit.LogStoreContract;

final class MapdbLogStoreTest extends LogStoreContract {
    @Override
    protected StorageEngineFactory factory() {
        return new MapdbEngineFactory();
    }
}
