package io.sluice.coordinator.share.partition;

import io.sluice.base.ErrorCode;
import io.sluice.base.TopicIdPartition;
import io.sluice.broker.api.FetchOutcome;
import io.sluice.broker.api.FetchPosition;
import io.sluice.broker.api.Partitions;
import io.sluice.protocol.ByteBufferRecords;
import io.sluice.protocol.compress.CompressionType;
import io.sluice.protocol.record.RecordBatchBuilder;
import io.sluice.protocol.record.RecordBatchIterator;
import io.sluice.protocol.record.RecordBatchView;
import io.sluice.protocol.record.RecordHeader;
import io.sluice.protocol.record.RecordReader;
import io.sluice.storage.api.FileSlice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the records of a dead letter, with the originals where they are wanted and can be read. May read from the disk. */
final class DeadLetterRecords {
    private static final Logger LOG = LoggerFactory.getLogger(DeadLetterRecords.class);
    private static final int BATCH_BYTES_MAX = 512 * 1024;
    private static final int READ_BYTES = 1024 * 1024;
    private static final int DECOMPRESSED_BYTES_MAX = 64 * 1024 * 1024;

    private final Partitions partitions;
    private final long nowMs;
    private final String groupId;
    private final TopicIdPartition partition;

    private record Original(
            @Nullable ByteBuffer key, @Nullable ByteBuffer value, List<RecordHeader> headers) {}

    DeadLetterRecords(Partitions partitions, long nowMs, String groupId, TopicIdPartition partition) {
        this.partitions = partitions;
        this.nowMs = nowMs;
        this.groupId = groupId;
        this.partition = partition;
    }

    List<ByteBuffer> batches(DeadLetter letter, boolean copies) {
        Map<Long, Original> originals = copies ? originals(letter) : Map.of();
        List<ByteBuffer> batches = new ArrayList<>();
        RecordBatchBuilder batch = new RecordBatchBuilder();
        for (long offset = letter.firstOffset(); offset <= letter.lastOffset(); offset++) {
            Original original = originals.get(offset);
            List<RecordHeader> headers = new ArrayList<>();
            if (original != null) {
                headers.addAll(original.headers());
            }
            describe(headers, offset, letter);
            batch.append(
                    original == null ? null : original.key(),
                    original == null ? null : original.value(),
                    headers,
                    nowMs);
            if (batch.sizeInBytes() >= BATCH_BYTES_MAX) {
                batches.add(batch.build());
                batch = new RecordBatchBuilder();
            }
        }
        if (batch.recordCount() > 0) {
            batches.add(batch.build());
        }
        return batches;
    }

    private void describe(List<RecordHeader> headers, long offset, DeadLetter letter) {
        headers.add(header("topic", partition.topic()));
        headers.add(header("partition", Integer.toString(partition.partition())));
        headers.add(header("offset", Long.toString(offset)));
        headers.add(header("group", groupId));
        headers.add(header("delivery.count", Integer.toString(letter.deliveryCount())));
        headers.add(header("message", letter.cause().message()));
    }

    private static RecordHeader header(String name, String value) {
        return new RecordHeader("__dlq.errors." + name, ByteBuffer.wrap(value.getBytes(StandardCharsets.UTF_8)));
    }

    private Map<Long, Original> originals(DeadLetter letter) {
        Map<Long, Original> found = new HashMap<>();
        long at = letter.firstOffset();
        while (at <= letter.lastOffset()) {
            FetchOutcome outcome = partitions.fetch(new FetchPosition(partition, at, -1, -1, false), READ_BYTES, true);
            if (outcome.error() != ErrorCode.NONE || outcome.records().sizeInBytes() == 0) {
                outcome.records().release();
                return found;
            }
            try {
                at = read(outcome, letter, found);
            } catch (IOException | RuntimeException e) {
                LOG.warn("offsets from {} of {} cannot be read for a dead letter", at, partition, e);
                return found;
            } finally {
                outcome.records().release();
            }
        }
        return found;
    }

    /** Gives the offset behind what was read. */
    private static long read(FetchOutcome outcome, DeadLetter letter, Map<Long, Original> found) throws IOException {
        RecordBatchIterator batches = new RecordBatchIterator(bytes(outcome));
        RecordReader reader = new RecordReader();
        long next = letter.lastOffset() + 1L;
        while (batches.next()) {
            RecordBatchView batch = batches.batch();
            next = batch.nextOffset();
            CompressionType compression = batch.compressionType();
            if (compression == CompressionType.NONE) {
                reader.reset(batch);
            } else {
                reader.reset(batch, compression.decompress(batch.payload(), DECOMPRESSED_BYTES_MAX));
            }
            while (reader.next()) {
                if (reader.offset() >= letter.firstOffset() && reader.offset() <= letter.lastOffset()) {
                    found.put(
                            reader.offset(),
                            new Original(copy(reader.key()), copy(reader.value()), List.of(reader.headers())));
                }
            }
        }
        return next;
    }

    private static ByteBuffer bytes(FetchOutcome outcome) throws IOException {
        if (outcome.records() instanceof FileSlice slice) {
            return slice.toBuffer();
        }
        if (outcome.records() instanceof ByteBufferRecords memory) {
            return copyOf(memory.buffer());
        }
        throw new IOException("records of an unknown kind: " + outcome.records());
    }

    private static @Nullable ByteBuffer copy(@Nullable ByteBuffer bytes) {
        return bytes == null ? null : copyOf(bytes);
    }

    private static ByteBuffer copyOf(ByteBuffer bytes) {
        ByteBuffer copy = ByteBuffer.allocate(bytes.remaining());
        return copy.put(bytes.duplicate()).flip();
    }
}
