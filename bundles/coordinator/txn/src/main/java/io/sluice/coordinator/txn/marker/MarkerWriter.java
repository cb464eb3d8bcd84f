package io.sluice.coordinator.txn.marker;

import io.sluice.base.TopicPartition;
import java.util.Collection;
import java.util.function.Consumer;

/** The seam by which the ends of transactions get into partitions, wherever those are. Any thread; nothing blocks. */
public interface MarkerWriter {
    /**
     * Writes a marker into each of the partitions, again and again until it is there. A partition that is gone needs none.
     *
     * @param done is told of partitions that need no marker any more, on any thread, perhaps within this call
     */
    Job write(Markers markers, Consumer<Collection<TopicPartition>> done);

    /** What is under way. */
    @FunctionalInterface
    interface Job {
        /** No marker is written any more once this has returned, but for those that were on their way; nothing is told any more, soon. */
        void cancel();
    }
}
