package io.sluice.storage.mapdb;

import io.sluice.storage.api.StorageEngineFactory;
import io.sluice.storage.kit.TransactionGuardContract;

final class MapdbTransactionGuardTest extends TransactionGuardContract {
    @Override
    protected StorageEngineFactory factory() {
        return new MapdbEngineFactory();
    }
}
