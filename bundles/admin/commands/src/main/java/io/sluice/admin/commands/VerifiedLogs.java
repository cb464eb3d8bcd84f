package io.sluice.admin.commands;

import io.sluice.base.Uuid;
import io.sluice.storage.api.LogFinding;
import io.sluice.storage.api.LogVerification;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Properties;

/**
 * What {@code storage:verify} found in logs that are not in order, in a file, so that it outlives the broker: a line
 * {@code topic id:partition=findings verified-at-ms first finding} for each. Any thread; methods block on a disk.
 */
final class VerifiedLogs {
    private static final int PARTS = 3;

    private final Path file;

    VerifiedLogs(Path file) {
        this.file = file;
    }

    /** A log that was not in order when it was verified. */
    record Unsound(Uuid topic, int partition, long findings, long verifiedAtMs, String first) {}

    /** Takes the place of what was found of this log before; one that is in order is forgotten. */
    synchronized void keep(Uuid topic, int partition, LogVerification found, long nowMs) throws IOException {
        if (found.isSound()) {
            forget(topic, partition);
            return;
        }
        LogFinding first = found.findings().get(0);
        String at = first.offset() < 0L ? "" : "at offset " + first.offset() + ": ";
        Properties all = load();
        all.setProperty(key(topic, partition), found.findingCount() + " " + nowMs + " " + at + first.problem());
        store(all);
    }

    synchronized void forget(Uuid topic, int partition) throws IOException {
        Properties all = load();
        if (all.remove(key(topic, partition)) != null) {
            store(all);
        }
    }

    /** @throws IOException when the file cannot be read or is not what was written */
    synchronized List<Unsound> all() throws IOException {
        Properties all = load();
        List<Unsound> unsound = new ArrayList<>();
        for (String key : all.stringPropertyNames().stream().sorted().toList()) {
            unsound.add(parse(key, Objects.requireNonNull(all.getProperty(key))));
        }
        return unsound;
    }

    private Unsound parse(String key, String value) throws IOException {
        int colon = key.lastIndexOf(':');
        String[] parts = value.split(" ", PARTS);
        try {
            if (colon > 0 && parts.length == PARTS) {
                return new Unsound(
                        Uuid.parse(key.substring(0, colon)),
                        Integer.parseInt(key.substring(colon + 1)),
                        Long.parseLong(parts[0]),
                        Long.parseLong(parts[1]),
                        parts[2]);
            }
        } catch (IllegalArgumentException e) {
            throw new IOException(file + " is damaged at " + key, e);
        }
        throw new IOException(file + " is damaged at " + key);
    }

    private static String key(Uuid topic, int partition) {
        return topic + ":" + partition;
    }

    private Properties load() throws IOException {
        Properties all = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            all.load(reader);
        } catch (NoSuchFileException e) {
            all.clear();
        } catch (IllegalArgumentException e) {
            throw new IOException(file + " is damaged", e);
        }
        return all;
    }

    private void store(Properties all) throws IOException {
        if (all.isEmpty()) {
            Files.deleteIfExists(file);
            return;
        }
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Path next = file.resolveSibling(file.getFileName() + ".new");
        try (Writer writer = Files.newBufferedWriter(next)) {
            all.store(writer, "What storage:verify found; doctor tells it.");
        }
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
