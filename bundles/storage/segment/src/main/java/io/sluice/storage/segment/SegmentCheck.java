package io.sluice.storage.segment;

import io.sluice.storage.api.LogFinding;
import io.sluice.storage.api.SharedFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Compares the indexes of a segment with its batches. Of a segment that is not appended to, what is in the files is looked at; of the
 * active one, what is in memory. Changes nothing; reads the headers of all batches. For one thread.
 */
final class SegmentCheck {
    private final LogSegment segment;
    private final Consumer<LogFinding> findings;
    private final boolean sealed;
    private OffsetIndex offsets;
    private TimeIndex times;
    private int nextOffset;
    private int nextTime;
    private long largest = -1L;
    private boolean strays;
    private boolean differs;
    private boolean passesOver;

    /** @param sealed whether another segment follows */
    SegmentCheck(LogSegment segment, boolean sealed, Consumer<LogFinding> findings) {
        this.segment = segment;
        this.sealed = sealed;
        this.findings = findings;
        this.offsets = segment.offsetIndex();
        this.times = segment.timeIndex();
    }

    /** Checks one of a log's segments; what is found counts only if compaction or retention did not take it meanwhile. */
    static void run(SegmentList list, int at, Supplier<SegmentList> present, Consumer<LogFinding> findings)
            throws IOException {
        LogSegment segment = list.get(at);
        List<LogFinding> found = new ArrayList<>();
        try {
            new SegmentCheck(segment, at + 1 < list.count(), found::add).run();
        } catch (ClosedChannelException | NoSuchFileException e) {
            if (present.get().all().contains(segment)) {
                throw e;
            }
        }
        if (present.get().all().contains(segment)) {
            found.forEach(findings);
        }
    }

    private void run() throws IOException {
        int limit = segment.sizeInBytes();
        if (limit == 0) {
            return;
        }
        if (sealed && !offsets.isDirty() && !times.isDirty()) {
            offsets = OffsetIndex.onFile(offsets.path(), segment.baseOffset());
            times = TimeIndex.onFile(times.path(), segment.baseOffset());
            files();
        }
        SharedFile open = segment.acquire();
        try {
            HeaderWalk walk = segment.walk(open.channel(), 0, limit);
            while (walk.next()) {
                look(walk);
            }
        } catch (NoBatchException e) {
            return; // the batches themselves are looked at elsewhere
        } finally {
            open.release();
        }
        stray(limit);
        if (sealed && !strays && times.lastTimestamp() != largest && largest >= 0L) {
            find(
                    times.lastOffset(),
                    times.path().toString(),
                    "the time index ends with the timestamp " + times.lastTimestamp()
                            + ", and the largest of the batches is " + largest);
        }
        if (segment.transactions().isDamaged()) {
            find(segment.baseOffset(), segment.path().toString(), "the index of aborted transactions is damaged");
        }
    }

    private void files() throws IOException {
        entries(offsets.path(), offsets.count() * (long) OffsetIndex.ENTRY_BYTES);
        entries(times.path(), times.sizeInBytes());
    }

    private void entries(Path file, long rising) throws IOException {
        ByteBuffer bytes = IndexFile.read(file);
        if (bytes == null) {
            find(segment.baseOffset(), file.toString(), "the index is missing");
        } else if (bytes.remaining() != rising) {
            find(
                    segment.baseOffset(),
                    file.toString(),
                    "only " + rising + " of the index's " + bytes.remaining() + " bytes are entries that rise");
        }
    }

    private void look(HeaderWalk batch) throws IOException {
        stray(batch.position());
        if (nextOffset < offsets.count() && offsets.positionAt(nextOffset) == batch.position()) {
            if (offsets.offsetAt(nextOffset) != batch.lastOffset() && !differs) {
                differs = true;
                find(
                        batch.baseOffset(),
                        offsets.path().toString(),
                        "the index says that the batch at byte " + batch.position() + " ends with the offset "
                                + offsets.offsetAt(nextOffset) + ", and it ends with " + batch.lastOffset());
            }
            nextOffset++;
        }
        // Below an entry's offset nothing may be newer than its timestamp: a search begins there.
        while (nextTime < times.entryCount() && times.offsetAt(nextTime) < batch.lastOffset()) {
            time();
        }
        largest = Math.max(largest, batch.maxTimestamp());
        while (nextTime < times.entryCount() && times.offsetAt(nextTime) == batch.lastOffset()) {
            time();
        }
    }

    private void time() throws IOException {
        if (largest > times.timestampAt(nextTime) && !passesOver) {
            passesOver = true;
            find(
                    times.offsetAt(nextTime),
                    times.path().toString(),
                    "the time index says that nothing up to this offset is newer than " + times.timestampAt(nextTime)
                            + ", and a batch has the timestamp " + largest);
        }
        nextTime++;
    }

    /** Entries that lead to where no batch begins. */
    private void stray(int before) throws IOException {
        while (nextOffset < offsets.count() && offsets.positionAt(nextOffset) < before) {
            if (!strays) {
                strays = true;
                find(
                        offsets.offsetAt(nextOffset),
                        offsets.path().toString(),
                        "the index leads to byte " + offsets.positionAt(nextOffset) + ", where no batch begins");
            }
            nextOffset++;
        }
    }

    private void find(long offset, String where, String problem) {
        findings.accept(new LogFinding(offset, where, problem));
    }
}
