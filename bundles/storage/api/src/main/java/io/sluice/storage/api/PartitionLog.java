package io.sluice.storage.api;

import io.sluice.base.ErrorCode;
import io.sluice.base.LeaderEpoch;
import io.sluice.base.Time;
import io.sluice.protocol.compress.CompressionType;
import io.sluice.protocol.record.RecordBatchFormat;
import io.sluice.protocol.record.RecordBatchView;
import io.sluice.protocol.record.TimestampType;
import io.sluice.storage.api.AppendResult.Rejected;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A partition's log: what is the same over every engine. It checks batches, gives them offsets and leader epoch in place, knows the
 * idempotent producers, their transactions and the leader epochs, and keeps these with the {@link LogStore} that holds the batches.
 *
 * <p>Threads: {@link #appendAsLeader}, {@link #becomeLeader}, the truncations, {@link #advanceLogStart} and {@link #close} are for one
 * writer at a time, which the caller sees to. Everything else may be called from any thread that may block, beside the writer.
 *
 * <p>Producers and epochs are read from the store when they are first needed, so that opening a thousand logs opens no file.
 */
public final class PartitionLog {
    /** After that many bytes the producers' state is kept, so that a crash leaves no more than that to be read again. */
    private static final long SNAPSHOT_BYTES = 64L * 1024 * 1024;

    private static final int BYTES_PER_SNAPSHOT_BYTE = 32;

    private final Object partition;
    private final LogStore store;
    private final Time time;
    private final LongSupplier producerIdExpirationMs;
    private final LogValidator validator;
    private volatile LogConfig config;
    private volatile @Nullable LogState state;
    private int announcedEpoch = LeaderEpoch.NONE;
    private volatile long snapshotOffset = -1L;

    /** Counted down by the writer. Whoever keeps a snapshot meanwhile begins it anew; a count lost then moves the next one a little. */
    private volatile long bytesToSnapshot = SNAPSHOT_BYTES;

    private PartitionLog(
            Object partition, LogStore store, LogConfig config, Time time, LongSupplier producerIdExpirationMs) {
        this.partition = partition;
        this.store = store;
        this.config = config;
        this.time = time;
        this.producerIdExpirationMs = producerIdExpirationMs;
        this.validator = new LogValidator(partition);
    }

    /**
     * Puts a log over an open store, which it owns from now on.
     *
     * @param partition whose, for messages
     * @param producerIdExpirationMs after how long silent producers are forgotten
     */
    public static PartitionLog open(
            Object partition, LogStore store, LogConfig config, Time time, LongSupplier producerIdExpirationMs)
            throws IOException {
        return new PartitionLog(partition, store, config, time, producerIdExpirationMs);
    }

    /** The producers and epochs, read or rebuilt from the store at first. */
    private LogState state() throws IOException {
        LogState known = state;
        if (known != null) {
            return known;
        }
        synchronized (this) {
            if (state == null) {
                LogState loaded = LogState.load(store, time);
                snapshotOffset = loaded.snapshotOffset();
                if (announcedEpoch != LeaderEpoch.NONE) {
                    loaded.assignEpoch(announcedEpoch, store.logEndOffset(), store);
                }
                state = loaded;
            }
            return state;
        }
    }

    /** Reads producers and epochs now, which the first append would do else. */
    public void load() throws IOException {
        state();
    }

    /** This broker leads the partition from now on, under this epoch, which begins at the log's end. */
    public void becomeLeader(int leaderEpoch) throws IOException {
        LogState known;
        synchronized (this) {
            announcedEpoch = leaderEpoch;
            known = state;
        }
        if (known != null) {
            known.assignEpoch(leaderEpoch, store.logEndOffset(), store);
        }
    }

    /** Whether checking these batches means decoding them, which is better done on a thread that may take its time. */
    public static boolean needsDecoding(ByteBuffer batches, LogConfig config) {
        int at = batches.position();
        if (batches.limit() - at < RecordBatchFormat.HEADER_BYTES) {
            return false;
        }
        int codec = batches.getShort(at + RecordBatchFormat.ATTRIBUTES) & RecordBatchFormat.COMPRESSION_MASK;
        CompressionType target = config.compression().codec();
        boolean rewritten = target != null && target.id() != codec;
        return rewritten || (codec != 0 && config.recordValidation() == RecordValidation.FULL);
    }

    /**
     * Appends record batches under the epoch of this leader.
     *
     * @param batches borrowed for the call, from position to limit; offsets, epoch and, where the topic asks for it, timestamps are
     *     written into it
     * @param client whether a client sent them: then it must be one batch and everything is checked. Else they are the broker's own
     * @throws IOException when the store failed: nothing was appended, and the next append may succeed
     */
    public AppendResult appendAsLeader(ByteBuffer batches, boolean client, int leaderEpoch) throws IOException {
        return appendAsLeader(batches, client, leaderEpoch, 0);
    }

    /**
     * The same for the markers of a transaction coordinator.
     *
     * @param transactionVersion of the producers' transactions: from 2 on a marker's epoch is above that of the batches that it ends
     */
    public AppendResult appendAsLeader(ByteBuffer batches, boolean client, int leaderEpoch, int transactionVersion)
            throws IOException {
        if (client) {
            return appendGuarded(batches, leaderEpoch, TransactionGuard.NONE);
        }
        return appendAsCoordinator(batches, leaderEpoch, transactionVersion, TransactionGuard.NONE);
    }

    /**
     * The same for batches of the broker's own.
     *
     * @param transactionVersion for a marker: of the producer's transactions, as its coordinator says; 0 when it is not known
     * @param guard for records that a coordinator writes into a producer's transaction; as in {@link #appendGuarded}
     */
    public AppendResult appendAsCoordinator(ByteBuffer batches, int leaderEpoch, int transactionVersion, long guard)
            throws IOException {
        Rejected damaged = refusalOfDamaged();
        return damaged != null
                ? damaged
                : appendInternal(batches, config, leaderEpoch, transactionVersion, guard, time.milliseconds());
    }

    /**
     * The same for one batch of a client's.
     *
     * @param guard for a transactional batch: what {@link #transactionGuard} gave, or a value of {@link TransactionGuard}. A batch that would begin
     *     a transaction although one of its producer has ended since is rejected with {@code NOT_ENOUGH_REPLICAS}
     */
    public AppendResult appendGuarded(ByteBuffer batches, int leaderEpoch, long guard) throws IOException {
        Rejected damaged = refusalOfDamaged();
        if (damaged != null) {
            return damaged;
        }
        LogConfig now = config;
        long nowMs = time.milliseconds();
        Rejected fault = validator.checkClient(batches, now, nowMs);
        return fault != null ? fault : appendChecked(batches, now, leaderEpoch, guard, nowMs);
    }

    private @Nullable Rejected refusalOfDamaged() {
        List<LogDamage> damage = store.damage();
        return damage.isEmpty()
                ? null
                : new Rejected(
                        ErrorCode.KAFKA_STORAGE_ERROR,
                        "Nothing is appended to " + partition + " because "
                                + damage.get(0).describe());
    }

    /**
     * What {@link #appendGuarded} is to be given for this producer's records.
     *
     * @return {@link TransactionGuard#ONGOING} when its transaction has records here, else the log's end
     */
    public long transactionGuard(long producerId, short producerEpoch) throws IOException {
        ProducerStates producers = state().producers();
        return producers.hasOngoingTransaction(producerId, producerEpoch)
                ? TransactionGuard.ONGOING
                : producers.endOffset();
    }

    /**
     * The same for a client's batch that is to be appended once its transaction is known to go on: until one is, a producer of whom nothing is known
     * must begin with the lowest sequence number that was asked for.
     *
     * @return {@link TransactionGuard#ONGOING} also for an epoch that is over: nobody needs to be asked before the append refuses it
     */
    public long transactionGuard(long producerId, short producerEpoch, int firstSequence) throws IOException {
        return state().producers().awaitFirst(producerId, producerEpoch, firstSequence, time.milliseconds());
    }

    private AppendResult appendChecked(ByteBuffer batches, LogConfig now, int leaderEpoch, long guard, long nowMs)
            throws IOException {
        RecordBatchView batch = validator.batch();
        CompressionType target = now.compression().codec();
        ByteBuffer plain = validator.decompressed();
        if (target != null && target.id() != batch.compressionId() || !validator.isConsecutive()) {
            CompressionType codec = target != null ? target : batch.compressionType();
            ByteBuffer source = plain != null ? plain : batch.payload();
            ByteBuffer rewritten = validator.isConsecutive()
                    ? BatchRewriter.recompress(batch, source, codec, now)
                    : BatchRewriter.renumber(batch, source, codec, now);
            batch.wrap(rewritten, 0);
            if (batch.sizeInBytes() > now.maxMessageBytes()) {
                return validator.tooLarge(batch.sizeInBytes(), now);
            }
        }
        if (batch.sizeInBytes() > now.segmentBytes()) {
            return listTooLarge(batch.sizeInBytes(), now);
        }
        LogState known = state();
        long offset = store.logEndOffset();
        if (batch.hasProducerId()) {
            AppendResult refused = known.producers().check(batch, guard, offset, partition);
            if (refused != null) {
                return refused;
            }
        }
        long appendTimeMs = stamp(batch, validator.maxTimestamp(), now, nowMs);
        batch.setBaseOffset(offset);
        batch.setPartitionLeaderEpoch(leaderEpoch);
        long lastOffset = batch.lastOffset();
        ByteBuffer bytes = batch.buffer();
        int position = bytes.position();
        int limit = bytes.limit();
        bytes.limit(batch.position() + batch.sizeInBytes()).position(batch.position());
        try {
            write(known, bytes, offset, lastOffset, batch.maxTimestamp(), lastOffset, leaderEpoch);
            known.producers().update(bytes, bytes.position(), nowMs);
        } finally {
            bytes.limit(limit).position(position);
        }
        return new AppendResult.Appended(offset, lastOffset, appendTimeMs);
    }

    /** Sets the batch's largest timestamp and its type as the topic wants them; the time if the topic stamps, else -1. */
    private static long stamp(RecordBatchView batch, long maxTimestamp, LogConfig config, long nowMs) {
        TimestampType wanted = config.timestampType();
        long largest = wanted == TimestampType.LOG_APPEND_TIME ? nowMs : maxTimestamp;
        if (batch.maxTimestamp() != largest || batch.timestampType() != wanted) {
            batch.setMaxTimestampAndType(largest, wanted);
            batch.rewriteCrc();
        }
        return wanted == TimestampType.LOG_APPEND_TIME ? nowMs : -1L;
    }

    private AppendResult appendInternal(
            ByteBuffer batches, LogConfig now, int leaderEpoch, int transactionVersion, long guard, long nowMs)
            throws IOException {
        if (batches.remaining() > now.segmentBytes()) {
            return listTooLarge(batches.remaining(), now);
        }
        LogState known = state();
        long first = store.logEndOffset();
        long next = first;
        long maxTimestamp = RecordBatchFormat.NO_TIMESTAMP;
        long offsetOfMax = -1L;
        RecordBatchView batch = validator.batch();
        ProducerAppend producers = new ProducerAppend(known.producers(), transactionVersion, guard, partition);
        for (int at = batches.position(); at < batches.limit(); at += batch.sizeInBytes()) {
            AppendResult fault = validator.checkInternal(batches, at, now);
            if (fault != null) {
                return fault;
            }
            stamp(batch, batch.maxTimestamp(), now, nowMs);
            batch.setBaseOffset(next);
            batch.setPartitionLeaderEpoch(leaderEpoch);
            fault = batch.hasProducerId() ? producers.add(batch) : null;
            if (fault != null) {
                return fault;
            }
            next = batch.nextOffset();
            if (batch.maxTimestamp() > maxTimestamp || offsetOfMax < 0L) {
                maxTimestamp = batch.maxTimestamp();
                offsetOfMax = batch.lastOffset();
            }
        }
        if (next == first) {
            return new Rejected(ErrorCode.INVALID_RECORD, "There is no record batch");
        }
        write(known, batches, first, next - 1L, maxTimestamp, offsetOfMax, leaderEpoch);
        for (int at = batches.position(); at < batches.limit(); at += BatchHeader.sizeInBytes(batches, at)) {
            AbortedTransaction aborted = known.producers().update(batches, at, nowMs);
            if (aborted != null) {
                known.aborted().add(aborted);
            }
        }
        return new AppendResult.Appended(
                first, next - 1L, now.timestampType() == TimestampType.LOG_APPEND_TIME ? nowMs : -1L);
    }

    private void write(
            LogState known,
            ByteBuffer bytes,
            long first,
            long last,
            long maxTimestamp,
            long offsetOfMax,
            int leaderEpoch)
            throws IOException {
        known.assignEpoch(leaderEpoch, first, store);
        store.append(bytes, first, last, maxTimestamp, offsetOfMax);
        snapshotIfDue(known, bytes.remaining());
    }

    private void snapshotIfDue(LogState known, int appendedBytes) throws IOException {
        long left = bytesToSnapshot - appendedBytes;
        bytesToSnapshot = left;
        if ((store.pollRolled() || left < 0L) && known.aborted().areKept()) {
            Snapshot before = known.producers().snapshot();
            DiskFullException.pass(() -> {
                store.writeSnapshotSoon(before.offset(), before.state());
                snapshotWritten(before);
            });
        }
    }

    /**
     * Appends whole batches that another log of the partition has already given their offsets, epochs and timestamps, as they are. For
     * the writer.
     *
     * @param batches borrowed for the call, from position to limit; the first begins at or above this log's end, and offsets may be
     *     missing before and between them
     * @throws IOException when the store failed: nothing was appended
     * @throws IllegalArgumentException when they are not in the order of their offsets
     */
    public void appendAsFollower(ByteBuffer batches) throws IOException {
        LogState known = state();
        long first = BatchHeader.baseOffset(batches, batches.position());
        long next = store.logEndOffset();
        long maxTimestamp = RecordBatchFormat.NO_TIMESTAMP;
        long offsetOfMax = -1L;
        for (int at = batches.position(); at < batches.limit(); at += BatchHeader.sizeInBytes(batches, at)) {
            long base = BatchHeader.baseOffset(batches, at);
            long last = BatchHeader.lastOffset(batches, at);
            if (base < next || last < base) {
                throw new IllegalArgumentException("a batch of the offsets " + base + " to " + last
                        + " cannot be appended to " + partition + ", whose next offset is " + next);
            }
            next = last + 1L;
            if (BatchHeader.maxTimestamp(batches, at) > maxTimestamp || offsetOfMax < 0L) {
                maxTimestamp = BatchHeader.maxTimestamp(batches, at);
                offsetOfMax = last;
            }
        }
        if (offsetOfMax < 0L) {
            return;
        }
        for (int at = batches.position(); at < batches.limit(); at += BatchHeader.sizeInBytes(batches, at)) {
            known.assignEpoch(BatchHeader.leaderEpoch(batches, at), BatchHeader.baseOffset(batches, at), store);
        }
        store.append(batches, first, next - 1L, maxTimestamp, offsetOfMax);
        long nowMs = time.milliseconds();
        for (int at = batches.position(); at < batches.limit(); at += BatchHeader.sizeInBytes(batches, at)) {
            AbortedTransaction ended = known.producers().update(batches, at, nowMs);
            if (ended != null) {
                known.aborted().add(ended);
            }
        }
        known.producers().transactions().committed(next);
        snapshotIfDue(known, batches.remaining());
    }

    /**
     * Takes over from the log of which this one is a copy what its batches alone do not tell: producers whose batches are gone, and
     * leader epochs without a batch. For the writer of both.
     */
    public void adoptState(PartitionLog original) throws IOException {
        LogState theirs = original.state();
        LogState known = state();
        Snapshot producers = theirs.producers().snapshot();
        known.adopt(producers, theirs.epochs(), store, time.milliseconds());
        if (known.aborted().areKept()) {
            store.writeSnapshotSoon(
                    producers.offset(), known.producers().snapshot().state());
            snapshotWritten(producers);
        }
    }

    private void snapshotWritten(Snapshot snapshot) {
        snapshotOffset = snapshot.offset();
        bytesToSnapshot = Math.max(
                SNAPSHOT_BYTES,
                (long) BYTES_PER_SNAPSHOT_BYTE * snapshot.state().remaining());
    }

    private static Rejected listTooLarge(int size, LogConfig config) {
        return new Rejected(
                ErrorCode.RECORD_LIST_TOO_LARGE,
                "A batch of " + size + " bytes exceeds the segment size of " + config.segmentBytes());
    }

    /**
     * Reads whole batches; see {@link LogStore#read}. At or past {@code endOffset} it is empty.
     *
     * @param offset at least the log's start
     */
    public LogRead read(long offset, int maxBytes, long endOffset, boolean minOneBatch) throws IOException {
        return store.read(offset, maxBytes, endOffset, minOneBatch);
    }

    /** Whether a read waits for no disk, as far as is known; see {@link LogStore#isWarm}. */
    public boolean isWarm(long offset, int maxBytes) {
        return store.isWarm(offset, maxBytes);
    }

    /** Whether producers and epochs are in memory, which they are from the first use on. */
    public boolean isLoaded() {
        return state != null;
    }

    /** Makes a read wait for no disk, in steps; see {@link LogStore#warm}. */
    public boolean warm(long offset, int maxBytes) throws IOException {
        state();
        return store.warm(offset, maxBytes);
    }

    /**
     * Up to where readers of committed records may read (KIP-98): to the first record of a transaction that is undecided, or whose end is
     * not committed itself; to the high watermark when there is none.
     */
    public long lastStableOffset(long highWatermark) throws IOException {
        Transactions transactions = state().producers().transactions();
        transactions.committed(highWatermark);
        return Math.min(highWatermark, Math.max(transactions.firstUnstable(), store.logStartOffset()));
    }

    /** All below this offset is committed: what is kept of transactions that ended there can go. */
    public void committed(long highWatermark) {
        LogState known = state;
        if (known != null) {
            known.producers().transactions().committed(highWatermark);
        }
    }

    /**
     * The aborted transactions that a reader of committed records must know in this range of offsets, in the order of their markers.
     *
     * @param toOffset exclusive
     */
    public List<AbortedTransaction> abortedTransactions(long fromOffset, long toOffset) throws IOException {
        return state().aborted().overlapping(fromOffset, toOffset);
    }

    /** Whether the producer has a transaction open here, under this epoch. */
    public boolean hasOngoingTransaction(long producerId, short producerEpoch) throws IOException {
        return state().producers().hasOngoingTransaction(producerId, producerEpoch);
    }

    public long logStartOffset() {
        return store.logStartOffset();
    }

    public long logEndOffset() {
        return store.logEndOffset();
    }

    public long sizeInBytes() {
        return store.sizeInBytes();
    }

    /** What an fsync has made safe. */
    public long flushedOffset() {
        return store.flushedOffset();
    }

    public Optional<Path> directory() {
        return store.directory();
    }

    public LogConfig config() {
        return config;
    }

    /** The first record whose timestamp is at least this one; null when there is none. */
    public @Nullable TimestampOffset firstAtOrAfter(long timestampMs) throws IOException {
        return store.firstAtOrAfter(timestampMs);
    }

    /** The first record that has the largest timestamp; null when the log is empty. */
    public @Nullable TimestampOffset latestTimestamp() throws IOException {
        return store.latestTimestamp();
    }

    /** Where a leader epoch ended in this log; {@link EpochEnd#UNKNOWN} when it is newer than all that are known. */
    public EpochEnd endOffsetForEpoch(int epoch) throws IOException {
        return state().epochs().endOf(epoch, store.logEndOffset());
    }

    /** The newest epoch that this log knows; -1 when there is none. */
    public int latestEpoch() throws IOException {
        return state().epochs().latest();
    }

    /** The epoch under which the record at this offset was appended; -1 when it is not known. */
    public int epochOf(long offset) throws IOException {
        return state().epochs().epochOf(offset);
    }

    /** Cuts off what lies at or above the offset, which is within the log. */
    public void truncateTo(long offset) throws IOException {
        if (offset >= store.logEndOffset()) {
            return;
        }
        store.truncateTo(offset);
        reload();
    }

    /** Empties the log; the next record gets this offset. */
    public void truncateFullyAndStartAt(long offset) throws IOException {
        store.truncateFullyAndStartAt(offset);
        reload();
    }

    private void reload() throws IOException {
        synchronized (this) {
            state = null;
            snapshotOffset = -1L;
            announcedEpoch = LeaderEpoch.NONE;
        }
        LogState loaded = state();
        store.writeLeaderEpochs(loaded.epochs().entries());
        takeSnapshot();
    }

    /** Raises the log's start; lower offsets change nothing. */
    public void advanceLogStart(long offset) throws IOException {
        if (offset <= store.logStartOffset()) {
            return;
        }
        store.advanceLogStart(offset);
        state().startAt(store.logStartOffset(), store);
    }

    /** Makes all that was appended durable. */
    public void flush() throws IOException {
        store.flush();
    }

    /** Why the log can no longer be written; null while it can. See {@link LogStore#failure()}. */
    public @Nullable String failure() {
        return store.failure();
    }

    /** See {@link LogStore#hurry}. */
    public void hurry(boolean spaceIsShort) {
        store.hurry(spaceIsShort);
    }

    /**
     * Does the background work that is due: the snapshot of the producers, their expiry, and the store's retention, compaction and
     * flush. One call at a time; meant to come every half minute or so.
     */
    public Maintenance maintain(long highWatermark) throws IOException {
        return maintain(highWatermark, Long.MAX_VALUE);
    }

    /**
     * The same while somebody else still has to see what lies in the log.
     *
     * @param compactBelow nothing at or above it is compacted
     */
    public Maintenance maintain(long highWatermark, long compactBelow) throws IOException {
        LogState known = state;
        if (known != null) {
            known.producers().expire(time.milliseconds(), producerIdExpirationMs.getAsLong());
            DiskFullException.pass(this::takeSnapshot); // and what makes room goes on
        }
        long startBefore = store.logStartOffset();
        boolean compacts = known != null || config.cleanupCompact();
        long stable = compacts ? lastStableOffset(highWatermark) : highWatermark;
        Maintenance done = store.maintain(new MaintenanceScope(
                highWatermark,
                config.cleanupCompact() ? Math.min(stable, compactBelow) : stable,
                this::lastOffsetOf,
                (from, to) -> state().aborted().overlapping(from, to)));
        if (known != null && store.logStartOffset() > startBefore) {
            known.startAt(store.logStartOffset(), store);
        }
        return done;
    }

    /** See {@link MaintenanceScope}. */
    private long lastOffsetOf(long producerId) {
        try {
            return state().producers().lastOffsetOf(producerId);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Keeps the producers' state, so that the next opening need not read the log. Does nothing when the kept one is as new. */
    public synchronized void takeSnapshot() throws IOException {
        LogState known = state;
        if (known == null) {
            return;
        }
        if (known.producers().endOffset() > snapshotOffset && known.aborted().areKept()) {
            Snapshot newest = known.producers().snapshot();
            store.writeSnapshot(newest.offset(), newest.state());
            snapshotWritten(newest);
        }
    }

    /** The idempotent producers that are active here. */
    public List<ProducerStatus> producers() throws IOException {
        return state().producers().list();
    }

    /** The ranges that cannot be read; nothing is appended while there are any. */
    public List<LogDamage> damage() {
        return store.damage();
    }

    /** What it stands over, for who verifies or copies the log; it stays this log's. */
    public LogStore store() {
        return store;
    }

    /** The producers as they stand, with the offset up to which they hold. */
    Snapshot producerSnapshot() throws IOException {
        return state().producers().snapshot();
    }

    /** From now on this configuration holds. */
    public void reconfigure(LogConfig next) {
        config = next;
        store.reconfigure(next);
    }

    /** Closes the log; see {@link LogStore#close}. What was read from it stays valid. */
    public void close() throws IOException {
        try {
            takeSnapshot();
        } finally {
            store.close();
        }
    }
}
