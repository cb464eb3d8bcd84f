package org.example.storage;

import io.sluice.storage.api.StorageEngineFactory;
import io.sluice.storage.kit.LogStoreContract;

final class SampleLogStoreTest extends LogStoreContract {
    @Override
    protected StorageEngineFactory factory() {
        return new SampleEngineFactory();
    }
}
