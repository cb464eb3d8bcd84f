package io.sluice.storage.segment;

import io.sluice.storage.api.EpochEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Kafka's {@code leader-epoch-checkpoint}: a version, a count, and a line {@code epoch startOffset} for each epoch. */
final class LeaderEpochFile {
    private static final String VERSION = "0";

    private final Path file;

    LeaderEpochFile(Path folder) {
        this.file = folder.resolve(LogFileNames.LEADER_EPOCHS);
    }

    /** A damaged file counts as empty: epochs come back from the batches. */
    List<EpochEntry> read() throws IOException {
        List<String> lines = TextFile.readLines(file);
        List<EpochEntry> entries = new ArrayList<>();
        if (lines.size() < 2 || !lines.get(0).trim().equals(VERSION)) {
            return entries;
        }
        try {
            for (String line : lines.subList(2, lines.size())) {
                String[] parts = line.trim().split(" ");
                entries.add(new EpochEntry(Integer.parseInt(parts[0]), Long.parseLong(parts[1])));
            }
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            return new ArrayList<>();
        }
        return entries;
    }

    void write(List<EpochEntry> entries) throws IOException {
        StringBuilder text =
                new StringBuilder(VERSION).append('\n').append(entries.size()).append('\n');
        for (EpochEntry entry : entries) {
            text.append(entry.epoch()).append(' ').append(entry.startOffset()).append('\n');
        }
        TextFile.replace(file, text.toString(), false);
    }
}
