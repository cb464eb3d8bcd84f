package io.sluice.storage.segment;

import io.sluice.storage.api.StorageEngineFactory;
import io.sluice.storage.kit.DiskFullContract;
import io.sluice.storage.kit.EngineFixture;
import io.sluice.storage.kit.FaultyDisk;
import java.io.IOException;
import java.nio.file.Path;

/** The same with the newest bytes waiting in memory, which lies on another disk here: it has its full size from the beginning. */
final class StagedDiskFullTest extends DiskFullContract {
    @Override
    protected StorageEngineFactory factory() {
        return new SegmentEngineFactory();
    }

    @Override
    protected int valueBytes() {
        return 20_000;
    }

    @Override
    protected EngineFixture open(FaultyDisk disk, Path folder) throws IOException {
        return new EngineFixture(
                factory(),
                disk.root().resolve("logs"),
                folder.resolve("engine"),
                key -> key.equals("log.staging.bytes") ? "2097152" : null);
    }
}
