package io.sluice.broker.api;

import io.sluice.base.ErrorCode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of the batches for one partition.
 *
 * @param baseOffset of the first record; -1 when refused
 * @param logAppendTimeMs -1 unless the topic stamps records itself
 * @param recordErrors the records that were at fault, by their index within the batch
 * @param message why, for people; null when there is nothing to say
 */
public record AppendOutcome(
        ErrorCode error,
        long baseOffset,
        long lastOffset,
        long logAppendTimeMs,
        long logStartOffset,
        List<RecordError> recordErrors,
        @Nullable String message) {

    /** One record that was at fault. */
    public record RecordError(int batchIndex, @Nullable String message) {}

    public static AppendOutcome refused(ErrorCode error, @Nullable String message) {
        return new AppendOutcome(error, -1L, -1L, -1L, -1L, List.of(), message);
    }
}
