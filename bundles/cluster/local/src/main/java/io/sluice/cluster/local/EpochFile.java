package io.sluice.cluster.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The epoch of the last opening, so that the next is higher even if nothing was appended. It is not forced to disk: if the
 * machine fails before anything of that epoch was, nobody has seen the epoch.
 */
final class EpochFile {
    private EpochFile() {}

    /** @return 0 when there is none, or its content is no number */
    static int read(MetadataDirectory directory) throws IOException {
        Path file = directory.epoch();
        if (!Files.exists(file)) {
            return 0;
        }
        String text = new String(Files.readAllBytes(file), StandardCharsets.US_ASCII).trim();
        try {
            return Math.max(0, Integer.parseInt(text));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    static void write(MetadataDirectory directory, int epoch) throws IOException {
        Path temporary = directory.temporary(directory.epoch());
        Files.writeString(temporary, epoch + "\n", StandardCharsets.US_ASCII);
        directory.rename(temporary, directory.epoch());
    }
}
