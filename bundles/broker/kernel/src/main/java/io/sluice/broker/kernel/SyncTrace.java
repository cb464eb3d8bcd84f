package io.sluice.broker.kernel;

import io.sluice.base.TopicPartition;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * For the proof of durability: notes in a file up to where each log was synced, after the fsync and before anybody is told, so that the
 * proof can take away what a crash of the machine would. Written when the framework property {@code sluice.sync.trace} names a file.
 */
final class SyncTrace {
    private static final Logger LOG = LoggerFactory.getLogger(SyncTrace.class);

    private final Path file;

    SyncTrace(Path file) {
        this.file = file;
    }

    synchronized void synced(TopicPartition partition, long offset) {
        try {
            Files.writeString(
                    file,
                    partition + " " + offset + "\n",
                    StandardCharsets.UTF_8,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            LOG.error("a sync could not be noted in {}", file, e);
        }
    }
}
