package io.sluice.storage.api;

import io.sluice.base.ErrorCode;
import io.sluice.protocol.MalformedMessageException;
import io.sluice.protocol.compress.CompressionException;
import io.sluice.protocol.compress.CompressionType;
import io.sluice.protocol.record.RecordBatchFormat;
import io.sluice.protocol.record.RecordBatchView;
import io.sluice.protocol.record.RecordReader;
import io.sluice.protocol.record.TimestampType;
import io.sluice.storage.api.AppendResult.RecordError;
import io.sluice.storage.api.AppendResult.Rejected;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Checks a batch before it is appended, and changes nothing. Reused from batch to batch by a log's writer: what it found stays readable
 * until the next call. Gives the same guarantees, with the same errors, as Kafka's broker.
 */
final class LogValidator {
    private static final int RECORD_ERRORS_SHOWN = 3;
    private static final int RECORD_ERRORS_MAX = 1000;
    /** The length of a message of format 0 without key and value. */
    private static final int LEAST_LENGTH_OF_ANY_FORMAT = 14;

    private final Object partition;
    private final RecordBatchView batch = new RecordBatchView();
    private final RecordReader records = new RecordReader();
    private final CRC32C crc = new CRC32C();

    private long maxTimestamp;
    private boolean consecutive;
    private @Nullable ByteBuffer decompressed;

    LogValidator(Object partition) {
        this.partition = partition;
    }

    /** The batch of the last check. */
    RecordBatchView batch() {
        return batch;
    }

    /** The largest timestamp that its records have, or the header's where they were not read. */
    long maxTimestamp() {
        return maxTimestamp;
    }

    /** Whether the records' offsets count up by one from the batch's; if not, which only passes uncompressed, they are to be numbered anew. */
    boolean isConsecutive() {
        return consecutive;
    }

    /** The records of a compressed batch, where they were decoded. */
    @Nullable
    ByteBuffer decompressed() {
        return decompressed;
    }

    /** Checks what a client sent: one batch, made by a producer. The beginning of another batch after it is ignored. */
    @Nullable
    Rejected checkClient(ByteBuffer batches, LogConfig config, long nowMs) {
        Rejected fault = wrap(batches, batches.position());
        if (fault != null) {
            return fault;
        }
        if (batch.magic() != RecordBatchFormat.MAGIC_V2) {
            return invalid("Produce requests may only carry record batches of format 2, not " + batch.magic());
        }
        fault = checkRest(batches, batches.position() + batch.sizeInBytes());
        if (fault != null) {
            return fault;
        }
        if (batch.baseOffset() != 0L) {
            return invalid("The base offset of a batch that is appended must be 0, not " + batch.baseOffset());
        }
        fault = checkIntegrity(config);
        if (fault == null) {
            fault = checkClientHeader();
        }
        return fault != null ? fault : checkRecords(config, nowMs);
    }

    /** Checks one batch of the broker's own. */
    @Nullable
    Rejected checkInternal(ByteBuffer batches, int at, LogConfig config) {
        Rejected fault = wrap(batches, at);
        if (fault != null) {
            return fault;
        }
        if (batch.magic() != RecordBatchFormat.MAGIC_V2 || batch.lastOffsetDelta() < 0) {
            return invalid("not a record batch of format 2");
        }
        maxTimestamp = batch.maxTimestamp();
        consecutive = true;
        decompressed = null;
        return checkIntegrity(config);
    }

    private @Nullable Rejected wrap(ByteBuffer batches, int at) {
        decompressed = null;
        try {
            int size = RecordBatchView.sizeAt(batches, at);
            if (size < 0) {
                return invalid("There is no whole record batch");
            }
            byte magic = batches.get(at + RecordBatchFormat.MAGIC);
            if (magic < 0 || magic > RecordBatchFormat.MAGIC_V2) {
                return corrupt("Record batch with unknown magic " + magic);
            }
            batch.wrap(batches, at);
            return null;
        } catch (MalformedMessageException e) {
            return corrupt(String.valueOf(e.getMessage()));
        }
    }

