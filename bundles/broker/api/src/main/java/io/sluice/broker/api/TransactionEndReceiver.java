package io.sluice.broker.api;

import io.sluice.base.ErrorCode;
import java.util.concurrent.CompletableFuture;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Writes the ends of transactions into the partitions of a topic itself, because it keeps state that they change: the group coordinator does for
 * {@code __consumer_offsets}. A whiteboard service; without one for a topic the markers are just appended to its logs. Any thread; nothing blocks.
 */
@ConsumerType
public interface TransactionEndReceiver {
    /** The one topic that it is asked for. */
    String topic();

    /**
     * Appends the marker and takes the end in.
     *
     * @return completes on any thread: {@code NONE} once the marker is committed, also when it was there before; an error of {@link Partitions#append}
     *     when it was refused; {@code NOT_COORDINATOR} or {@code COORDINATOR_LOAD_IN_PROGRESS} when it is to be tried again
     */
    CompletableFuture<ErrorCode> end(TransactionEnd end);
}
