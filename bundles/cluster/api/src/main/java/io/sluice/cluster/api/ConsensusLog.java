package io.sluice.cluster.api;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A log of metadata records that a majority agrees on; on one node, a plain local log. Batches are atomic: all of their
 * records are committed, or none. Offsets count records from 0 and are the metadata's own.
 */
@ConsumerType
public interface ConsensusLog extends AutoCloseable {
    /**
     * Begins: the newest snapshot is loaded, then every committed batch is delivered in order, then leadership as it
     * changes. Calls to the listener never overlap.
     */
    void start(Listener listener) throws IOException;

    /**
     * Appends a batch as the leader of this epoch.
     *
     * @return the offset of its last record, once it is committed (and durable); fails with {@link NotControllerException}
     *     when this node does not lead that epoch
     */
    CompletableFuture<Long> append(int epoch, List<ByteBuffer> records);

    /** Keeps a snapshot of everything up to and with this offset; the log before it may go. */
    void writeSnapshot(long offset, int epoch, List<ByteBuffer> records) throws IOException;

    @Override
    void close() throws IOException;

    /** The state machine above the log. */
    interface Listener {
        /** Begin anew from a snapshot. */
        void snapshot(long offset, int epoch, List<ByteBuffer> records);

        /** A batch was committed; its first record has this offset. */
        void committed(long firstOffset, int epoch, List<ByteBuffer> records);

        /** All that was in the log at start has been delivered, or the leadership changed. */
        void leaderChanged(int epoch, @Nullable Integer leader);
    }
}
