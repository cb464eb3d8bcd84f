package io.sluice.broker.kernel;

import io.sluice.protocol.ApiKey;
import io.sluice.protocol.record.RecordBatchView;
import io.sluice.protocol.record.RecordReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Faults that the proofs switch on to show that they can fail: the framework property {@code sluice.sabotage} is
 * {@code lose-write} (now and then a client's batch is acknowledged and not written), {@code lose-commit} (the same of a
 * coordinator's), {@code drop-slice} (now and then a reader is
 * given what lies behind its position), {@code skip-drain} (a part that leaves is closed without finishing what is in
 * flight), {@code forget-lease} (now and then the use of a part never ends), {@code cold-read} (what is not in memory is read
 * by whoever asks, I/O threads too), {@code ack-before-sync} (group durability does not wait for its fsync),
 * {@code ignore-reserve} (a disk is filled to the last byte), {@code forget-place} (the segment engine makes a partition anew whose
 * directory is dead), {@code forget-key} (the segment engine's compaction drops what it
 * must keep), {@code blind-copy} (a migration leaves a batch out now and then, and does not look), {@code blind-backup} (the same of
 * backups), {@code flip-marker} (now and then a transaction's end says the opposite), {@code leak-handles} (each round of background work leaves files open), {@code hide-api} (an API is not advertised) or
 * {@code miscount} (now and then a batch is not counted).
 * Without the property nothing of it happens.
 */
final class Sabotage {
    /** Its name, under which the parts can ask for it, too. */
    static final String PROPERTY = "sluice.sabotage";

    private static final Logger LOG = LoggerFactory.getLogger(Sabotage.class);
    private static final long WRITES_BETWEEN = 50L;
    private static final long COPIES_BETWEEN = 3L;
    private static final long SLICES_BETWEEN = 2L;
    private static final long LEASES_BETWEEN = 100L;
    private static final long MARKERS_BETWEEN = 5L;
    private static final int HANDLES_AT_ONCE = 4;

    private final String name;
    private final boolean losesWrites;
    private final boolean losesCommits;
    private final boolean dropsSlices;
    private final boolean skipsDrains;
    private final boolean forgetsLeases;
    private final boolean readsColdAtOnce;
    private final boolean acksBeforeSync;
    private final boolean ignoresReserve;
    private final boolean copiesBlindly;
    private final boolean leaksHandles;
    private final Queue<FileChannel> leaked = new ConcurrentLinkedQueue<>();
    private final boolean backsUpBlindly;
    private final boolean flipsMarkers;
    private final boolean hidesAnApi;
    private final boolean miscounts;
    private final AtomicLong chances = new AtomicLong();

    private Sabotage(String name) {
        this.name = name;
        losesWrites = name.equals("lose-write");
        losesCommits = name.equals("lose-commit");
        dropsSlices = name.equals("drop-slice");
        skipsDrains = name.equals("skip-drain");
        forgetsLeases = name.equals("forget-lease");
        acksBeforeSync = name.equals("ack-before-sync");
        ignoresReserve = name.equals("ignore-reserve");
        copiesBlindly = name.equals("blind-copy");
        leaksHandles = name.equals("leak-handles");
        backsUpBlindly = name.equals("blind-backup");
        flipsMarkers = name.equals("flip-marker");
        hidesAnApi = name.equals("hide-api");
        miscounts = name.equals("miscount");
        readsColdAtOnce = name.equals("cold-read");
    }

    static Sabotage of(@Nullable String name) {
        if (name != null && !name.isEmpty()) {
            LOG.warn("this broker is sabotaged on purpose: {}", name);
        }
        return new Sabotage(name == null ? "" : name);
    }

    boolean acksBeforeSync() {
        return acksBeforeSync;
    }

    boolean ignoresReserve() {
        return ignoresReserve;
    }

    /** Empty for none. */
    String name() {
        return name;
    }

    boolean leavesOutThisBatch() {
        return copiesBlindly && chances.incrementAndGet() % COPIES_BETWEEN == 0L;
    }

    /** Opens files that nobody closes. */
    void leakHandles(Path file) throws IOException {
        for (int i = 0; leaksHandles && i < HANDLES_AT_ONCE; i++) {
            leaked.add(FileChannel.open(file, StandardOpenOption.READ));
        }
    }

    boolean leavesOutOfBackup() {
        return backsUpBlindly;
    }

    boolean hides(ApiKey api) {
        return hidesAnApi && api == ApiKey.DESCRIBE_QUORUM;
    }

    /** Turns the commit in a control batch into an abort, or the other way round. */
    void flipMarker(ByteBuffer batches) {
        if (!flipsMarkers) {
            return;
        }
        RecordBatchView batch = new RecordBatchView().wrap(batches, batches.position());
        if (!batch.isControl() || chances.incrementAndGet() % MARKERS_BETWEEN != 0L) {
            return;
        }
        RecordReader records = new RecordReader().reset(batch);
        ByteBuffer key = records.next() ? records.key() : null;
        if (key != null) {
            int type = key.position() + Short.BYTES;
            key.putShort(type, (short) (1 - key.getShort(type)));
            batch.rewriteCrc();
        }
    }

    boolean losesThisWrite(boolean ofClient) {
        return (ofClient ? losesWrites : losesCommits) && chances.incrementAndGet() % WRITES_BETWEEN == 0L;
    }

    boolean dropsThisSlice() {
        return dropsSlices && chances.incrementAndGet() % SLICES_BETWEEN == 0L;
    }

    boolean skipsDrain() {
        return skipsDrains;
    }

    boolean forgetsThisLease() {
        return forgetsLeases && chances.incrementAndGet() % LEASES_BETWEEN == 0L;
    }

    boolean miscountsThisBatch() {
        return miscounts && chances.incrementAndGet() % WRITES_BETWEEN == 0L;
    }

    boolean readsColdAtOnce() {
        return readsColdAtOnce;
    }
}
