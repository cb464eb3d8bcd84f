package io.sluice.broker.api;

import io.sluice.base.TopicPartition;
import io.sluice.storage.api.LogDamage;
import io.sluice.storage.api.LogVerification;
import io.sluice.storage.api.ReadPace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Looking after the logs of this broker: what is damaged, and what is done about it. A service of the kernel's. Every method may take as
 * long as reading a log does, on the caller's thread, which must not be interrupted meanwhile; each throws an {@code IOException} with a
 * sentence for people when the partition is not here, its engine is not open, or its disk fails.
 */
@ProviderType
public interface LogCare {
    /** The ranges that cannot be read. */
    List<LogDamage> damage(TopicPartition partition) throws IOException;

    /** Reads the whole log, beside its readers and writers, and says what is wrong with it. */
    LogVerification verify(TopicPartition partition, ReadPace pace) throws IOException;

    /**
     * Moves the log's start behind the last damaged range: what lies before it is given up.
     *
     * @return the new start
     */
    long startBehindDamage(TopicPartition partition) throws IOException;

    /**
     * Cuts the log at its first damaged range: what lies behind it is given up, and its offsets are given anew.
     *
     * @return the new end
     */
    long cutAtDamage(TopicPartition partition) throws IOException;

    /**
     * Copies what is committed of a partition into a directory elsewhere, in Kafka's layout, compares it, and reads the copy whole.
     * Transactions that are undecided now are left out, with all that follows them.
     *
     * @return the offset below which everything is in the copy
     */
    long backup(TopicPartition partition, Path directory, ReadPace pace) throws IOException;

    /**
     * Verifies a partition's folder in Kafka's layout and copies it aside under the name of a topic that is not there yet, with the
     * offsets and records that it has, under the first leader epoch and under ids of producers that no other has. What is not
     * {@linkplain #adopt adopted} is removed by {@link #discard}, or at the next start.
     *
     * @param source the partition that the folder is of
     * @param config the topic's to be, which says whether offsets may be missing
     */
    StagedLog stage(
            Path folder, TopicPartition source, TopicPartition target, Map<String, String> config, ReadPace pace)
            throws IOException;

    /**
     * Puts all staged logs of a topic in place, for the topic that is made next. What belongs to no topic is removed at the next start.
     */
    void adopt(String topic, int partitions) throws IOException;

    /** Removes what was staged or adopted for a topic that was not made. */
    void discard(String topic, int partitions) throws IOException;
}
