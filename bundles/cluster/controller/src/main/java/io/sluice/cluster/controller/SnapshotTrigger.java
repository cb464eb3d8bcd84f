package io.sluice.cluster.controller;

import io.sluice.base.Scheduler;
import io.sluice.cluster.api.ConsensusLog;
import io.sluice.cluster.api.image.ClusterImage;
import io.sluice.cluster.api.image.ImageRecords;
import io.sluice.cluster.api.image.RecordBytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts the bytes of committed records and writes a snapshot whenever enough of them follow the last one. */
final class SnapshotTrigger {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotTrigger.class);

    private final ConsensusLog log;
    private final Scheduler scheduler;
    private final long bytesBetween;
    private final AtomicBoolean writing = new AtomicBoolean();
    private long bytes;

    SnapshotTrigger(ConsensusLog log, Scheduler scheduler, long bytesBetween) {
        this.log = log;
        this.scheduler = scheduler;
        this.bytesBetween = bytesBetween;
    }

    void count(List<ByteBuffer> records) {
        for (ByteBuffer record : records) {
            bytes += record.remaining();
        }
    }

    /** The image has everything that was counted. */
    void maybeWrite(ClusterImage image) {
        if (bytes >= bytesBetween && writing.compareAndSet(false, true)) {
            bytes = 0;
            scheduler.execute(() -> write(image));
        }
    }

    private void write(ClusterImage image) {
        try {
            log.writeSnapshot(image.offset(), image.epoch(), RecordBytes.encode(ImageRecords.of(image)));
        } catch (IOException e) {
            LOG.warn("No snapshot of the metadata at offset {} could be written: {}", image.offset(), e.toString());
        } finally {
            writing.set(false);
        }
    }
}
