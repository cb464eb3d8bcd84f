package io.sluice.storage.api;

import io.sluice.base.TopicIdPartition;
import io.sluice.base.TopicPartition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.osgi.annotation.versioning.ConsumerType;

/** An open engine: it keeps the batches of many partitions. Methods may be called from any thread that may block. */
@ConsumerType
public interface StorageEngine extends AutoCloseable {
    /**
     * Opens a partition's store, making it when there is none. After an unclean end it has been recovered when this
     * returns: a torn tail is cut at the last whole batch.
     *
     * @throws IOException when this one partition cannot be opened; others are not concerned
     */
    LogStore open(TopicIdPartition partition, LogConfig config) throws IOException;

    /** Deletes a partition's data for good; its store was closed before. Files go in the background. */
    void delete(TopicIdPartition partition) throws IOException;

    /** The partitions of which there is data, so that the kernel can tell what the metadata no longer knows. */
    List<TopicIdPartition> stored();

    /** The directories with their space, for DescribeLogDirs; empty when the engine has none. */
    List<LogDirectory> directories();

    /**
     * Takes in a partition of which there is no data yet: a folder in Kafka's layout that an engine of this kind wrote elsewhere, and
     * closed. It is taken in whole or not at all, and is gone from where it was.
     *
     * @param partition with the id {@link io.sluice.base.Uuid#ZERO} it belongs to whichever topic opens it first
     */
    default void adopt(TopicIdPartition partition, Path folder) throws IOException {
        throw new IOException("this storage engine takes no folders in");
    }

    /** The future logs that there are, those of an earlier holder too; for an engine with several directories. */
    default List<FutureLog> futureLogs() {
        return List.of();
    }

    /**
     * Opens a partition's log in another directory than the one that serves it, beside that one: with what an earlier holder left of it
     * if it was begun there, as far as that is whole, else empty. One that was begun elsewhere is deleted.
     *
     * @param directory one of {@link #directories()}
     */
    default LogStore openFuture(TopicIdPartition partition, LogConfig config, Path directory) throws IOException {
        throw new IOException("this engine does not choose directories");
    }

    /**
     * The future log is the partition's from now on, and the other one is deleted; both were closed before. When this fails, the other
     * one is still the partition's.
     */
    default void promoteFuture(TopicIdPartition partition) throws IOException {
        throw new IOException("this engine does not choose directories");
    }

    /** Deletes a future log, which was closed before. */
    default void deleteFuture(TopicIdPartition partition) throws IOException {}

    /** A partition of this name is to get its log there when it is made; nothing is kept of this over the end of the engine. */
    default void prefer(TopicPartition partition, Path directory) {}

    /** Whether what is stored is there after the end of the process, however that comes. */
    default boolean isDurable() {
        return true;
    }

    /**
     * For an engine that keeps its contents in memory: gives them away in JDK types to the next holder, after every store
     * was closed and before {@link #close()}. Others give nothing.
     */
    default Map<String, Object> handOver() {
        return Map.of();
    }

    /** Closes every store that is open and leaves the mark of a clean shutdown. */
    @Override
    void close() throws IOException;
}
