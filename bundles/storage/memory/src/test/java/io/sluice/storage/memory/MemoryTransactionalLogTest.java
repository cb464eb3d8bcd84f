package io.sluice.storage.memory;

import io.sluice.storage.api.StorageEngineFactory;
import io.sluice.storage.kit.TransactionalLogContract;

final class MemoryTransactionalLogTest extends TransactionalLogContract {
    @Override
    protected StorageEngineFactory factory() {
        return new MemoryEngineFactory(MemoryEngineFactory.DEFAULT_BYTES_MAX);
    }

    @Override
    protected boolean isDurable() {
        return false;
    }
}
