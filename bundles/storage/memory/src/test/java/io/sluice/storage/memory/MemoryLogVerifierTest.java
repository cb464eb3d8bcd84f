package io.sluice.storage.memory;

import io.sluice.storage.api.StorageEngineFactory;
import io.sluice.storage.kit.LogVerifierContract;

final class MemoryLogVerifierTest extends LogVerifierContract {
    @Override
    protected StorageEngineFactory factory() {
        return new MemoryEngineFactory(MemoryEngineFactory.DEFAULT_BYTES_MAX);
    }
}
