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
     * Appends a batch as the leader of this epoch; returns at once. The buffers belong to the log from then on.
     *
     * <p>The future completes after {@link Listener#committed} was called. When one append fails, every later one of that
     * epoch fails too, so that nothing is committed that was decided on the strength of something that was not.
     *
     * @return the offset of its last record, once it is committed (and durable); fails with {@link NotControllerException}
     *     when it was surely not applied because this node does not lead that epoch, or with an {@link IOException}
     */
    CompletableFuture<Long> append(int epoch, List<ByteBuffer> records);

    /**
     * Keeps a snapshot of everything up to and with this offset, which is the last of a batch; the log before it may go.
     * From any thread; blocks until the snapshot is durable.
     */
    void writeSnapshot(long offset, int epoch, List<ByteBuffer> records) throws IOException;

    /** Appends that are not yet written fail; waits for the one that is being written. */
    @Override
    void close() throws IOException;

    /** The state machine above the log. Its calls come one at a time; the buffers are the listener's. */
    interface Listener {
        /** Begin anew from a snapshot. */
        void snapshot(long offset, int epoch, List<ByteBuffer> records);

        /** A batch was committed; its first record has this offset. */
        void committed(long firstOffset, int epoch, List<ByteBuffer> records);

        /**
         * All that was in the log at start has been delivered, or the leadership changed. Epochs rise.
         *
         * @param leader null when nobody leads
         */
        void leaderChanged(int epoch, @Nullable Integer leader);
    }
}
