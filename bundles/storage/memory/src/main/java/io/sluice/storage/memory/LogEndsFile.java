package io.sluice.storage.memory;

import io.sluice.base.TopicIdPartition;
import io.sluice.base.TopicPartition;
import io.sluice.base.Uuid;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where each log ended, so that no offset is given twice although the contents are gone: a line {@code topic partition topicId end} for
 * each. While a log is open the file has an end that lies ahead of it.
 */
final class LogEndsFile {
    /** How far ahead of a log the file is, so that it is written rarely. */
    static final long RESERVED = 1_000_000L;

    private static final String NAME = "log-ends";

    private final Path directory;
    private final Map<TopicIdPartition, Long> ends;

    private LogEndsFile(Path directory, Map<TopicIdPartition, Long> ends) {
        this.directory = directory;
        this.ends = ends;
    }

    static LogEndsFile read(Path directory) throws IOException {
        Map<TopicIdPartition, Long> ends = new HashMap<>();
        try {
            for (String line : Files.readAllLines(directory.resolve(NAME), StandardCharsets.UTF_8)) {
                String[] fields = line.split(" ");
                TopicPartition partition = new TopicPartition(fields[0], Integer.parseInt(fields[1]));
                ends.put(new TopicIdPartition(Uuid.parse(fields[2]), partition), Long.parseLong(fields[3]));
            }
        } catch (NoSuchFileException e) {
            return new LogEndsFile(directory, ends);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new IOException("damaged: " + directory.resolve(NAME), e);
        }
        return new LogEndsFile(directory, ends);
    }

    synchronized long endOf(TopicIdPartition partition) {
        return ends.getOrDefault(partition, 0L);
    }

    synchronized List<TopicIdPartition> partitions() {
        return new ArrayList<>(ends.keySet());
    }

    synchronized void set(TopicIdPartition partition, long end) throws IOException {
        ends.put(partition, end);
        write();
    }

    synchronized void remove(TopicIdPartition partition) throws IOException {
        if (ends.remove(partition) != null) {
            write();
        }
    }

    private void write() throws IOException {
        StringBuilder text = new StringBuilder();
        ends.forEach((partition, end) -> text.append(partition.topic())
                .append(' ')
                .append(partition.partition())
                .append(' ')
                .append(partition.topicId())
                .append(' ')
                .append(end.longValue())
                .append('\n'));
        Files.createDirectories(directory);
        Path temporary = directory.resolve(NAME + ".tmp");
        Files.writeString(temporary, text);
        Files.move(
                temporary,
                directory.resolve(NAME),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }
}
