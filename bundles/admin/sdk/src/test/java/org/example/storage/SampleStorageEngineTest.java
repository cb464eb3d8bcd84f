package org.example.storage;

import io.sluice.storage.api.StorageEngineFactory;
import io.sluice.storage.kit.StorageEngineContract;

final class SampleStorageEngineTest extends StorageEngineContract {
    @Override
    protected StorageEngineFactory factory() {
        return new SampleEngineFactory();
    }
}
