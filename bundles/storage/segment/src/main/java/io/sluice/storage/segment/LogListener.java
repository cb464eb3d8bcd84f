package io.sluice.storage.segment;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** What the engine wants to know of its logs. */
interface LogListener {
    /** The log's start was set by a call, not by deletion: the checkpoint of log starts is to be written. */
    void startChanged(SegmentedLog log) throws IOException;

    /** The log was cut: no checkpoint may lie above {@link SegmentedLog#flushedOffset} any more. */
    void cut(SegmentedLog log) throws IOException;

    /** The log was compacted up to {@link SegmentedLog#cleanedOffset}. */
    void cleaned(SegmentedLog log) throws IOException;

    /** An fsync of the log failed. */
    default void failed(SegmentedLog log, String reason) {}

    /** The log could not be written for another reason than a full disk. */
    default void failed(SegmentedLog log, IOException failure) {}

    /** Why nothing in the log's directory can be used; null while it can. */
    default @Nullable String failure(SegmentedLog log) {
        return null;
    }

    /** A file of a log is being opened. Any thread; takes no lock. */
    default void opening() {}

    /** The log was closed; cleanly, if it could be opened again as it is. */
    void closed(SegmentedLog log, boolean cleanly);
}
