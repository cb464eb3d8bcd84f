package io.sluice.storage.api;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * What an engine does for one partition: it keeps record batches (format 2) in offset order, and a few opaque side
 * states. {@link PartitionLog} stands over it and does what is the same for every engine.
 *
 * <p>Threads: appends, truncations and changes of the log's start come from one writer at a time; reads come from any
 * thread at the same time and see whole batches only. Nothing here is called after {@link #close()}.
 */
@ConsumerType
public interface LogStore {
    /** The first offset that can be read. */
    long logStartOffset();

    /** The offset that the next record gets. */
    long logEndOffset();

    /** The bytes of all batches. */
    long sizeInBytes();

    /**
     * Appends whole batches whose offsets are assigned.
     *
     * @param batches borrowed for the call; position to limit are one or more batches
     * @param firstOffset of the first batch
     * @param lastOffset of the last batch
     * @param maxTimestamp the largest of the batches, in milliseconds
     * @param offsetOfMaxTimestamp the last offset of the batch that has it
     * @throws IOException nothing was appended, or what was is cut off again before the next append
     */
    void append(ByteBuffer batches, long firstOffset, long lastOffset, long maxTimestamp, long offsetOfMaxTimestamp)
            throws IOException;

    /**
     * Reads whole batches from the one that contains the offset.
     *
     * @param offset at least the log's start
     * @param maxBytes the most to return; the first batch is returned whole even when it is larger, if {@code minOneBatch}
     * @param endOffset no batch is returned that has an offset at or above this one
     * @return owned by the caller, who releases it; empty when there is nothing below {@code endOffset}
     */
    LogRead read(long offset, int maxBytes, long endOffset, boolean minOneBatch) throws IOException;

    /**
     * The first record, at or above the log's start, whose timestamp is at least the given one.
     *
     * @return null when there is none
     */
    @Nullable
    TimestampOffset firstAtOrAfter(long timestampMs) throws IOException;

    /** The record with the largest timestamp, the first of them; null when the log is empty. */
    @Nullable
    TimestampOffset latestTimestamp() throws IOException;

    /**
     * Shows every batch that has an offset at or above this one, up to the log's end at this moment, by its header.
     *
     * @param fromOffset at least the log's start
     */
    void scan(long fromOffset, BatchVisitor visitor) throws IOException;

    /** Removes every batch with an offset at or above this one. Readers that hold slices keep their files. */
    void truncateTo(long offset) throws IOException;

    /** Empties the log; the next offset is the given one. */
    void truncateFullyAndStartAt(long offset) throws IOException;

    /** Raises the log's start (DeleteRecords, retention); whole segments below it can go. Kept durably enough to survive a kill. */
    void advanceLogStart(long offset) throws IOException;

    /** Makes all that was appended durable. May be called from any thread, beside appends. */
    void flush() throws IOException;

    /** The end offset of the last flush that is complete. */
    long flushedOffset();

    /** From now on this configuration holds. */
    void reconfigure(LogConfig config);

    /**
     * Does the background work that is due: retention, compaction, flush by time, deletion. One call at a time; may run
     * beside appends and reads. May raise the log's start.
     *
     * @param highWatermark nothing at or above it is removed or compacted
     * @return what was done
     */
    Maintenance maintain(long highWatermark) throws IOException;

    /**
     * Keeps an opaque state that belongs to the log's prefix below this offset (producer state); older ones may go. May be called from
     * any thread.
     */
    void writeSnapshot(long offset, ByteBuffer state) throws IOException;

    /**
     * The same without waiting, for the writer: it may be kept later, or be lost in a crash. One that was not kept before the log is cut
     * below its offset never is.
     */
    default void writeSnapshotSoon(long offset, ByteBuffer state) throws IOException {
        writeSnapshot(offset, state);
    }

    /** The newest snapshots at or below this offset, the newest first; those that cannot be read are left out. */
    List<Snapshot> snapshots(long maxOffset) throws IOException;

    /** Offsets at which the engine starts a new segment call for a snapshot; true once after each roll. */
    boolean pollRolled();

    /** Keeps the partition's leader epochs, whole, in the order of their offsets. */
    void writeLeaderEpochs(List<EpochEntry> epochs) throws IOException;

    List<EpochEntry> readLeaderEpochs() throws IOException;

    /** Where it lies, for DescribeLogDirs; empty for an engine without directories. */
    Optional<java.nio.file.Path> directory();

    /**
     * Closes it. All that was appended survives the end of the process; {@link #flush} before this makes it survive the end of the machine.
     * Slices that were read stay valid.
     */
    void close() throws IOException;
}
