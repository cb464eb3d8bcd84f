package io.sluice.broker.kernel;

import io.sluice.base.TopicIdPartition;
import io.sluice.storage.api.LogConfig;
import io.sluice.storage.api.LogDirectory;
import io.sluice.storage.api.LogStore;
import io.sluice.storage.api.StorageEngine;
import java.io.IOException;
import java.util.List;

/** An engine on a disk that has no room for a new log. */
final class BrokenDisk implements StorageEngine {
    private final StorageEngine whole;

    BrokenDisk(StorageEngine whole) {
        this.whole = whole;
    }

    @Override
    public LogStore open(TopicIdPartition partition, LogConfig config) throws IOException {
        throw new IOException("there is no space left");
    }

    @Override
    public void delete(TopicIdPartition partition) throws IOException {
        whole.delete(partition);
    }

    @Override
    public List<TopicIdPartition> stored() {
        return whole.stored();
    }

    @Override
    public List<LogDirectory> directories() {
        return whole.directories();
    }

    @Override
    public void close() throws IOException {
        whole.close();
    }
}
