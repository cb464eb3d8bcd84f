package io.sluice.benchmarks;

import io.sluice.protocol.Message;
import io.sluice.protocol.MessageBytes;
import io.sluice.protocol.MessageReader;
import io.sluice.protocol.MessageWriter;
import io.sluice.protocol.OutboundFrame;
import io.sluice.protocol.message.FetchResponse;
import io.sluice.protocol.message.MetadataResponse;
import io.sluice.protocol.message.ProduceRequest;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A message at its newest version into a reused buffer, and out of one. Record payloads are handed on, not copied. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CodecBenchmark {
    /** Produce: one batch of 16 KiB; Fetch: 16 partitions of 64 KiB; Metadata: 100 topics of 10 partitions. */
    public enum Sample {
        PRODUCE_REQUEST(() -> Samples.produceRequest(1, 16 * 1024), ProduceRequest::new),
        FETCH_RESPONSE(() -> Samples.fetchResponse(16, 64 * 1024), FetchResponse::new),
        METADATA_RESPONSE(() -> Samples.metadataResponse(100, 10), MetadataResponse::new);

        private final Supplier<Message> full;
        private final Supplier<Message> empty;

        Sample(Supplier<Message> full, Supplier<Message> empty) {
            this.full = full;
            this.empty = empty;
        }
    }

    @Param
    private Sample sample;

    private Message message;
    private short version;
    private ByteBuffer encoded;
    private final ByteBuffer target = ByteBuffer.allocate(256 * 1024);

    @Setup
    public void prepare() {
        message = sample.full.get();
        version = message.highestSupportedVersion();
        encoded = MessageBytes.encode(message, version);
        Message read = MessageBytes.decode(encoded, sample.empty.get(), version);
        if (!read.equals(message)) {
            throw new IllegalStateException(sample + " does not come back from its bytes");
        }
    }

    @Benchmark
    public OutboundFrame encode() {
        MessageWriter out = new MessageWriter(target.clear());
        message.write(out, version);
        return out.finish();
    }

    @Benchmark
    public Message decode() {
        Message read = sample.empty.get();
        read.read(new MessageReader(encoded), version);
        return read;
    }
}
