package io.sluice.storage.api;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
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
     * Whether {@link #read} with these arguments waits for no disk, as far as is known. Does no I/O itself.
     *
     * @param offset at least the log's start and below its end
     */
    default boolean isWarm(long offset, int maxBytes) {
        return true;
    }

    /**
     * Reads some of what {@link #read} with these arguments would give to where it need not be waited for: a few MiB at most, so that
     * nobody has to wait long for the end of this call. Blocks.
     *
     * @return true when all of it is there
     */
    default boolean warm(long offset, int maxBytes) throws IOException {
        return true;
    }

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

    /**
     * Makes all that was appended durable. May be called from any thread, beside appends.
     *
     * @throws DiskFullException some of it is still in memory that outlives the process, for want of space: nothing is lost, and another
     *     call may succeed. An fsync that failed, for whatever reason, is not reported by this
     */
    void flush() throws IOException;

    /** The end offset of the last flush that is complete. */
    long flushedOffset();

    /**
     * Why the log can no longer be written: an fsync of it failed, or its directory did. It stays so until the log is opened again, which
     * recovers it. Null while all is well.
     */
    default @Nullable String failure() {
        return null;
    }

    /** Space is short, or no longer is: while it is, files that are deleted go at once and wait for no reader. */
    default void hurry(boolean spaceIsShort) {}

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
     * The same with more that is to be left alone, for an engine that compacts and takes part in transactions. Any other removes nothing
     * at or above the last stable offset.
     */
    default Maintenance maintain(MaintenanceScope scope) throws IOException {
        return maintain(Math.min(scope.highWatermark(), scope.lastStableOffset()));
    }

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

    /**
     * The ranges of offsets that were found to be damaged: a read within one throws a {@link CorruptRangeException}, the rest is read as
     * ever, and nothing is appended while there are any. In the order of their offsets.
     */
    default List<LogDamage> damage() {
        return List.of();
    }

    /** Where the batch with this offset is kept, for messages to people; empty when that says nothing. */
    default String locate(long offset) {
        return "";
    }

    /** Below it offsets may be missing because the log was compacted. */
    default long compactedOffset() {
        return 0L;
    }

    /** Compares what the engine keeps beside the batches, as indexes, with the batches. Changes nothing; may take long. */
    default void check(Consumer<LogFinding> findings) throws IOException {}

    /**
     * Keeps an aborted transaction whose marker has been appended, so that {@link #abortedTransactions} finds it. They come in the order
     * of their markers; one that is kept already may come again after the log was opened, and changes nothing. It goes when its marker is
     * truncated, or deleted with the batches around it. It must be kept as well as a {@linkplain #writeSnapshot snapshot} from after its
     * marker: what lies above the newest snapshot comes again after a crash.
     */
    default void appendAborted(AbortedTransaction transaction) throws IOException {}

    /**
     * The aborted transactions that overlap a range of offsets, in the order of their markers.
     *
     * @param toOffset exclusive
     * @return null when the engine keeps none, or cannot tell: then they are found by reading the log's markers
     */
    default @Nullable List<AbortedTransaction> abortedTransactions(long fromOffset, long toOffset) throws IOException {
        return null;
    }

    /** After {@link #abortedTransactions} gave null: all that there are, found by the log's markers, for an engine that keeps them. */
    default void restoreAborted(List<AbortedTransaction> all) throws IOException {}

    /** Where it lies, for DescribeLogDirs; empty for an engine without directories. */
    Optional<java.nio.file.Path> directory();

    /**
     * Closes it. All that was appended survives the end of the process; {@link #flush} before this makes it survive the end of the machine.
     * Slices that were read stay valid.
     */
    void close() throws IOException;
}
