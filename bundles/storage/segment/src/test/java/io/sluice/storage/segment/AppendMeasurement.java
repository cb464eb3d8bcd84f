package io.sluice.storage.segment;

import io.sluice.base.Scheduler;
import io.sluice.base.Time;
import io.sluice.protocol.record.RecordBatchBuilder;
import io.sluice.storage.api.AppendResult;
import io.sluice.storage.api.FileSlice;
import io.sluice.storage.api.LogConfig;
import io.sluice.storage.api.LogRead;
import io.sluice.storage.api.PartitionLog;
import io.sluice.storage.api.StorageContext;
import io.sluice.storage.api.StorageEngine;
import io.sluice.storage.kit.EngineFixture;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * How much CPU an append and a read cost. Not a test: run {@code main} with a directory, the batch size, the record size and the
 * gigabytes.
 */
final class AppendMeasurement {
    private AppendMeasurement() {}

    private static final class PoolScheduler implements Scheduler {
        private final ScheduledExecutorService pool = Executors.newScheduledThreadPool(2);

        @Override
        public void execute(Runnable task) {
            pool.execute(task);
        }

        @Override
        public Cancellable schedule(long delayMs, Runnable task) {
            var future = pool.schedule(task, delayMs, TimeUnit.MILLISECONDS);
            return () -> future.cancel(false);
        }

        @Override
        public Cancellable scheduleWithFixedDelay(long initialDelayMs, long delayMs, Runnable task) {
            var future = pool.scheduleWithFixedDelay(task, initialDelayMs, delayMs, TimeUnit.MILLISECONDS);
            return () -> future.cancel(false);
        }
    }

    public static void main(String[] args) throws IOException {
        Path root = Path.of(args[0]);
        int batchBytes = Integer.parseInt(args[1]);
        int recordBytes = Integer.parseInt(args[2]);
        double gigabytes = Double.parseDouble(args[3]);
        LogConfig config = EngineFixture.config(args.length > 4 ? args[4].split("=") : new String[0]);
        PoolScheduler scheduler = new PoolScheduler();
        StorageEngine engine = new SegmentEngineFactory()
                .open(new StorageContext(
                        List.of(root.resolve("logs")), root, 1, "c", Time.SYSTEM, scheduler, Map.of()));
        PartitionLog log = PartitionLog.open(
                EngineFixture.PARTITION,
                engine.open(EngineFixture.PARTITION, config),
                config,
                Time.SYSTEM,
                () -> 86_400_000L);
        ByteBuffer direct = batch(batchBytes, recordBytes);
        for (int round = 0; round < 3; round++) {
            append(log, direct, gigabytes, round);
            read(log, gigabytes, round);
            log.advanceLogStart(log.logEndOffset());
        }
        log.close();
        engine.close();
        scheduler.pool.shutdown();
        try (Stream<Path> tree = Files.walk(root)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private static ByteBuffer batch(int batchBytes, int recordBytes) {
        RecordBatchBuilder builder = new RecordBatchBuilder();
        byte[] value = new byte[recordBytes];
        while (builder.sizeInBytes() < batchBytes) {
            builder.append(null, ByteBuffer.wrap(value), System.currentTimeMillis());
        }
        ByteBuffer heap = builder.build();
        return ByteBuffer.allocateDirect(heap.remaining()).put(heap).flip();
    }

    private static void append(PartitionLog log, ByteBuffer batch, double gigabytes, int round) throws IOException {
        long count = (long) (gigabytes * 1e9 / batch.remaining());
        long allocated = allocated();
        long cpu = cpu();
        long start = System.nanoTime();
        for (long i = 0; i < count; i++) {
            batch.putLong(0, 0L);
            if (!(log.appendAsLeader(batch, true, 1) instanceof AppendResult.Appended)) {
                throw new IllegalStateException("refused");
            }
        }
        report("append", round, count, gigabytes, start, cpu, allocated);
    }

    private static void read(PartitionLog log, double gigabytes, int round) throws IOException {
        WritableByteChannel sink = Channels.newChannel(java.io.OutputStream.nullOutputStream());
        long count = 0;
        long allocated = allocated();
        long cpu = cpu();
        long start = System.nanoTime();
        long next = log.logStartOffset();
        ByteBuffer header = ByteBuffer.allocate(61);
        while (next < log.logEndOffset()) {
            LogRead read = log.read(next, 1 << 20, log.logEndOffset(), true);
            long bytes = read.records().sizeInBytes();
            if (read.records() instanceof FileSlice slice) {
                header.clear();
                slice.file().channel().read(header, slice.position());
                int batchBytes = header.getInt(8) + 12;
                next = header.getLong(0) + bytes / batchBytes * (header.getInt(23) + 1L);
            } else {
                throw new IllegalStateException("small");
            }
            read.records().release();
            count++;
        }
        sink.close();
        report("read", round, count, gigabytes, start, cpu, allocated);
    }

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
                .getThreadAllocatedBytes(Thread.currentThread().getId());
    }

    private static long cpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static void report(
            String what, int round, long count, double gigabytes, long start, long cpu, long allocated) {
        double seconds = (System.nanoTime() - start) / 1e9;
        double cpuSeconds = (cpu() - cpu) / 1e9;
        double user = ManagementFactory.getThreadMXBean().getCurrentThreadUserTime() / 1e9;
        System.out.printf(
                "%s %d: %d calls, %.0f MB/s, %.3f CPU s/GB, %.0f ns a call, %.1f bytes allocated a call, user so far %.2f%n",
                what,
                round,
                count,
                gigabytes * 1000 / seconds,
                cpuSeconds / gigabytes,
                cpuSeconds * 1e9 / count,
                (allocated() - (double) allocated) / count,
                user);
    }
}
