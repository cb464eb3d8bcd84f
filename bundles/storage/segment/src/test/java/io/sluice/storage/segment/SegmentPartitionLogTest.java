package io.sluice.storage.segment;

import io.sluice.storage.api.StorageEngineFactory;
import io.sluice.storage.kit.PartitionLogContract;

final class SegmentPartitionLogTest extends PartitionLogContract {
    @Override
    protected StorageEngineFactory factory() {
        return new SegmentEngineFactory();
    }
}
