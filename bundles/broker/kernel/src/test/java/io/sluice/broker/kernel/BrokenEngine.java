package io.sluice.broker.kernel;

import io.sluice.base.TopicIdPartition;
import io.sluice.storage.api.LogConfig;
import io.sluice.storage.api.LogDirectory;
import io.sluice.storage.api.LogStore;
import io.sluice.storage.api.StorageContext;
import io.sluice.storage.api.StorageEngine;
import io.sluice.storage.api.StorageEngineFactory;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** An engine that opens and then opens no log. What the one before handed over goes on to the next. */
final class BrokenEngine implements StorageEngineFactory, StorageEngine {
    private final String why;
    private Map<String, Object> handedOver = Map.of();

    BrokenEngine(String why) {
        this.why = why;
    }

    @Override
    public StorageEngine open(StorageContext context) {
        handedOver = context.handedOver();
        return this;
    }

    @Override
    public LogStore open(TopicIdPartition partition, LogConfig config) throws IOException {
        throw new IOException(why);
    }

    @Override
    public void delete(TopicIdPartition partition) throws IOException {
        throw new IOException(why);
    }

    @Override
    public List<TopicIdPartition> stored() {
        return List.of();
    }

    @Override
    public List<LogDirectory> directories() {
        return List.of();
    }

    @Override
    public Map<String, Object> handOver() {
        return handedOver;
    }

    @Override
    public void close() {}
}
