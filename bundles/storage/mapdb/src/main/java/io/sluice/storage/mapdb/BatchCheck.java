package io.sluice.storage.mapdb;

import io.sluice.protocol.record.RecordBatchFormat;
import io.sluice.storage.api.BatchHeader;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Whether bytes are the batch that was appended: its header is the one that the index has, its CRC is right. */
final class BatchCheck {
    private BatchCheck() {}

    /** The same buffer, or null when it is not that batch. */
    static @Nullable ByteBuffer whole(ByteBuffer batch, ByteBuffer header) {
        if (batch.remaining() < BatchHeader.BYTES
                || BatchHeader.sizeInBytes(batch, 0) != batch.remaining()
                || !batch.slice(0, BatchHeader.BYTES).equals(header.slice(0, BatchHeader.BYTES))) {
            return null;
        }
        CRC32C crc = new CRC32C();
        crc.update(batch.slice(RecordBatchFormat.ATTRIBUTES, batch.remaining() - RecordBatchFormat.ATTRIBUTES));
        return (int) crc.getValue() == BatchHeader.crc(batch, 0) ? batch : null;
    }
}
