package io.sluice.storage.api;

import io.sluice.base.ErrorCode;
import java.util.List;

/** What became of an append to a {@link PartitionLog}. */
public sealed interface AppendResult {
    /** Written. {@code logAppendTimeMs} is -1 unless the topic stamps records itself. */
    record Appended(long firstOffset, long lastOffset, long logAppendTimeMs) implements AppendResult {}

    /** An idempotent producer had these appended before: there they are. Nothing was written now. */
    record Duplicate(long firstOffset, long lastOffset, long logAppendTimeMs) implements AppendResult {}

    /**
     * Surely not written.
     *
     * @param recordErrors the records at fault, when it was records
     */
    record Rejected(ErrorCode error, String message, List<RecordError> recordErrors) implements AppendResult {
        public Rejected {
            recordErrors = List.copyOf(recordErrors);
        }

        public Rejected(ErrorCode error, String message) {
            this(error, message, List.of());
        }
    }

    /** One record at fault, by its index within the batch. */
    record RecordError(int batchIndex, String message) {}
}
