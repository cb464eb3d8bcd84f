package io.sluice.coordinator.share.partition;

import io.sluice.base.ErrorCode;
import io.sluice.base.TopicIdPartition;
import io.sluice.broker.api.FetchOutcome;
import io.sluice.broker.api.FetchPosition;
import io.sluice.broker.api.PartitionStatus;
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

/**
 * Makes the records of a dead letter, with the originals where they are wanted and can be read: one batch after the other, so that little of what may be
 * much is in memory at once. May read from the disk. For one thread at a time.
 */
final class DeadLetterRecords {
    private static final Logger LOG = LoggerFactory.getLogger(DeadLetterRecords.class);
    private static final int BATCH_BYTES_MAX = 512 * 1024;
    private static final int BATCH_OVERHEAD_BYTES = 61;
    private static final int HEADER_OVERHEAD_BYTES = 10;
    private static final int READ_BYTES = 1024 * 1024;
    private static final int DECOMPRESSED_BYTES_MAX = 64 * 1024 * 1024;
    private static final int DESCRIPTION_BYTES = 300;

    private final Partitions partitions;
    private final long nowMs;
    private final String groupId;
    private final TopicIdPartition partition;
    private final DeadLetter letter;
    private final int recordBytesMax;
    private final int descriptionBytes;
    private final Map<Long, Original> originals = new HashMap<>();
    private long nextOffset;
    private long readTo;

    private record Original(
            @Nullable ByteBuffer key, @Nullable ByteBuffer value, List<RecordHeader> headers) {
        static final Original NOT_THERE = new Original(null, null, List.of());

        int sizeInBytes() {
            int size = (key == null ? 0 : key.remaining()) + (value == null ? 0 : value.remaining());
            for (RecordHeader header : headers) {
                ByteBuffer bytes = header.value();
                size += bytes(header.key()).length + (bytes == null ? 0 : bytes.remaining()) + HEADER_OVERHEAD_BYTES;
            }
            return size;
        }
    }

    /**
     * @param copies whether the originals are wanted
     * @param batchBytesMax how large a batch the dead-letter topic takes; an original that does not fit is left out
     */
    DeadLetterRecords(
            Partitions partitions,
            long nowMs,
            String groupId,
            TopicIdPartition partition,
            DeadLetter letter,
            boolean copies,
            int batchBytesMax) {
        this.partitions = partitions;
        this.nowMs = nowMs;
        this.groupId = groupId;
        this.partition = partition;
        this.letter = letter;
        this.recordBytesMax = batchBytesMax - BATCH_OVERHEAD_BYTES;
        this.descriptionBytes = DESCRIPTION_BYTES + bytes(groupId).length + bytes(partition.topic()).length;
        this.nextOffset = letter.firstOffset();
        this.readTo = copies ? letter.firstOffset() : letter.lastOffset() + 1L;
    }

    /** The next batch; null when there is none. A record that is large is alone in its batch. */
    @Nullable
    ByteBuffer next() {
        RecordBatchBuilder batch = new RecordBatchBuilder();
        while (nextOffset <= letter.lastOffset()) {
            if (nextOffset >= readTo) {
                read();
            }
            Original original = fitting(originals.getOrDefault(nextOffset, Original.NOT_THERE));
            int size = descriptionBytes + original.sizeInBytes();
            if (batch.recordCount() > 0 && batch.sizeInBytes() + size > Math.min(BATCH_BYTES_MAX, recordBytesMax)) {
                break;
            }
            List<RecordHeader> headers = new ArrayList<>(original.headers());
            describe(headers, nextOffset);
            batch.append(original.key(), original.value(), headers, nowMs);
            originals.remove(nextOffset);
            nextOffset++;
        }
        return batch.recordCount() == 0 ? null : batch.build();
    }

    private Original fitting(Original original) {
        if (descriptionBytes + original.sizeInBytes() <= recordBytesMax) {
            return original;
        }
        LOG.warn("offset {} of {} is too large for a copy in the dead-letter topic", nextOffset, partition);
        return Original.NOT_THERE;
    }

    private void describe(List<RecordHeader> headers, long offset) {
        headers.add(header("topic", partition.topic()));
        headers.add(header("partition", Integer.toString(partition.partition())));
        headers.add(header("offset", Long.toString(offset)));
        headers.add(header("group", groupId));
        headers.add(header("delivery.count", Integer.toString(letter.deliveryCount())));
        headers.add(header("message", letter.cause().message()));
    }

    private static RecordHeader header(String name, String value) {
        return new RecordHeader("__dlq.errors." + name, ByteBuffer.wrap(bytes(value)));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Reads a piece of the log from the next offset on; what cannot be read is left out. */
    private void read() {
        originals.clear();
        FetchOutcome outcome =
                partitions.fetch(new FetchPosition(partition, nextOffset, -1, -1, false), READ_BYTES, true);
        try {
            if (outcome.error() == ErrorCode.OFFSET_OUT_OF_RANGE) {
                readTo = Math.min(letter.lastOffset() + 1L, logStartOffset());
            } else {
                readTo = outcome.error() != ErrorCode.NONE || outcome.records().sizeInBytes() == 0
                        ? letter.lastOffset() + 1L
                        : read(outcome);
            }
        } catch (IOException | RuntimeException e) {
            LOG.warn("offsets from {} of {} cannot be read for a dead letter", nextOffset, partition, e);
            readTo = letter.lastOffset() + 1L;
        } finally {
            outcome.records().release();
        }
    }

    /** Where the log begins, if that is behind the next offset: what lies before is gone. */
    private long logStartOffset() {
        PartitionStatus status = partitions.status(partition.topicPartition());
        return status == null || status.logStartOffset() <= nextOffset ? Long.MAX_VALUE : status.logStartOffset();
    }

    /** Gives the offset behind what was read. */
    private long read(FetchOutcome outcome) throws IOException {
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
                if (reader.offset() >= nextOffset && reader.offset() <= letter.lastOffset()) {
                    originals.put(
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