    /** What follows the batch may only be the beginning of another: of a length and, as far as it goes, a magic that exist. */
    private @Nullable Rejected checkRest(ByteBuffer batches, int at) {
        int remaining = batches.limit() - at;
        if (remaining < RecordBatchFormat.LOG_OVERHEAD) {
            return null;
        }
        int length = batches.getInt(at + RecordBatchFormat.LENGTH);
        if (length < LEAST_LENGTH_OF_ANY_FORMAT) {
            return corrupt("A record batch is followed by one of length " + length);
        }
        if (remaining <= RecordBatchFormat.MAGIC) {
            return null;
        }
        byte magic = batches.get(at + RecordBatchFormat.MAGIC);
        if (magic < 0 || magic > RecordBatchFormat.MAGIC_V2) {
            return corrupt("A record batch is followed by one with unknown magic " + magic);
        }
        return remaining - RecordBatchFormat.LOG_OVERHEAD < length
                ? null
                : invalid("Produce requests may carry only one record batch for a partition");
    }

    private @Nullable Rejected checkIntegrity(LogConfig config) {
        int size = batch.sizeInBytes();
        if (size > config.maxMessageBytes()) {
            return tooLarge(size, config);
        }
        if (batch.crc() != computeCrc(size)) {
            return corrupt("Record batch fails its checksum");
        }
        return null;
    }

    private int computeCrc(int size) {
        ByteBuffer buffer = batch.buffer();
        int from = batch.position() + RecordBatchFormat.ATTRIBUTES;
        int length = size - RecordBatchFormat.ATTRIBUTES;
        crc.reset();
        if (buffer.hasArray()) {
            crc.update(buffer.array(), buffer.arrayOffset() + from, length);
        } else {
            int position = buffer.position();
            int limit = buffer.limit();
            buffer.limit(from + length).position(from);
            crc.update(buffer);
            buffer.limit(limit).position(position);
        }
        return (int) crc.getValue();
    }

    private @Nullable Rejected checkClientHeader() {
        int count = batch.recordCount();
        if (count <= 0 || batch.lastOffsetDelta() < 0) {
            return invalid("Record batch claims " + count + " records up to offset delta " + batch.lastOffsetDelta());
        }
        if (batch.lastOffsetDelta() != count - 1) {
            return invalid(
                    "Record batch has offset delta " + batch.lastOffsetDelta() + " but claims " + count + " records");
        }
        if (batch.isControl()) {
            return invalid("Clients are not allowed to write control records");
        }
        if (batch.hasProducerId() && batch.baseSequence() < 0) {
            return invalid("Invalid sequence number " + batch.baseSequence() + " of producer " + batch.producerId());
        }
        if (CompressionType.of(batch.compressionId()) == null) {
            return new Rejected(
                    ErrorCode.UNSUPPORTED_COMPRESSION_TYPE, "Unknown compression type " + batch.compressionId());
        }
        return null;
    }

    private @Nullable Rejected checkRecords(LogConfig config, long nowMs) {
        boolean fromProducer = config.timestampType() == TimestampType.CREATE_TIME;
        if (!fromProducer && batch.timestampType() == TimestampType.LOG_APPEND_TIME) {
            return new Rejected(
                    ErrorCode.INVALID_TIMESTAMP,
                    "Producers must not set the timestamp type to LogAppendTime",
                    List.of(new RecordError(0, "Producers must not set the timestamp type to LogAppendTime")));
        }
        if (config.recordValidation() == RecordValidation.HEADER && !needsRecords(config)) {
            maxTimestamp = batch.maxTimestamp();
            consecutive = true;
            return null;
        }
        try {
            if (batch.compressionId() == CompressionType.NONE.id()) {
                records.reset(batch);
            } else {
                ByteBuffer plain =
                        batch.compressionType().decompress(batch.payload(), config.maxDecompressedMessageBytes());
                decompressed = plain;
                records.reset(batch, plain);
            }
            return walk(config, nowMs, fromProducer);
        } catch (CompressionException e) {
            return e.isTooLarge()
                    ? new Rejected(ErrorCode.MESSAGE_TOO_LARGE, "Compressed record batch: " + e.getMessage())
                    : invalid("Compressed record batch: " + e.getMessage());
        } catch (MalformedMessageException e) {
            return invalid(String.valueOf(e.getMessage()));
        }
    }

