package io.sluice.storage.segment;

import io.sluice.storage.api.StorageContext;
import io.sluice.storage.api.StorageEngine;
import io.sluice.storage.api.StorageEngineFactory;
import io.sluice.storage.api.StorageEngineType;
import java.io.IOException;
import org.osgi.service.component.annotations.Component;

/** The engine {@code segment}: files in Kafka's layout. */
@Component
@StorageEngineType("segment")
public final class SegmentEngineFactory implements StorageEngineFactory {
    @Override
    public StorageEngine open(StorageContext context) throws IOException {
        return SegmentEngine.open(context);
    }
}
