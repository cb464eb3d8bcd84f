package io.sluice.storage.memory;

import io.sluice.storage.api.StorageEngineFactory;
import io.sluice.storage.kit.CompactedLogContract;

final class MemoryCompactedLogTest extends CompactedLogContract {
    @Override
    protected StorageEngineFactory factory() {
        return new MemoryEngineFactory(MemoryEngineFactory.DEFAULT_BYTES_MAX);
    }
}
