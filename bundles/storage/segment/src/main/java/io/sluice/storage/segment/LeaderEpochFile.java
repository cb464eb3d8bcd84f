package io.sluice.storage.segment;

import io.sluice.storage.api.EpochEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Kafka's {@code leader-epoch-checkpoint}: a version, a count, and a line {@code epoch startOffset} for each epoch. */
final class LeaderEpochFile {
    private static final Logger LOG = LoggerFactory.getLogger(LeaderEpochFile.class);
    private static final String VERSION = "0";

    private final Path file;

    LeaderEpochFile(Path folder) {
        this.file = folder.resolve(LogFileNames.LEADER_EPOCHS);
    }

    /** A damaged file counts as empty: epochs come back from the batches. */
    List<EpochEntry> read() throws IOException {
        List<String> lines = TextFile.readLines(file);
        List<EpochEntry> entries = new ArrayList<>();
        if (!lines.isEmpty() && !parse(lines, entries)) {
            LOG.warn("{} is damaged: the leader epochs are taken from the batches", file);
            return new ArrayList<>();
        }
        return entries;
    }

    private static boolean parse(List<String> lines, List<EpochEntry> entries) {
        try {
            if (!lines.get(0).trim().equals(VERSION)
                    || Integer.parseInt(lines.get(1).trim()) != lines.size() - 2) {
                return false;
            }
            EpochEntry last = null;
            for (String line : lines.subList(2, lines.size())) {
                String[] parts = line.trim().split(" ");
                EpochEntry entry = new EpochEntry(Integer.parseInt(parts[0]), Long.parseLong(parts[1]));
                if (last != null && (entry.epoch() <= last.epoch() || entry.startOffset() < last.startOffset())) {
                    return false;
                }
                entries.add(entry);
                last = entry;
            }
            return true;
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            return false;
        }
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
