package io.sluice.storage.segment;

import io.sluice.storage.api.StorageEngineFactory;
import io.sluice.storage.kit.CompactedLogContract;

final class SegmentCompactedLogTest extends CompactedLogContract {
    @Override
    protected StorageEngineFactory factory() {
        return new SegmentEngineFactory();
    }
}
