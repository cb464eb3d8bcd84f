package io.sluice.storage.mapdb;

import io.sluice.storage.api.StorageEngineFactory;
import io.sluice.storage.kit.PartitionLogContract;

final class MapdbPartitionLogTest extends PartitionLogContract {
    @Override
    protected StorageEngineFactory factory() {
        return new MapdbEngineFactory();
    }
}