    private boolean needsRecords(LogConfig config) {
        CompressionType target = config.compression().codec();
        return target != null && target.id() != batch.compressionId();
    }

    private @Nullable Rejected walk(LogConfig config, long nowMs, boolean fromProducer) {
        boolean keyed = config.cleanupCompact();
        long oldest = config.timestampBeforeMaxMs();
        long youngest = -config.timestampAfterMaxMs();
        boolean compressed = decompressed != null;
        long largest = RecordBatchFormat.NO_TIMESTAMP;
        boolean inOrder = true;
        List<RecordError> faults = null;
        boolean timestampFault = false;
        int index = 0;
        while (records.next()) {
            boolean next = records.offsetDelta() == index;
            inOrder &= next;
            long timestamp = records.timestamp();
            if (keyed && !records.hasKey()) {
                faults = add(faults, index, "Compacted topic cannot accept a message without a key");
            } else if (fromProducer
                    && timestamp != RecordBatchFormat.NO_TIMESTAMP
                    && (nowMs - timestamp > oldest || nowMs - timestamp < youngest)) {
                timestampFault = true;
                faults = add(
                        faults,
                        index,
                        "Timestamp " + timestamp + " is out of range: it should be at most " + oldest
                                + " ms before and " + -youngest + " ms after " + nowMs);
            }
            if (compressed && !next) {
                faults = addOutOfOrder(faults, index);
            }
            largest = Math.max(largest, timestamp);
            index++;
        }
        if (faults != null) {
            return rejected(faults, timestampFault);
        }
        maxTimestamp = largest;
        consecutive = inOrder;
        return null;
    }

    /** Only one fault is told of a record. */
    private static List<RecordError> addOutOfOrder(@Nullable List<RecordError> faults, int index) {
        return faults != null && faults.get(faults.size() - 1).batchIndex() == index
                ? faults
                : add(faults, index, "The offsets in a compressed record batch are not consecutive");
    }

    private static List<RecordError> add(@Nullable List<RecordError> faults, int index, String message) {
        List<RecordError> list = faults == null ? new ArrayList<>() : faults;
        if (list.size() < RECORD_ERRORS_MAX) {
            list.add(new RecordError(index, message));
        }
        return list;
    }

    private Rejected rejected(List<RecordError> faults, boolean timestampFault) {
        if (timestampFault) {
            return new Rejected(
                    ErrorCode.INVALID_TIMESTAMP,
                    "One or more records have been rejected due to invalid timestamp",
                    faults);
        }
        List<RecordError> shown = faults.subList(0, Math.min(RECORD_ERRORS_SHOWN, faults.size()));
        return new Rejected(
                ErrorCode.INVALID_RECORD,
                "One or more records have been rejected due to " + faults.size()
                        + " record errors in total, of which the first are: " + shown,
                faults);
    }

    Rejected tooLarge(int size, LogConfig config) {
        return new Rejected(
                ErrorCode.MESSAGE_TOO_LARGE,
                "The record batch size in the append to " + partition + " is " + size
                        + " bytes which exceeds the maximum configured value of " + config.maxMessageBytes());
    }

    private Rejected invalid(String message) {
        return new Rejected(ErrorCode.INVALID_RECORD, message + " (" + partition + ")");
    }

    private Rejected corrupt(String message) {
        return new Rejected(ErrorCode.CORRUPT_MESSAGE, message + " (" + partition + ")");
    }
}
