package io.sluice.broker.api;

import io.sluice.base.TopicIdPartition;

/**
 * How the move of one partition stands.
 *
 * @param active the engine that serves it now, one of the other two
 * @param phase {@code copying}, {@code following} (it has moved, and the old copy is kept in step), {@code returning},
 *     {@code finalising}, {@code failed} or {@code aborting}
 * @param logStartOffset of the log that serves
 * @param logEndOffset of the log that serves
 * @param copyEndOffset of the copy; -1 while it is not open
 * @param verifiedOffset below it the copy was compared; -1 when none of it was
 * @param copiedBytes since the broker started
 * @param cutOvers since the broker started
 * @param longestStallMs the longest time in which a cut-over let nobody write, since the broker started; 0 before the first
 * @param problem what it waits for or why it failed, in one sentence; empty when nothing is wrong
 */
public record MigrationStatus(
        TopicIdPartition partition,
        String source,
        String target,
        String active,
        String phase,
        boolean paused,
        long bytesPerSecond,
        long logStartOffset,
        long logEndOffset,
        long copyEndOffset,
        long verifiedOffset,
        long copiedBytes,
        int cutOvers,
        double longestStallMs,
        String problem) {}
