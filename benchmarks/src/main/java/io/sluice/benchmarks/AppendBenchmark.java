package io.sluice.benchmarks;

import io.sluice.base.Time;
import io.sluice.protocol.compress.CompressionType;
import io.sluice.storage.api.AppendResult;
import io.sluice.storage.api.RecordValidation;
import io.sluice.storage.api.StorageEngineFactory;
import io.sluice.storage.memory.MemoryEngineFactory;
import io.sluice.storage.segment.SegmentEngineFactory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A client's batch of records of 1,000 bytes is checked and appended through the storage API, as a partition does it for Produce.
 *
 * <p>{@code batchBytes} is the size before compression. After every 64 MiB the log is emptied, so that neither heap nor disk fills;
 * that is part of the time.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class AppendBenchmark {
    private static final long LOG_BYTES_MAX = 64L * 1024 * 1024;

    /** The engines that are measured. */
    public enum Engine {
        SEGMENT(new SegmentEngineFactory()),
        MEMORY(new MemoryEngineFactory(2 * LOG_BYTES_MAX));

        private final StorageEngineFactory factory;

        Engine(StorageEngineFactory factory) {
            this.factory = factory;
        }
    }

    @Param
    private Engine engine;

    @Param({"16384", "1048576"})
    private int batchBytes;

    @Param({"NONE", "LZ4", "ZSTD"})
    private CompressionType codec;

    @Param
    private RecordValidation validation;

    private ByteBuffer batch;
    private TemporaryLog log;
    private long bytesLeft;

    @Setup
    public void open() throws IOException {
        batch = Samples.batch(batchBytes, codec, Time.SYSTEM.milliseconds());
        log = TemporaryLog.open(engine.factory, validation);
        bytesLeft = LOG_BYTES_MAX;
    }

    @Benchmark
    public AppendResult append() throws IOException {
        if (bytesLeft < batch.remaining()) {
            log.empty();
            bytesLeft = LOG_BYTES_MAX;
        }
        bytesLeft -= batch.remaining();
        batch.putLong(0, 0L); // the base offset, as a client sends it
        AppendResult result = log.append(batch);
        if (result instanceof AppendResult.Rejected) {
            throw new IllegalStateException("the batch was refused: " + result);
        }
        return result;
    }

    @TearDown
    public void close() throws IOException, InterruptedException {
        log.close();
    }
}
