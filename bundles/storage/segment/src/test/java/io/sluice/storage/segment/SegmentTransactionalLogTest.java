package io.sluice.storage.segment;

import io.sluice.storage.api.StorageEngineFactory;
import io.sluice.storage.kit.TransactionalLogContract;

final class SegmentTransactionalLogTest extends TransactionalLogContract {
    @Override
    protected StorageEngineFactory factory() {
        return new SegmentEngineFactory();
    }
}
