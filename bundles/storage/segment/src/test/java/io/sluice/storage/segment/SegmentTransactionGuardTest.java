package io.sluice.storage.segment;

import io.sluice.storage.api.StorageEngineFactory;
import io.sluice.storage.kit.TransactionGuardContract;

final class SegmentTransactionGuardTest extends TransactionGuardContract {
    @Override
    protected StorageEngineFactory factory() {
        return new SegmentEngineFactory();
    }
}
