package io.sluice.storage.api;

import io.sluice.base.Scheduler;
import io.sluice.base.Time;
import io.sluice.base.TopicIdPartition;
import io.sluice.base.Uuid;
import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Memory in which the newest bytes of busy log files wait to be written in large pieces, past the page cache. It is a small file of fixed
 * size that is mapped, so that what is copied there outlives the process: who opens it after a kill finds which bytes of which file had not
 * been written, and writes them. It does not outlive the machine.
 *
 * <p>The file is written once in full when it is made, and never cut: the mapping cannot fault for want of space. A table at its beginning
 * has an entry for each slot: topic id (16 bytes), partition (4), 4 bytes unused, the file's first offset (8), where in the file the slot's
 * bytes begin (8) and end (8; 0 for a free slot).
 *
 * <p>Any thread. Slots of bytes that are in their file are still read from until another file needs them, the oldest first.
 */
public final class StagingArea implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StagingArea.class);

    /** What is written at a time; also what the positions of slots are multiples of, but for a file's first. */
    public static final int SLOT_BYTES = 1 << 20;

    /** Where slots may begin in a file. */
    static final int BLOCK_BYTES = 4096;

    private static final long SWEEP_MS = 250L;
    private static final long RETRY_MS = 1_000L;
    private static final int ENTRY_BYTES = 64;
    private static final int PARTITION = 16;
    private static final int FILE = 24;
    private static final int START = 32;
    private static final int END = 40;

    private final Path file;
    private final int slots;
    private final int tableBytes;
    private final Time time;
    private final Scheduler scheduler;
    private final Queue<Integer> free = new ConcurrentLinkedQueue<>();
    private final Queue<StagedStretch> persisted = new ConcurrentLinkedQueue<>();
    private final Set<StagedChannel> active = ConcurrentHashMap.newKeySet();
    private final Scheduler.Cancellable sweeping;
    private final AtomicBoolean ordered = new AtomicBoolean();
    private volatile @Nullable ByteBuffer mapped;
    private volatile boolean closed;
    private volatile boolean bypassing = true;

    /** Bytes that a process that was killed had not written to their file yet. They are lent until {@link #clear}. */
    public record Unwritten(int slot, Uuid topicId, int partition, long baseOffset, long position, ByteBuffer bytes) {}

    private StagingArea(Path file, int slots, Time time, Scheduler scheduler) {
        this.file = file;
        this.slots = slots;
        this.tableBytes = tableBytes(slots);
        this.time = time;
        this.scheduler = scheduler;
        this.sweeping = scheduler.scheduleWithFixedDelay(SWEEP_MS, SWEEP_MS, this::sweep);
    }

    private static int tableBytes(int slots) {
        int bytes = slots * ENTRY_BYTES;
        return (bytes + BLOCK_BYTES - 1) / BLOCK_BYTES * BLOCK_BYTES;
    }

    /**
     * Opens the file if there is one; it is made in the background when a log file is busy for the first time. {@link #clear} is to be
     * called before the first slot is used.
     */
    public static StagingArea open(Path file, int slots, Time time, Scheduler scheduler) throws IOException {
        StagingArea area = new StagingArea(file, slots, time, scheduler);
        if (Files.exists(file) && Files.size(file) == area.sizeInBytes()) {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                area.mapped = channel.map(FileChannel.MapMode.READ_WRITE, 0L, area.sizeInBytes());
            }
        }
        return area;
    }

    private long sizeInBytes() {
        return tableBytes + (long) slots * SLOT_BYTES;
    }

    private synchronized void make() {
        if (closed) {
            return;
        }
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            ByteBuffer made;
            try (FileChannel channel = FileChannel.open(
                    file,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE)) {
                ByteBuffer zeros = ByteBuffer.allocate(SLOT_BYTES);
                for (long at = 0L; at < sizeInBytes(); ) {
                    at += channel.write(zeros.clear().limit((int) Math.min(SLOT_BYTES, sizeInBytes() - at)), at);
                }
                made = channel.map(FileChannel.MapMode.READ_WRITE, 0L, sizeInBytes());
            }
            mapped = made;
            clear();
        } catch (IOException | UnsupportedOperationException e) {
            LOG.warn("{} could not be made: log files are written through the page cache", file, e);
        }
    }

    /** What a process that was killed left, in the order of its positions for each file. */
    public List<Unwritten> unwritten() {
        List<Unwritten> found = new ArrayList<>();
        ByteBuffer mapped = this.mapped;
        for (int slot = 0; mapped != null && slot < slots; slot++) {
            int entry = slot * ENTRY_BYTES;
            long start = mapped.getLong(entry + START);
            long end = mapped.getLong(entry + END);
            if (start >= 0L && end > start && end - start <= SLOT_BYTES) {
                found.add(new Unwritten(
                        slot,
                        new Uuid(mapped.getLong(entry), mapped.getLong(entry + Long.BYTES)),
                        mapped.getInt(entry + PARTITION),
                        mapped.getLong(entry + FILE),
                        start,
                        memory(mapped, slot).limit((int) (end - start))));
            }
        }
        found.sort(java.util.Comparator.comparingLong(Unwritten::position));
        return found;
    }

    /** What a process that was killed, or a channel that was dropped, left there is in its file now, or is of no use any more. */
    public void settle(Unwritten piece) {
        announce(piece.slot(), 0L);
        free.add(piece.slot());
    }

    /** All slots are free now. */
    public void clear() {
        free.clear();
        ByteBuffer mapped = this.mapped;
        for (int slot = 0; mapped != null && slot < slots; slot++) {
            mapped.putLong(slot * ENTRY_BYTES + END, 0L);
            free.add(slot);
        }
    }

    private ByteBuffer memory(ByteBuffer mapped, int slot) {
        return mapped.slice(tableBytes + slot * SLOT_BYTES, SLOT_BYTES);
    }

    /** A stretch of the owner's file that begins here; null when every slot waits to be written. */
    @Nullable
    StagedStretch begin(StagedChannel owner, TopicIdPartition partition, long baseOffset, long start, long end) {
        ByteBuffer mapped = this.mapped;
        if (mapped == null) {
            if (ordered.compareAndSet(false, true)) {
                scheduler.execute(this::make);
            }
            return null;
        }
        Integer slot = closed ? null : free.poll();
        if (slot == null) {
            slot = steal();
            if (slot == null) {
                return null;
            }
        }
        int entry = slot * ENTRY_BYTES;
        mapped.putLong(entry + END, 0L);
        VarHandle.storeStoreFence();
        mapped.putLong(entry, partition.topicId().mostSignificantBits());
        mapped.putLong(entry + Long.BYTES, partition.topicId().leastSignificantBits());
        mapped.putInt(entry + PARTITION, partition.partition());
        mapped.putLong(entry + FILE, baseOffset);
        mapped.putLong(entry + START, start);
        active.add(owner);
        return new StagedStretch(owner, this, slot, memory(mapped, slot), start, end);
    }

    /** The slot of the stretch that has been in its file the longest and that nobody reads now. */
    private @Nullable Integer steal() {
        if (closed) {
            return null;
        }
        for (int tries = slots; tries > 0; tries--) {
            StagedStretch oldest = persisted.poll();
            if (oldest == null) {
                return null;
            }
            if (oldest.retire()) {
                oldest.owner().forget(oldest);
                return oldest.slot();
            }
            if (!oldest.isRetired()) {
                persisted.add(oldest);
            }
        }
        return null;
    }

    /** Up to here the slot's bytes are there, for a later process; 0 when it need not care. */
    void announce(int slot, long end) {
        ByteBuffer mapped = this.mapped;
        if (mapped != null) {
            VarHandle.storeStoreFence();
            mapped.putLong(slot * ENTRY_BYTES + END, end);
        }
    }

    /** The file has the stretch, which can be read from until its slot is needed. */
    void keep(StagedStretch stretch) {
        persisted.add(stretch);
    }

    /** Nobody reads from it any more. */
    void free(StagedStretch stretch) {
        announce(stretch.slot(), 0L);
        persisted.remove(stretch);
        free.add(stretch.slot());
    }

    void leave(StagedChannel channel) {
        active.remove(channel);
    }

    boolean canBypassCache() {
        return bypassing;
    }

    /** The file system has no way past the page cache: files are written through it. */
    void cannotBypassCache(Path file, Exception why) {
        bypassing = false;
        LOG.info("{} is written through the page cache: {}", file, why.toString());
    }

    long nanoseconds() {
        return time.nanoseconds();
    }

    void persistSoon(StagedChannel channel) {
        scheduler.execute(channel::persistInBackground);
    }

    void persistLater(StagedChannel channel) {
        scheduler.schedule(RETRY_MS, channel::tryAgain);
    }

    /** Files that have come to rest get their last bytes. */
    private void sweep() {
        active.forEach(StagedChannel::sweep);
    }

    /** No slot is given away any more. Every channel is to be finished before this. */
    @Override
    public synchronized void close() {
        closed = true;
        sweeping.cancel();
    }
}
