package io.sluice.storage.segment;

import io.sluice.base.Uuid;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Kafka's {@code partition.metadata}, which ties a folder to the id of its topic. */
final class PartitionMetadataFile {
    private static final String ID = "topic_id:";

    private PartitionMetadataFile() {}

    /** Null when there is no file, or none that can be read. */
    static @Nullable Uuid read(Path folder) throws IOException {
        for (String line : TextFile.readLines(folder.resolve(LogFileNames.PARTITION_METADATA))) {
            if (line.startsWith(ID)) {
                try {
                    return Uuid.parse(line.substring(ID.length()).trim());
                } catch (IllegalArgumentException e) {
                    return null;
                }
            }
        }
        return null;
    }

    static void write(Path folder, Uuid topicId) throws IOException {
        TextFile.replace(
                folder.resolve(LogFileNames.PARTITION_METADATA), "version: 0\n" + ID + " " + topicId + "\n", false);
    }
}
