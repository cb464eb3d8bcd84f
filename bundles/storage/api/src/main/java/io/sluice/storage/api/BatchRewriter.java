package io.sluice.storage.api;

import io.sluice.protocol.compress.CompressionType;
import io.sluice.protocol.record.RecordBatchBuilder;
import io.sluice.protocol.record.RecordBatchFormat;
import io.sluice.protocol.record.RecordBatchView;
import io.sluice.protocol.record.RecordReader;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Makes a new batch out of one that has been checked, with another codec or with offsets that count up by one. */
final class BatchRewriter {
    private BatchRewriter() {}

    /**
     * The batch with its records compressed by another codec.
     *
     * @param plain its records, decompressed
     * @return owned by the caller; its CRC is right
     */
    static ByteBuffer recompress(RecordBatchView batch, ByteBuffer plain, CompressionType target, LogConfig config) {
        ByteBuffer payload = config.compress(plain, target);
        int size = Math.addExact(RecordBatchFormat.HEADER_BYTES, payload.remaining());
        ByteBuffer rewritten = ByteBuffer.allocate(size);
        rewritten.put(batch.buffer().slice(batch.position(), RecordBatchFormat.HEADER_BYTES));
        rewritten.put(payload).flip();
        rewritten.putInt(RecordBatchFormat.LENGTH, size - RecordBatchFormat.LOG_OVERHEAD);
        int attributes = (batch.attributes() & ~RecordBatchFormat.COMPRESSION_MASK) | target.id();
        rewritten.putShort(RecordBatchFormat.ATTRIBUTES, (short) attributes);
        new RecordBatchView().wrap(rewritten, 0).rewriteCrc();
        return rewritten;
    }

    /** The batch with the same records at the offsets 0, 1, 2... */
    static ByteBuffer renumber(RecordBatchView batch, ByteBuffer plain, CompressionType target, LogConfig config) {
        RecordBatchBuilder builder = new RecordBatchBuilder()
                .timestampType(batch.timestampType())
                .producer(batch.producerId(), batch.producerEpoch(), batch.baseSequence())
                .transactional(batch.isTransactional());
        RecordReader records = new RecordReader().reset(batch, plain);
        while (records.next()) {
            builder.append(records.key(), records.value(), Arrays.asList(records.headers()), records.timestamp());
        }
        ByteBuffer renumbered = builder.build();
        RecordBatchView view = new RecordBatchView().wrap(renumbered, 0);
        return recompress(view, view.payload(), target, config);
    }
}
