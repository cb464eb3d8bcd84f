package io.sluice.admin.commands;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a backup is of, in the file {@code sluice-backup}, which is written last: a directory without it is no backup. A version, the
 * topic, the number of its partitions, and a line {@code key=value} for each of its configs.
 */
record BackupManifest(String topic, int partitions, Map<String, String> config) {
    private static final String NAME = "sluice-backup";
    private static final String VERSION = "1";
    private static final int HEAD_LINES = 3;

    BackupManifest {
        config = Map.copyOf(config);
    }

    static void write(Path directory, String topic, int partitions, Map<String, String> config) throws IOException {
        StringBuilder text = new StringBuilder(VERSION)
                .append('\n')
                .append(topic)
                .append('\n')
                .append(partitions)
                .append('\n');
        new TreeMap<>(config)
                .forEach((key, value) ->
                        text.append(key).append('=').append(value).append('\n'));
        Path temporary = directory.resolve(NAME + ".tmp");
        try (FileChannel channel = FileChannel.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer bytes = ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(
                temporary,
                directory.resolve(NAME),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    /** Null when there is none: the directory is no backup, or none that was finished. */
    static @Nullable BackupManifest read(Path directory) throws IOException {
        Path file = directory.resolve(NAME);
        if (!Files.isRegularFile(file)) {
            return null;
        }
        List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
        if (lines.size() < HEAD_LINES || !lines.get(0).equals(VERSION)) {
            throw new IOException(file + " is of another version, or damaged");
        }
        Map<String, String> config = new TreeMap<>();
        for (String line : lines.subList(HEAD_LINES, lines.size())) {
            int equals = line.indexOf('=');
            if (equals < 0) {
                throw new IOException(file + " is damaged");
            }
            config.put(line.substring(0, equals), line.substring(equals + 1));
        }
        try {
            return new BackupManifest(lines.get(1), Integer.parseInt(lines.get(2)), config);
        } catch (NumberFormatException e) {
            throw new IOException(file + " is damaged", e);
        }
    }
}
