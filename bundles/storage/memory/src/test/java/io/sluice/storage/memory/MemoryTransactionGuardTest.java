package io.sluice.storage.memory;

import io.sluice.storage.api.StorageEngineFactory;
import io.sluice.storage.kit.TransactionGuardContract;

final class MemoryTransactionGuardTest extends TransactionGuardContract {
    @Override
    protected StorageEngineFactory factory() {
        return new MemoryEngineFactory(MemoryEngineFactory.DEFAULT_BYTES_MAX);
    }

    @Override
    protected boolean isDurable() {
        return false;
    }
}
