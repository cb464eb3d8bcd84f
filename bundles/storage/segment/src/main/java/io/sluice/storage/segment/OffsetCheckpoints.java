package io.sluice.storage.segment;

import io.sluice.base.Crc32c;
import io.sluice.base.TopicPartition;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An offset for each partition of a log directory, in the text format of Kafka's {@code *-offset-checkpoint} files: a version, a count,
 * and a line {@code topic partition offset} for each.
 */
final class OffsetCheckpoints {
    private static final Logger LOG = LoggerFactory.getLogger(OffsetCheckpoints.class);
    private static final String VERSION = "0";
    /** The checksum of the other lines, in the form of one of them: Kafka passes over partitions that it does not have. */
    private static final TopicPartition CRC = new TopicPartition("__sluice_crc", 0);

    private OffsetCheckpoints() {}

    /** Damaged files count as empty: what is lost is work at recovery, not data. */
    static Map<TopicPartition, Long> read(Path file) throws IOException {
        List<String> lines = TextFile.readLines(file);
        Map<TopicPartition, Long> offsets = parse(lines);
        if (offsets == null) {
            LOG.warn("{} is damaged and is made anew", file);
            return new HashMap<>();
        }
        return offsets;
    }

    private static @Nullable Map<TopicPartition, Long> parse(List<String> lines) {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        if (lines.isEmpty()) {
            return offsets;
        }
        try {
            if (lines.size() < 2
                    || !lines.get(0).trim().equals(VERSION)
                    || Integer.parseInt(lines.get(1).trim()) != lines.size() - 2) {
                return null;
            }
            for (String line : lines.subList(2, lines.size())) {
                String[] parts = line.trim().split(" ");
                if (parts.length != 3) {
                    return null;
                }
                offsets.put(new TopicPartition(parts[0], Integer.parseInt(parts[1])), Long.parseLong(parts[2]));
            }
        } catch (IllegalArgumentException e) {
            return null;
        }
        Long crc = offsets.remove(CRC);
        if (crc != null && crc != crcOf(offsets)) {
            return null;
        }
        offsets.values().removeIf(offset -> offset < 0L);
        return offsets;
    }

    private static long crcOf(Map<TopicPartition, Long> offsets) {
        byte[] bytes = body(offsets).toString().getBytes(StandardCharsets.UTF_8);
        return Integer.toUnsignedLong(Crc32c.of(bytes, 0, bytes.length));
    }

    private static StringBuilder body(Map<TopicPartition, Long> offsets) {
        StringBuilder text = new StringBuilder();
        new TreeMap<>(offsets).forEach((partition, offset) -> append(text, partition, offset));
        return text;
    }

    private static void append(StringBuilder text, TopicPartition partition, long offset) {
        text.append(partition.topic())
                .append(' ')
                .append(partition.partition())
                .append(' ')
                .append(offset)
                .append('\n');
    }

    static void write(Path file, Map<TopicPartition, Long> offsets, boolean sync) throws IOException {
        StringBuilder text = new StringBuilder(VERSION)
                .append('\n')
                .append(offsets.size() + 1)
                .append('\n')
                .append(body(offsets));
        append(text, CRC, crcOf(offsets));
        TextFile.replace(file, text.toString(), sync);
    }
}
