package org.example.storage;

import io.sluice.storage.api.StorageEngineFactory;
import io.sluice.storage.kit.PartitionLogContract;

final class SamplePartitionLogTest extends PartitionLogContract {
    @Override
    protected StorageEngineFactory factory() {
        return new SampleEngineFactory();
    }
}
