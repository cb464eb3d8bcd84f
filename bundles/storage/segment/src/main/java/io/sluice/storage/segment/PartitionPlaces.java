package io.sluice.storage.segment;

import io.sluice.base.TopicIdPartition;
import io.sluice.base.TopicPartition;
import io.sluice.base.Uuid;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which of several log directories each partition lies in, kept outside of them: when one of them cannot be used, the partitions in it are
 * offline, and not made anew, without their records, in another. A text file to which a line {@code topicId topic partition directory} is
 * added for each partition that gets a folder; the last line of a partition counts. Safe for several threads.
 */
final class PartitionPlaces {
    private static final int FIELDS = 4;

    private final Path file;
    private final Map<TopicIdPartition, Path> places = new HashMap<>();
    private final boolean kept;

    private PartitionPlaces(Path file, boolean kept) {
        this.file = file;
        this.kept = kept;
    }

    /** Reads what was known and puts right what the directories that can be used say themselves. */
    static PartitionPlaces open(Path file, Collection<DataDirectory> directories) throws IOException {
        PartitionPlaces places = new PartitionPlaces(file, directories.size() > 1 || Files.exists(file));
        if (!places.kept) {
            return places;
        }
        for (String line : TextFile.readLines(file)) {
            places.read(line);
        }
        for (DataDirectory directory : directories) {
            if (directory.failure() == null) {
                places.places.values().removeIf(known -> known.equals(absolute(directory.path())));
            }
        }
        for (DataDirectory directory : directories) {
            for (TopicIdPartition stored : directory.stored()) {
                places.places.put(stored, absolute(directory.path()));
            }
        }
        Files.createDirectories(absolute(file).getParent());
        StringBuilder text = new StringBuilder();
        places.places.forEach((partition, place) -> text.append(line(partition, place)));
        TextFile.replace(file, text.toString(), true);
        return places;
    }

    /** What is half written is no line: the folder that it was written for was not made. */
    private void read(String line) {
        String[] fields = line.split(" ", FIELDS);
        if (fields.length == FIELDS) {
            try {
                TopicPartition name = new TopicPartition(fields[1], Integer.parseInt(fields[2]));
                places.put(new TopicIdPartition(Uuid.parse(fields[0]), name), Path.of(fields[3]));
            } catch (IllegalArgumentException e) {
                return;
            }
        }
    }

    private static Path absolute(Path path) {
        return path.toAbsolutePath().normalize();
    }

    private static String line(TopicIdPartition partition, Path place) {
        return partition.topicId() + " " + partition.topic() + " " + partition.partition() + " " + place + "\n";
    }

    /** The directory in which the partition was when that was last known; null when it never had one. */
    synchronized @Nullable Path of(TopicIdPartition partition) {
        return places.get(partition);
    }

    /** Whether such a partition lay in this directory when that was last known. */
    synchronized boolean isIn(Path directory, Uuid topicId, int partition) {
        Path place = absolute(directory);
        return places.entrySet().stream()
                .anyMatch(known -> known.getValue().equals(place)
                        && known.getKey().topicId().equals(topicId)
                        && known.getKey().partition() == partition);
    }

    /** The partition is about to get its folder there. */
    synchronized void put(TopicIdPartition partition, Path directory) throws IOException {
        Path place = absolute(directory);
        if (kept && !place.equals(places.put(partition, place))) {
            Files.writeString(
                    file,
                    line(partition, place),
                    StandardCharsets.UTF_8,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        }
    }
}
