package io.sluice.coordinator.share.fetch;

import io.sluice.base.TopicIdPartition;
import java.util.Map;

/**
 * What a parked share fetch remembers, as data that another version of this handler understands: {@code {deadline, results, stage}}.
 *
 * @param deadlineNanos when the client's time is over
 * @param results what became of the request's acknowledgements so far: an error and a word about it
 */
record Progress(long deadlineNanos, Map<TopicIdPartition, Map.Entry<Short, String>> results, Stage stage) {
    /** What follows when the request goes on. */
    enum Stage {
        /** It was woken by whoever wrote to the log, or by the end of its time, and must not read there. */
        WAITING,
        /** It goes on where it may read from the disk. */
        READY,
        /** The same, and its time is over. */
        OVER
    }

    @SuppressWarnings("unchecked")
    static Progress of(Object continuation) {
        Object[] kept = (Object[]) continuation;
        return new Progress(
                (Long) kept[0], (Map<TopicIdPartition, Map.Entry<Short, String>>) kept[1], Stage.valueOf((String)
                        kept[2]));
    }

    Progress at(Stage next) {
        return new Progress(deadlineNanos, results, next);
    }

    Object continuation() {
        return new Object[] {deadlineNanos, results, stage.name()};
    }
}
