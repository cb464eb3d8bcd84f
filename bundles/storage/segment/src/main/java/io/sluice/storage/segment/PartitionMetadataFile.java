package io.sluice.storage.segment;

import io.sluice.base.Crc32c;
import io.sluice.base.Uuid;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Kafka's {@code partition.metadata}, which ties a folder to the id of its topic. */
final class PartitionMetadataFile {
    private static final String ID = "topic_id:";
    /** Ours, of the line before it; Kafka does not read that far. */
    private static final String CRC = "sluice_crc:";

    private PartitionMetadataFile() {}

    /** Null when there is no file, or none that can be believed. */
    static @Nullable Uuid read(Path folder) throws IOException {
        Uuid id = null;
        String line = null;
        for (String next : TextFile.readLines(folder.resolve(LogFileNames.PARTITION_METADATA))) {
            if (next.startsWith(CRC) && line != null) {
                return next.substring(CRC.length()).trim().equals(crc(line)) ? id : null;
            }
            if (next.startsWith(ID)) {
                line = next;
                id = parse(next.substring(ID.length()).trim());
            }
        }
        return id;
    }

    private static @Nullable Uuid parse(String text) {
        try {
            return Uuid.parse(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static String crc(String line) {
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        return Integer.toHexString(Crc32c.of(bytes, 0, bytes.length));
    }

    static void write(Path folder, Uuid topicId) throws IOException {
        String line = ID + " " + topicId;
        TextFile.replace(
                folder.resolve(LogFileNames.PARTITION_METADATA),
                "version: 0\n" + line + "\n" + CRC + " " + crc(line) + "\n",
                false);
    }
}
