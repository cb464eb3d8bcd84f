package io.sluice.storage.kit;

import io.sluice.protocol.ByteBufferRecords;
import io.sluice.protocol.Records;
import io.sluice.protocol.compress.CompressionType;
import io.sluice.protocol.record.RecordBatchBuilder;
import io.sluice.protocol.record.RecordBatchIterator;
import io.sluice.protocol.record.RecordBatchView;
import io.sluice.protocol.record.RecordReader;
import io.sluice.storage.api.FileSlice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes and reads record batches for tests. */
public final class Batches {
    private Batches() {}

    /** One record as it was read. */
    public record Read(
            long offset,
            long timestampMs,
            @Nullable String key,
            @Nullable String value) {}

    /** A batch of values without keys, as a producer sends it. */
    public static ByteBuffer of(long timestampMs, String... values) {
        RecordBatchBuilder builder = new RecordBatchBuilder();
        for (String value : values) {
            builder.append(null, bytes(value), timestampMs);
        }
        return builder.build();
    }

    /** A batch whose offsets are set. */
    public static ByteBuffer at(long baseOffset, long timestampMs, String... values) {
        RecordBatchBuilder builder =
                new RecordBatchBuilder().baseOffset(baseOffset).partitionLeaderEpoch(0);
        for (String value : values) {
            builder.append(null, bytes(value), timestampMs);
        }
        return builder.build();
    }

    /** A batch of an idempotent producer. */
    public static ByteBuffer idempotent(long producerId, int epoch, int sequence, long timestampMs, String... values) {
        RecordBatchBuilder builder = new RecordBatchBuilder().producer(producerId, (short) epoch, sequence);
        for (String value : values) {
            builder.append(null, bytes(value), timestampMs);
        }
        return builder.build();
    }

    /** A batch of a transaction. */
    public static ByteBuffer transactional(
            long producerId, int epoch, int sequence, long timestampMs, String... values) {
        RecordBatchBuilder builder = new RecordBatchBuilder()
                .producer(producerId, (short) epoch, sequence)
                .transactional(true);
        for (String value : values) {
            builder.append(null, bytes(value), timestampMs);
        }
        return builder.build();
    }

    /** A batch of one record with a key; a null value is a tombstone. */
    public static ByteBuffer keyed(long timestampMs, String key, @Nullable String value) {
        return new RecordBatchBuilder()
                .append(bytes(key), value == null ? null : bytes(value), timestampMs)
                .build();
    }

    public static ByteBuffer compressed(CompressionType codec, long timestampMs, String... values) {
        RecordBatchBuilder builder = new RecordBatchBuilder().compression(codec);
        for (String value : values) {
            builder.append(null, bytes(value), timestampMs);
        }
        return builder.build();
    }

    public static ByteBuffer join(ByteBuffer... batches) {
        int size = 0;
        for (ByteBuffer batch : batches) {
            size += batch.remaining();
        }
        ByteBuffer all = ByteBuffer.allocate(size);
        for (ByteBuffer batch : batches) {
            all.put(batch.duplicate());
        }
        return all.flip();
    }

    public static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The bytes of records, which are released. */
    public static ByteBuffer take(Records records) {
        try {
            if (records instanceof ByteBufferRecords inMemory) {
                return inMemory.buffer().duplicate();
            }
            if (records instanceof FileSlice slice) {
                return slice.toBuffer();
            }
            throw new IllegalArgumentException("unknown records " + records);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            records.release();
        }
    }

    /** Every record of whole batches, each of which must have a right CRC. */
    public static List<Read> read(ByteBuffer batches) {
        List<Read> all = new ArrayList<>();
        RecordBatchIterator iterator = new RecordBatchIterator(batches);
        RecordReader reader = new RecordReader();
        while (iterator.next()) {
            RecordBatchView batch = iterator.batch();
            if (!batch.isValidCrc()) {
                throw new AssertionError("a batch with a wrong CRC at offset " + batch.baseOffset());
            }
            if (batch.compressionType() == CompressionType.NONE) {
                reader.reset(batch);
            } else {
                reader.reset(batch, batch.compressionType().decompress(batch.payload(), Integer.MAX_VALUE - 8));
            }
            while (reader.next()) {
                all.add(new Read(reader.offset(), reader.timestamp(), text(reader.key()), text(reader.value())));
            }
        }
        if (iterator.remaining() != 0) {
            throw new AssertionError(iterator.remaining() + " bytes are no whole batch");
        }
        return all;
    }

    public static List<String> values(ByteBuffer batches) {
        return read(batches).stream().map(read -> String.valueOf(read.value())).toList();
    }

    private static @Nullable String text(@Nullable ByteBuffer bytes) {
        return bytes == null
                ? null
                : StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
    }
}
