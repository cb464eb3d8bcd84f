package io.sluice.benchmarks;

import io.sluice.protocol.compress.CompressionType;
import io.sluice.protocol.record.RecordBatchFormat;
import io.sluice.protocol.record.RecordBatchView;
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

/** What every batch costs before its records are looked at: its header, and its checksum. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class BatchCheckBenchmark {
    @Param({"16384", "1048576"})
    private int batchBytes;

    private final RecordBatchView view = new RecordBatchView();
    private ByteBuffer batch;

    @Setup
    public void prepare() {
        batch = Samples.batch(batchBytes, CompressionType.NONE, 1L);
        if (!headerIsSound() || !crcIsValid()) {
            throw new IllegalStateException("the batch is not sound");
        }
    }

    @Benchmark
    public boolean headerIsSound() {
        view.wrap(batch, 0);
        return view.magic() == RecordBatchFormat.MAGIC_V2
                && view.sizeInBytes() == batch.limit()
                && view.recordCount() > 0
                && view.lastOffset() - view.baseOffset() == view.recordCount() - 1
                && view.maxTimestamp() >= view.baseTimestamp();
    }

    @Benchmark
    public boolean crcIsValid() {
        return view.wrap(batch, 0).isValidCrc();
    }
}
