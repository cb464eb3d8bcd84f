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
 * The mark of a clean shutdown in a log directory. {@code sluice-clean-logs} has a {@link CleanLog} for each log that was closed: a
 * version, the boot of the machine, a count, the lines, an end. A log that was not synced is to be trusted during that boot only. Kafka's
 * {@code .kafka_cleanshutdown}, by which Kafka too knows that nothing has to be recovered, is there only when all were.
 */
final class CleanShutdownFile {
    private static final String VERSION = "2";
    private static final String END = "end";
    private static final int LINES_AROUND = 4;
    private static final String MARK = "{\"version\":0,\"brokerEpoch\":-1}";

    private final Path mark;
    private final Path logs;

    CleanShutdownFile(Path directory) {
        this.mark = directory.resolve(LogFileNames.CLEAN_SHUTDOWN);
        this.logs = directory.resolve(LogFileNames.CLEAN_LOGS);
    }

    /** Whether everything was closed and synced, by us or by Kafka. */
    boolean isMarked() {
        return Files.exists(mark);
    }

    /** What was closed cleanly and can be trusted during this boot. */
    Map<TopicPartition, CleanLog> read(String bootId) throws IOException {
        Map<TopicPartition, CleanLog> found = new HashMap<>();
        List<String> lines = TextFile.readLines(logs);
        int count = lines.size() - LINES_AROUND;
        if (count < 0
                || !lines.get(0).equals(VERSION)
                || !lines.get(2).equals(Integer.toString(count))
                || !lines.get(lines.size() - 1).equals(END)) {
            return found;
        }
        boolean sameBoot = !bootId.isEmpty() && lines.get(1).equals(bootId);
        for (String line : lines.subList(LINES_AROUND - 1, lines.size() - 1)) {
            @Nullable CleanLog log = CleanLog.parse(line);
            if (log != null && (sameBoot || log.isSynced())) {
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

    void write(String bootId, Collection<CleanLog> closed) throws IOException {
        StringBuilder text = new StringBuilder(VERSION)
                .append('\n')
                .append(bootId)
                .append('\n')
                .append(closed.size())
                .append('\n');
        boolean synced = true;
        for (CleanLog log : closed) {
            text.append(log.toLine()).append('\n');
            synced &= log.isSynced();
        }
        TextFile.replace(logs, text.append(END).append('\n').toString(), false);
        if (synced) {
            TextFile.replace(mark, MARK, false);
        }
    }
}
