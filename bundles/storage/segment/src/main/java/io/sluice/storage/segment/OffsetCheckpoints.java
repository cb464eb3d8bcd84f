package io.sluice.storage.segment;

import io.sluice.base.TopicPartition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * An offset for each partition of a log directory, in the text format of Kafka's {@code *-offset-checkpoint} files: a version, a count,
 * and a line {@code topic partition offset} for each.
 */
final class OffsetCheckpoints {
    private static final String VERSION = "0";

    private OffsetCheckpoints() {}

    /** Damaged files count as empty: what is lost is work at recovery, not data. */
    static Map<TopicPartition, Long> read(Path file) throws IOException {
        List<String> lines = TextFile.readLines(file);
        Map<TopicPartition, Long> offsets = new HashMap<>();
        if (lines.size() < 2 || !lines.get(0).trim().equals(VERSION)) {
            return offsets;
        }
        try {
            int count = Integer.parseInt(lines.get(1).trim());
            if (lines.size() < count + 2) {
                return new HashMap<>();
            }
            for (String line : lines.subList(2, count + 2)) {
                String[] parts = line.trim().split(" ");
                if (parts.length != 3) {
                    return new HashMap<>();
                }
                offsets.put(new TopicPartition(parts[0], Integer.parseInt(parts[1])), Long.parseLong(parts[2]));
            }
        } catch (NumberFormatException e) {
            return new HashMap<>();
        }
        return offsets;
    }

    static void write(Path file, Map<TopicPartition, Long> offsets, boolean sync) throws IOException {
        StringBuilder text =
                new StringBuilder(VERSION).append('\n').append(offsets.size()).append('\n');
        new TreeMap<>(offsets).forEach((partition, offset) -> text.append(partition.topic())
                .append(' ')
                .append(partition.partition())
                .append(' ')
                .append(offset.longValue())
                .append('\n'));
        TextFile.replace(file, text.toString(), sync);
    }
}
