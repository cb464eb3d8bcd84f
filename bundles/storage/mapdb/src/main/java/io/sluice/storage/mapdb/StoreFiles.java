package io.sluice.storage.mapdb;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * The store's files, {@code store-N}. The greatest N counts; a store that is being made has another name until it is whole, so that one
 * whose making was cut short is made again instead of being taken for a damaged one.
 */
final class StoreFiles {
    private static final String PREFIX = "store-";

    private static final String UNFINISHED = PREFIX + "new";

    private StoreFiles() {}

    /** The store's file, which is made if there is none. */
    static Path current(Path directory) throws IOException {
        long newest = newest(directory);
        for (Path file : all(directory)) {
            String name = file.getFileName().toString();
            if (!name.equals(PREFIX + newest) && !name.startsWith(PREFIX + newest + ".")) {
                Files.delete(file);
            }
        }
        return newest == 0L ? make(directory) : directory.resolve(PREFIX + newest);
    }

    private static Path make(Path directory) throws IOException {
        Path unfinished = directory.resolve(UNFINISHED);
        BatchStore empty = BatchStore.open(unfinished);
        empty.commit();
        empty.close();
        try (FileChannel file = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
            file.force(true);
        }
        Path first = directory.resolve(PREFIX + 1L);
        Files.move(unfinished, first, StandardCopyOption.ATOMIC_MOVE);
        return first;
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
