package io.sluice.broker.kernel;

import io.sluice.base.RandomSource;
import io.sluice.base.Uuid;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who the directories belong to. Each log directory has Kafka's {@code meta.properties} (version 1: {@code cluster.id},
 * {@code node.id}, {@code directory.id}); directories of another cluster or node are refused.
 *
 * <p>One of several directories that cannot be read is left out: the engine that would keep logs there finds that, too.
 *
 * @param directoryIds of those that can be used, in their order
 */
record DataDirectories(String clusterId, List<Uuid> directoryIds, Path cleanShutdownMark) {
    private static final Logger LOG = LoggerFactory.getLogger(DataDirectories.class);
    private static final String META = "meta.properties";

    static DataDirectories claim(BrokerConfig config, RandomSource random) throws StartupException {
        try {
            Files.createDirectories(config.dataDirectory().resolve("metadata"));
            String clusterId = null;
            List<Path> sound = new ArrayList<>();
            for (Path directory : config.logDirectories()) {
                Properties meta;
                try {
                    Files.createDirectories(directory);
                    meta = read(directory);
                    sound.add(directory);
                } catch (IOException e) {
                    if (config.logDirectories().size() == 1) {
                        throw e;
                    }
                    LOG.error("the log directory {} cannot be used: its partitions are offline", directory, e);
                    continue;
                }
                if (meta != null) {
                    clusterId = check(directory, meta, config.nodeId(), clusterId);
                }
            }
            if (sound.isEmpty()) {
                throw new StartupException("None of the log directories can be used: " + config.logDirectories());
            }
            if (clusterId == null) {
                clusterId = Uuid.random(random).toString();
            }
            List<Uuid> ids = new ArrayList<>();
            for (Path directory : sound) {
                Properties meta = read(directory);
                ids.add(
                        meta == null
                                ? write(directory, clusterId, config.nodeId(), random)
                                : directoryId(directory, meta));
            }
            return new DataDirectories(
                    clusterId,
                    List.copyOf(ids),
                    config.dataDirectory().resolve("metadata").resolve("clean-shutdown"));
        } catch (IOException e) {
            throw new StartupException("The data directory cannot be used: " + e);
        }
    }

    private static String check(Path directory, Properties meta, int nodeId, @Nullable String clusterId)
            throws StartupException {
        String cluster = meta.getProperty("cluster.id", "");
        String node = meta.getProperty("node.id", "");
        if (!node.equals(Integer.toString(nodeId))) {
            throw new StartupException("The log directory " + directory + " belongs to node " + node
                    + ", and this is node " + nodeId + "; start with --node-id " + node + " or another directory");
        }
        if (cluster.isEmpty() || (clusterId != null && !clusterId.equals(cluster))) {
            throw new StartupException(
                    "The log directory " + directory + " belongs to another cluster (" + cluster + ")");
        }
        return cluster;
    }

    private static @Nullable Properties read(Path directory) throws IOException {
        Path file = directory.resolve(META);
        if (!Files.exists(file)) {
            return null;
        }
        Properties meta = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            meta.load(reader);
        }
        return meta;
    }

    private static Uuid directoryId(Path directory, Properties meta) throws StartupException {
        try {
            return Uuid.parse(meta.getProperty("directory.id", ""));
        } catch (IllegalArgumentException e) {
            throw new StartupException("The file " + directory.resolve(META) + " has no valid directory.id");
        }
    }

    private static Uuid write(Path directory, String clusterId, int nodeId, RandomSource random) throws IOException {
        Uuid id = Uuid.random(random);
        String text = "version=1\ncluster.id=" + clusterId + "\nnode.id=" + nodeId + "\ndirectory.id=" + id + "\n";
        Path temporary = directory.resolve(META + ".tmp");
        Files.writeString(temporary, text, StandardCharsets.UTF_8);
        Files.move(
                temporary,
                directory.resolve(META),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
        return id;
    }

    /** True when the previous run ended cleanly; the mark is gone afterwards. */
    boolean takeCleanShutdownMark() throws StartupException {
        try {
            return Files.deleteIfExists(cleanShutdownMark);
        } catch (IOException e) {
            throw new StartupException("The data directory cannot be used: " + e);
        }
    }

    void markCleanShutdown() throws IOException {
        Files.writeString(cleanShutdownMark, "", StandardCharsets.UTF_8);
    }
}
