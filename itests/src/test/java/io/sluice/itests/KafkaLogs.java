package io.sluice.itests;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * Directories that other brokers wrote, as they lay on the disk after these were stopped, beside what their readers found in them:
 * {@code kafka-4.4.0.zip} is a log directory of Apache Kafka with records of every codec, transactions that were committed, aborted and
 * left undecided, a compacted topic, and one whose records were deleted from below.
 */
final class KafkaLogs {
    private KafkaLogs() {}

    static Path unpack(String name, Path into) throws IOException {
        try (InputStream in = KafkaLogs.class.getResourceAsStream("/stored/" + name + ".zip");
                ZipInputStream zip = new ZipInputStream(in)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path target = into.resolve(entry.getName()).normalize();
                if (!target.startsWith(into)) {
                    throw new IOException("an entry leads out of the folder: " + entry.getName());
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(target);
                } else {
                    Files.createDirectories(target.getParent());
                    Files.copy(zip, target);
                }
            }
        }
        return into;
    }

    /** The lines {@code topic-partition offset timestamp key value} of what was read from a topic. */
    static TreeMap<String, String> expected(String name, String topic) {
        TreeMap<String, String> expected = new TreeMap<>();
        try (InputStream in = KafkaLogs.class.getResourceAsStream("/stored/" + name + ".txt")) {
            new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().forEach(line -> {
                String[] parts = line.split(" ", 3);
                int dash = parts[0].lastIndexOf('-');
                if (parts[0].substring(0, dash).equals(topic)) {
                    expected.put(parts[0].substring(dash + 1) + " " + parts[1], parts[2]);
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return expected;
    }
}
