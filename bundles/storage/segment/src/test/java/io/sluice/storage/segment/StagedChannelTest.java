package io.sluice.storage.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.nio.file.ExtendedOpenOption;
import io.sluice.base.Scheduler;
import io.sluice.base.TopicIdPartition;
import io.sluice.base.TopicPartition;
import io.sluice.base.Uuid;
import io.sluice.storage.api.FileRecency;
import io.sluice.storage.api.SharedFile;
import io.sluice.storage.api.StagedChannel;
import io.sluice.storage.api.StagingArea;
import io.sluice.storage.kit.FaultyDisk;
import io.sluice.storage.kit.ManualScheduler;
import io.sluice.storage.kit.ManualTime;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StagedChannelTest {
    private static final TopicIdPartition PARTITION =
            new TopicIdPartition(new Uuid(7L, 8L), new TopicPartition("topic", 3));
    private static final int PIECE = 300_000;

    @TempDir
    private Path folder;

    private final ManualScheduler scheduler = new ManualScheduler();

    private StagingArea area(Scheduler by) throws IOException {
        return StagingArea.open(folder.resolve("staging"), 8, new ManualTime(), by);
    }

    private StagedChannel channel(StagingArea area) throws IOException {
        return channel(area, "log");
    }

    private StagedChannel channel(StagingArea area, String name) throws IOException {
        Path file = folder.resolve(name);
        StagedChannel channel = new StagedChannel(
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
                area,
                PARTITION,
                0L);
        channel.enable(file);
        return channel;
    }

    private static long write(StagedChannel channel, long from, int pieces) throws IOException {
        long at = from;
        for (int i = 0; i < pieces; i++) {
            ByteBuffer piece = ByteBuffer.allocate(PIECE);
            while (piece.hasRemaining()) {
                piece.put(byteAt(at + piece.position()));
            }
            at += channel.write(piece.flip(), at);
        }
        return at;
    }

    private static byte byteAt(long position) {
        return (byte) (position * 31 + (position >> 11));
    }

    private long busy(StagedChannel channel) throws IOException {
        long end = write(channel, 0L, 2);
        scheduler.runPending(); // makes the area
        return write(channel, end, 1);
    }

    @Test
    void shouldKeepTheNewestBytesOutOfTheFileUntilThereIsALargePiece() throws IOException {
        try (StagedChannel channel = channel(area(scheduler))) {
            long end = busy(channel);
            long inFile = Files.size(folder.resolve("log"));
            assertThat(inFile).isLessThan(end);
            end = write(channel, end, 4);
            assertThat(Files.size(folder.resolve("log"))).isEqualTo(inFile);
            scheduler.runPending();
            assertThat(Files.size(folder.resolve("log")))
                    .isGreaterThan(StagingArea.SLOT_BYTES)
                    .isLessThan(end);
        }
    }

    @Test
    void shouldTakeASlotFromAFileWithoutWaitingForItsWriter() throws Exception {
        StagingArea area = area(scheduler);
        ExecutorService writer = Executors.newSingleThreadExecutor();
        try (StagedChannel idle = channel(area, "idle");
                StagedChannel busy = channel(area, "busy")) {
            long end = busy(idle);
            for (int i = 0; i < 40; i++) {
                end = write(idle, end, 1);
                scheduler.runPending();
            }
            Future<Long> written;
            synchronized (idle) { // as its writer does
                written = writer.submit(() -> write(busy, 0L, 12));
                assertThat(written.get(30L, TimeUnit.SECONDS)).isEqualTo(12L * PIECE);
            }
            assertThat(Files.size(folder.resolve("busy"))).as("staged").isLessThan(12L * PIECE);
            ByteBuffer piece = ByteBuffer.allocate(PIECE);
            for (long at = 0; at < end; at += piece.position()) {
                assertThat(idle.read(piece.clear(), at)).isPositive();
                assertThat(piece.get(0)).isEqualTo(byteAt(at));
            }
        } finally {
            writer.shutdownNow();
        }
    }

    @Test
    void shouldGiveAFileThatComesToRestItsLastBytes() throws IOException {
        StagingArea area = area(scheduler);
        try (StagedChannel channel = channel(area)) {
            long end = busy(channel);
            scheduler.runAll();
            scheduler.runAll();
            assertThat(Files.size(folder.resolve("log"))).isEqualTo(end);
            assertThat(area.unwritten()).isEmpty();
        }
    }

    @Test
    void shouldTellTheNextProcessWhatIsNotInTheFile() throws IOException {
        try (StagedChannel channel = channel(area(scheduler))) {
            long end = busy(channel);
            List<StagingArea.Unwritten> left = area(scheduler).unwritten();
            assertThat(left).hasSize(1);
            StagingArea.Unwritten piece = left.get(0);
            assertThat(piece.topicId()).isEqualTo(PARTITION.topicId());
            assertThat(piece.partition()).isEqualTo(3);
            assertThat(piece.position() + piece.bytes().remaining()).isEqualTo(end);
            assertThat(piece.position()).isLessThanOrEqualTo(Files.size(folder.resolve("log")));
            channel.finish();
            assertThat(area(scheduler).unwritten()).isEmpty();
        }
    }

    private boolean canBypassTheCache() throws IOException {
        Path file = folder.resolve("direct");
        try (FileChannel direct = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, ExtendedOpenOption.DIRECT)) {
            return direct.isOpen();
        } catch (UnsupportedOperationException | IOException e) {
            return false;
        }
    }

    private long fillTheArea(StagedChannel channel, FileRecency recency) throws IOException {
        long end = busy(channel);
        recency.written(0L, (int) end);
        for (int i = 0; i < 12; i++) {
            long next = write(channel, end, 4);
            recency.written(end, (int) (next - end));
            end = next;
            scheduler.runPending();
        }
        return end;
    }

    @Test
    void shouldNotBelieveInTheCacheWhatLeftMemoryPastIt() throws IOException {
        assumeTrue(canBypassTheCache());
        SharedFile file = new SharedFile(channel(area(scheduler)));
        long end = fillTheArea((StagedChannel) file.channel(), file.recency());
        long middle = 3L * StagingArea.SLOT_BYTES;
        assertThat(file.recency().recentUntil(middle, middle + PIECE)).isEqualTo(middle);
        assertThat(file.recency().recentUntil(end - PIECE, end)).isEqualTo(end);
        file.release();
    }

    @Test
    void shouldWriteThroughTheCacheWhileAReaderIsBehind() throws IOException {
        SharedFile file = new SharedFile(channel(area(scheduler)));
        StagedChannel channel = (StagedChannel) file.channel();
        channel.noteReaderBehind();
        long end = fillTheArea(channel, file.recency());
        assertThat(file.recency().recentUntil(0L, end)).isEqualTo(end);
        file.release();
    }

    @Test
    void shouldRefuseToGoOnWhileStagedBytesCannotBeWritten() throws IOException {
        FaultyDisk disk = new FaultyDisk(folder);
        Path file = disk.root().resolve("log");
        try (FileChannel open =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            StagedChannel channel = new StagedChannel(open, area(scheduler), PARTITION, 0L);
            channel.enable(file);
            long end = busy(channel);
            disk.leave(0L);
            scheduler.runAll();
            scheduler.runAll(); // the sweep finds it at rest, and cannot write it
            assertThatThrownBy(() -> channel.write(ByteBuffer.allocate(1), end)).isInstanceOf(IOException.class);
            ByteBuffer read = ByteBuffer.allocate(1);
            assertThat(channel.read(read, end - 1)).isEqualTo(1);
            assertThat(read.get(0)).isEqualTo(byteAt(end - 1));
            disk.empty();
            scheduler.runAll();
            assertThat(write(channel, end, 1)).isEqualTo(end + PIECE);
            channel.finish();
            assertThat(Files.size(file)).isEqualTo(end + PIECE);
        }
    }

    @Test
    void shouldBeReadByManyWhileItIsWritten() throws Exception {
        ScheduledExecutorService threads = Executors.newScheduledThreadPool(2);
        ScheduledExecutorService readers = Executors.newScheduledThreadPool(2);
        try (StagedChannel channel = channel(area(on(threads)))) {
            AtomicLong published = new AtomicLong();
            List<Future<Long>> reading = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                long lag = i * 3L * StagingArea.SLOT_BYTES;
                reading.add(readers.submit(() -> follow(channel, published, lag)));
            }
            for (int i = 0; i < 150; i++) {
                published.set(write(channel, published.get(), 1));
            }
            channel.finish();
            published.set(-published.get());
            for (Future<Long> each : reading) {
                assertThat(each.get(60, TimeUnit.SECONDS)).isEqualTo(150L * PIECE);
            }
        } finally {
            threads.shutdownNow();
            readers.shutdownNow();
        }
    }

    /** Reads to the end, some way behind the writer; a negative end is the last. */
    private static long follow(StagedChannel channel, AtomicLong published, long lag) throws ExecutionException {
        ByteBuffer bytes = ByteBuffer.allocate(100_000);
        long at = 0L;
        try {
            while (true) {
                long end = published.get();
                long to = end < 0 ? -end : end - lag;
                while (at < to) {
                    bytes.clear().limit((int) Math.min(bytes.capacity(), to - at));
                    int read = channel.read(bytes, at);
                    for (int i = 0; i < read; i++) {
                        if (bytes.get(i) != byteAt(at + i)) {
                            throw new IOException("a wrong byte at " + (at + i));
                        }
                    }
                    at += Math.max(0, read);
                }
                if (end < 0) {
                    return at;
                }
                Thread.onSpinWait();
            }
        } catch (IOException e) {
            throw new ExecutionException(e);
        }
    }

    private static Scheduler on(ScheduledExecutorService threads) {
        return new Scheduler() {
            @Override
            public void execute(Runnable task) {
                threads.execute(task);
            }

            @Override
            public Cancellable schedule(long delayMs, Runnable task) {
                Future<?> scheduled = threads.schedule(task, delayMs, TimeUnit.MILLISECONDS);
                return () -> scheduled.cancel(false);
            }

            @Override
            public Cancellable scheduleWithFixedDelay(long initialDelayMs, long delayMs, Runnable task) {
                Future<?> scheduled =
                        threads.scheduleWithFixedDelay(task, initialDelayMs, delayMs, TimeUnit.MILLISECONDS);
                return () -> scheduled.cancel(false);
            }
        };
    }
}
