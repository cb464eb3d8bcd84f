package io.sluice.storage.segment;

import io.sluice.base.TopicPartition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The mark of a clean shutdown in a log directory: Kafka's {@code .kafka_cleanshutdown}, by which Kafka too knows that nothing has to be
 * recovered, and beside it {@code sluice-clean-logs}, which has a {@link CleanLog} for each log: a version, a count, the lines.
 */
final class CleanShutdownFile {
    private static final String VERSION = "1";
    private static final String MARK = "{\"version\":0,\"brokerEpoch\":-1}";

    private final Path mark;
    private final Path logs;

    CleanShutdownFile(Path directory) {
        this.mark = directory.resolve(LogFileNames.CLEAN_SHUTDOWN);
        this.logs = directory.resolve(LogFileNames.CLEAN_LOGS);
    }

    boolean exists() {
        return Files.exists(mark);
    }

    /** What was closed cleanly; empty when there is no mark, or when it was another program's. */
    Map<TopicPartition, CleanLog> read() throws IOException {
        Map<TopicPartition, CleanLog> found = new HashMap<>();
        if (!exists()) {
            return found;
        }
        List<String> lines = TextFile.readLines(logs);
        if (lines.size() < 2 || !lines.get(0).equals(VERSION) || !lines.get(1).equals("" + (lines.size() - 2))) {
            return found;
        }
        for (String line : lines.subList(2, lines.size())) {
            @Nullable CleanLog log = CleanLog.parse(line);
            if (log != null) {
                found.put(log.partition().topicPartition(), log);
            }
        }
        return found;
    }

    /** From now on an end of the process is a crash. */
    void remove() throws IOException {
        Files.deleteIfExists(mark);
        Files.deleteIfExists(logs);
    }

    void write(Collection<CleanLog> closed) throws IOException {
        StringBuilder text =
                new StringBuilder(VERSION).append('\n').append(closed.size()).append('\n');
        for (CleanLog log : closed) {
            text.append(log.toLine()).append('\n');
        }
        TextFile.replace(logs, text.toString(), true);
        TextFile.replace(mark, MARK, true);
    }
}
