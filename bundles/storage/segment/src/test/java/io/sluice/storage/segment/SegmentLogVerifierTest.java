package io.sluice.storage.segment;

import io.sluice.storage.api.StorageEngineFactory;
import io.sluice.storage.kit.LogVerifierContract;

final class SegmentLogVerifierTest extends LogVerifierContract {
    @Override
    protected StorageEngineFactory factory() {
        return new SegmentEngineFactory();
    }
}
