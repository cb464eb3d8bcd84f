package io.sluice.broker.api;

import io.sluice.base.TopicPartition;
import io.sluice.storage.api.LogDamage;
import io.sluice.storage.api.LogVerification;
import io.sluice.storage.api.ReadPace;
import java.io.IOException;
import java.util.List;
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
}
