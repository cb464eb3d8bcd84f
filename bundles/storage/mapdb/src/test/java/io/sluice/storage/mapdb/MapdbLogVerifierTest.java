package io.sluice.storage.mapdb;

import io.sluice.storage.api.StorageEngineFactory;
import io.sluice.storage.kit.LogVerifierContract;

final class MapdbLogVerifierTest extends LogVerifierContract {
    @Override
    protected StorageEngineFactory factory() {
        return new MapdbEngineFactory();
    }
}
