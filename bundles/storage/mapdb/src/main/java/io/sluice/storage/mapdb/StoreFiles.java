package io.sluice.storage.mapdb;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * The store's files, {@code store-N}, and what lies beside them. The greatest N counts; the files of others go.
 */
final class StoreFiles {
    private static final String PREFIX = "store-";

    private StoreFiles() {}

    /** The store's file, which is there or not. */
    static Path current(Path directory) throws IOException {
        long newest = newest(directory);
        for (Path file : all(directory)) {
            String name = file.getFileName().toString();
            boolean logOfOlderRelease = name.contains(".wal."); // which nothing reads
            if (logOfOlderRelease || !name.equals(PREFIX + newest) && !name.startsWith(PREFIX + newest + ".")) {
                Files.delete(file);
            }
        }
        return directory.resolve(PREFIX + Math.max(1L, newest));
    }

    /** 0 when there is none. */
    private static long newest(Path directory) throws IOException {
        return all(directory).stream()
                .map(file -> file.getFileName().toString())
                .filter(name -> name.matches(PREFIX + "[0-9]{1,18}"))
                .mapToLong(name -> Long.parseLong(name.substring(PREFIX.length())))
                .max()
                .orElse(0L);
    }

    static List<Path> all(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().startsWith(PREFIX))
                    .toList();
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }
}
