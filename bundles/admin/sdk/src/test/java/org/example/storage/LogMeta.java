package org.example.storage;

import io.sluice.base.TopicIdPartition;
import io.sluice.base.Uuid;
import io.sluice.storage.api.EpochEntry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * What a partition's directory says beside the batches, replaced whole: the topic, which generation of the data file counts, where the
 * log begins, and the leader epochs. Because it names the data file, a rewritten one takes effect at one instant. Immutable.
 */
record LogMeta(TopicIdPartition partition, int generation, long logStart, List<EpochEntry> epochs) {
    static final String NAME = "meta";

    LogMeta {
        epochs = List.copyOf(epochs);
    }

    static LogMeta empty(TopicIdPartition partition) {
        return new LogMeta(partition, 0, 0L, List.of());
    }

    LogMeta withLogStart(long offset) {
        return new LogMeta(partition, generation, offset, epochs);
    }

    LogMeta withEpochs(List<EpochEntry> next) {
        return new LogMeta(partition, generation, logStart, next);
    }

    /** The next generation of the data file. */
    LogMeta next(long start) {
        return new LogMeta(partition, generation + 1, start, epochs);
    }

    String dataFile() {
        return "batches-" + generation;
    }

    static TopicIdPartition partitionOf(Path directory) {
        try {
            return read(directory).partition;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    static LogMeta read(Path directory) throws IOException {
        try {
            List<String> lines = Files.readAllLines(directory.resolve(NAME), StandardCharsets.UTF_8);
            TopicIdPartition partition =
                    new TopicIdPartition(Uuid.parse(lines.get(0)), lines.get(1), Integer.parseInt(lines.get(2)));
            List<EpochEntry> epochs = new ArrayList<>();
            for (String line : lines.subList(5, lines.size())) {
                String[] pair = line.split(" ");
                epochs.add(new EpochEntry(Integer.parseInt(pair[0]), Long.parseLong(pair[1])));
            }
            return new LogMeta(partition, Integer.parseInt(lines.get(3)), Long.parseLong(lines.get(4)), epochs);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new IOException("damaged: " + directory.resolve(NAME), e);
        }
    }

    void write(Path directory) throws IOException {
        StringBuilder text = new StringBuilder();
        text.append(partition.topicId()).append('\n').append(partition.topic()).append('\n');
        text.append(partition.partition()).append('\n').append(generation).append('\n');
        text.append(logStart).append('\n');
        epochs.forEach(entry -> text.append(entry.epoch())
                .append(' ')
                .append(entry.startOffset())
                .append('\n'));
        replace(directory.resolve(NAME), ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8)));
    }

    /** Writes a small file so that it is there whole or as it was. */
    static void replace(Path file, ByteBuffer content) throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
        try (FileChannel channel = FileChannel.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer left = content.duplicate();
            while (left.hasRemaining()) {
                channel.write(left);
            }
            channel.force(true);
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel parent = FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
            parent.force(true);
        }
    }
}
