package io.sluice.storage.segment;

import io.sluice.base.TopicIdPartition;
import io.sluice.storage.api.StagedChannel;
import io.sluice.storage.api.StagingArea;
import java.nio.channels.FileChannel;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How the active segments of one partition get at the memory where their newest bytes wait.
 *
 * @param area null when there is none
 * @param allowed whether a process that is killed now would be known from a machine that went down
 */
record SegmentStaging(@Nullable StagingArea area, TopicIdPartition partition, BooleanSupplier allowed) {
    /** A segment's file, by way of the memory where that may be used. */
    FileChannel over(FileChannel file, long baseOffset) {
        StagingArea there = area;
        if (there == null || partition.topicId().isZero() || !allowed.getAsBoolean()) {
            return file;
        }
        return new StagedChannel(file, there, partition, baseOffset);
    }
}
