package io.sluice.broker.kernel.migration;

import io.sluice.base.Crc32c;
import io.sluice.base.TopicIdPartition;
import io.sluice.base.Uuid;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The records of the moves that are under way, one file each in {@code <data>/migrations}, named by topic id and partition. A file is
 * replaced whole by a rename, so that a crash leaves the old one or the new one; that rename is the moment of a cut-over. The text is
 * {@code key=value} lines, the last of them the CRC-32C of those before it.
 *
 * <p>Not safe for several threads on one partition.
 */
public final class MigrationFiles {
    private static final Logger LOG = LoggerFactory.getLogger(MigrationFiles.class);
    private static final String SUFFIX = ".migration";
    private static final String NEXT = ".next";
    private static final String CRC = "crc=";

    private final Path folder;

    public MigrationFiles(Path folder) {
        this.folder = folder;
    }

    /**
     * What was found.
     *
     * @param damaged the files that cannot be read, by the topic id and partition in their names
     */
    public record Loaded(List<MigrationRecord> records, Map<String, Path> damaged) {}

    /** The name of a partition's file, without its ending. */
    public static String nameOf(TopicIdPartition partition) {
        return partition.topicId() + "-" + partition.partition();
    }

    public Loaded load() throws IOException {
        List<MigrationRecord> records = new ArrayList<>();
        Map<String, Path> damaged = new LinkedHashMap<>();
        if (!Files.isDirectory(folder)) {
            return new Loaded(records, damaged);
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                if (name.endsWith(NEXT)) {
                    Files.delete(file);
                } else if (name.endsWith(SUFFIX)) {
                    try {
                        records.add(parse(Files.readString(file, StandardCharsets.UTF_8)));
                    } catch (IOException | IllegalArgumentException e) {
                        damaged.put(name.substring(0, name.length() - SUFFIX.length()), file);
                    }
                }
            }
        }
        return new Loaded(records, damaged);
    }

    /** Writes what {@link #commit} puts in place, and syncs it. */
    public void prepare(MigrationRecord record) throws IOException {
        Files.createDirectories(folder);
        ByteBuffer bytes = ByteBuffer.wrap(text(record).getBytes(StandardCharsets.UTF_8));
        try (FileChannel file = FileChannel.open(
                next(record.partition()),
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE)) {
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
            file.force(true);
        }
    }

    /** What was prepared holds from now on; only {@link #syncNames} makes it hold over the end of the machine. Waits for no disk. */
    public void commit(TopicIdPartition partition) throws IOException {
        Files.move(
                next(partition), file(partition), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    public void write(MigrationRecord record) throws IOException {
        prepare(record);
        commit(record.partition());
        syncNames();
    }

    public void delete(TopicIdPartition partition) throws IOException {
        if (Files.deleteIfExists(file(partition))) {
            syncNames();
        }
    }

    /** Makes what was committed survive the end of the machine. What decides is the rename, so that a failure here is only told. */
    public void syncNames() {
        try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
            directory.force(true);
        } catch (IOException e) {
            LOG.warn("{} could not be synced", folder, e);
        }
    }

    private Path file(TopicIdPartition partition) {
        return folder.resolve(nameOf(partition) + SUFFIX);
    }

    private Path next(TopicIdPartition partition) {
        return folder.resolve(nameOf(partition) + NEXT);
    }

    private static String text(MigrationRecord record) {
        String body = "version=1\n"
                + "topic=" + record.partition().topic() + "\n"
                + "topic.id=" + record.partition().topicId() + "\n"
                + "partition=" + record.partition().partition() + "\n"
                + "source=" + record.source() + "\n"
                + "target=" + record.target() + "\n"
                + "phase=" + record.phase().name() + "\n"
                + "paused=" + record.paused() + "\n"
                + "bytes.per.second=" + record.bytesPerSecond() + "\n"
                + "target.volatile=" + record.isTargetVolatile() + "\n"
                + "verified.offset=" + record.verifiedOffset() + "\n"
                + "problem=" + record.problem().replace('\\', '/').replaceAll("\\s+", " ") + "\n";
        return body + CRC + crcOf(body) + "\n";
    }

    private static int crcOf(String body) {
        ByteBuffer bytes = ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8));
        return Crc32c.of(bytes, 0, bytes.remaining());
    }

    private static MigrationRecord parse(String text) throws IOException {
        int end = text.lastIndexOf(CRC);
        if (end < 0 || !text.substring(end).equals(CRC + crcOf(text.substring(0, end)) + "\n")) {
            throw new IOException("the checksum is wrong");
        }
        Properties values = new Properties();
        values.load(new StringReader(text.substring(0, end)));
        if (!"1".equals(values.getProperty("version"))) {
            throw new IOException("the version is not known");
        }
        return new MigrationRecord(
                new TopicIdPartition(
                        Uuid.parse(value(values, "topic.id")),
                        value(values, "topic"),
                        Integer.parseInt(value(values, "partition"))),
                value(values, "source"),
                value(values, "target"),
                MigrationPhase.valueOf(value(values, "phase")),
                Boolean.parseBoolean(value(values, "paused")),
                Long.parseLong(value(values, "bytes.per.second")),
                Boolean.parseBoolean(value(values, "target.volatile")),
                Long.parseLong(value(values, "verified.offset")),
                value(values, "problem"));
    }

    private static String value(Properties values, String key) throws IOException {
        String value = values.getProperty(key);
        if (value == null) {
            throw new IOException(key + " is missing");
        }
        return value;
    }
}
