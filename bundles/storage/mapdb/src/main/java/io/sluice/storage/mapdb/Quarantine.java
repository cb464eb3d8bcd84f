package io.sluice.storage.mapdb;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a store goes that cannot be read, with a file that says why. While it is there the engine is not opened: beginning anew would
 * give offsets a second time, which is for people to decide.
 */
final class Quarantine {
    private static final String FOLDER = "quarantine";
    private static final String REASON = "why";

    private final Path directory;
    private final Path folder;

    Quarantine(Path directory) {
        this.directory = directory;
        this.folder = directory.resolve(FOLDER);
    }

    /** @throws IOException when there is a store in it */
    void requireNone() throws IOException {
        Path reason = folder.resolve(REASON);
        if (Files.exists(reason)) {
            throw new IOException(message(Files.readString(reason, StandardCharsets.UTF_8)));
        }
    }

    /** Puts the store there, with its journals; what is to be thrown. */
    IOException put(IOException cause) throws IOException {
        Files.createDirectories(folder);
        List<Path> files = new ArrayList<>(StoreFiles.all(directory));
        for (long number : Journal.numbers(directory)) {
            files.add(Journal.file(directory, number));
        }
        String why = String.valueOf(cause.getMessage());
        for (Path file : files) {
            Files.move(file, folder.resolve(file.getFileName()));
        }
        Files.writeString(folder.resolve(REASON), why, StandardCharsets.UTF_8);
        return new IOException(message(why), cause);
    }

    private String message(String why) {
        return "the store of the mapdb engine is damaged (" + why + ") and lies in " + folder
                + "; put its files back mended, or move that folder away to begin with an empty store";
    }
}
