package io.sluice.admin.commands;

import io.sluice.admin.api.Command;
import io.sluice.admin.api.CommandException;
import io.sluice.admin.api.Invocation;
import io.sluice.admin.api.SimpleCommand;
import io.sluice.base.ErrorCode;
import io.sluice.base.Time;
import io.sluice.base.TopicPartition;
import io.sluice.broker.api.StagedLog;
import io.sluice.cluster.api.ConfigResource;
import io.sluice.cluster.api.TopicImage;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.CreateTopicsRequest;
import io.sluice.protocol.message.CreateTopicsRequest.CreatableTopic;
import io.sluice.protocol.message.CreateTopicsRequest.CreatableTopicConfig;
import io.sluice.protocol.message.CreateTopicsResponse;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@code storage:backup}, {@code storage:restore} and {@code storage:import}: logs in and out in Kafka's layout. */
final class TransferCommands {
    private static final int TIMEOUT_MS = 15_000;
    private static final long BYTES_PER_SECOND = 200L * 1024 * 1024;
    private static final String LOCK = ".lock";

    private final BrokerAccess access;
    private final TopicNames names;
    private final Time time;

    TransferCommands(BrokerAccess access, TopicNames names, Time time) {
        this.access = access;
        this.names = names;
        this.time = time;
    }

    List<Command> all() {
        return List.of(
                new SimpleCommand(
                        "storage",
                        "backup",
                        "Copies what is committed of a topic into a new directory, in Kafka's layout, and verifies it",
                        "TOPIC DIR [--throttle BYTES_PER_SECOND]",
                        this::backup,
                        names::first),
                new SimpleCommand(
                        "storage",
                        "restore",
                        "Makes a topic of a backup, under its own name or another",
                        "DIR [--topic NAME] [--throttle BYTES_PER_SECOND]",
                        this::restore),
                new SimpleCommand(
                        "storage",
                        "import",
                        "Makes topics of a log directory that Kafka wrote, or of one partition's folder in it",
                        "DIR [--topic NAME] [--config KEY=VALUE]... [--throttle BYTES_PER_SECOND]",
                        this::importLogs));
    }

    private ThrottledReads pace(Invocation invocation) throws CommandException {
        String throttle = invocation.option("throttle");
        long bytes = throttle == null ? BYTES_PER_SECOND : Answers.number(throttle, "--throttle");
        return new ThrottledReads(Math.max(1L, bytes), time, invocation::interrupted);
    }

    private int backup(Invocation invocation) throws CommandException {
        TopicImage topic = names.require(argument(invocation, 0, "TOPIC"));
        Path directory = directory(invocation, 1);
        ThrottledReads pace = pace(invocation);
        try {
            Files.createDirectories(directory);
            try (Stream<Path> present = Files.list(directory)) {
                if (present.findAny().isPresent()) {
                    throw new CommandException(1, directory + " is not empty; a backup wants a directory of its own");
                }
            }
            for (int number = 0; number < topic.partitions().size(); number++) {
                TopicPartition name = new TopicPartition(topic.name(), number);
                long end = access.care().backup(name, directory, pace);
                invocation.out().println(name + ": everything below offset " + end);
            }
            BackupManifest.write(
                    directory,
                    topic.name(),
                    topic.partitions().size(),
                    access.image().config(new ConfigResource(ConfigResource.Type.TOPIC, topic.name())));
            return 0;
        } catch (IOException e) {
            throw new CommandException(
                    1,
                    topic.name() + " was not backed up, and what is in " + directory + " is no backup: "
                            + e.getMessage());
        }
    }

    private int restore(Invocation invocation) throws CommandException {
        Path directory = directory(invocation, 0);
        try {
            BackupManifest manifest = BackupManifest.read(directory);
            if (manifest == null) {
                throw new CommandException(1, directory + " is no backup that was finished");
            }
            Map<Integer, Path> folders = topics(directory).getOrDefault(manifest.topic(), Map.of());
            if (folders.size() != manifest.partitions()) {
                throw new CommandException(
                        1, directory + " has " + folders.size() + " of " + manifest.partitions() + " partitions");
            }
            String asked = invocation.option("topic");
            bringIn(invocation, folders, asked == null ? manifest.topic() : asked, manifest.config());
            return 0;
        } catch (IOException e) {
            throw new CommandException(1, directory + " was not restored: " + e.getMessage());
        }
    }

    private int importLogs(Invocation invocation) throws CommandException {
        Path directory = directory(invocation, 0);
        String asked = invocation.option("topic");
        Map<String, String> config = new TreeMap<>();
        for (String pair : invocation.options("config")) {
            String[] parts = Answers.pair(pair, "--config");
            config.put(parts[0], parts[1]);
        }
        try {
            if (!Files.isDirectory(directory)) {
                throw new CommandException(1, "there is no directory " + directory);
            }
            requireUnused(directory);
            Map<String, Map<Integer, Path>> topics = topics(directory);
            if (topics.isEmpty()) {
                throw new CommandException(1, directory + " has no folder of a partition");
            }
            if (asked != null && topics.size() > 1) {
                throw new CommandException(
                        1, directory + " has the topics " + topics.keySet() + "; --topic is for one");
            }
            for (Map.Entry<String, Map<Integer, Path>> topic : topics.entrySet()) {
                bringIn(invocation, topic.getValue(), asked == null ? topic.getKey() : asked, config);
            }
            return 0;
        } catch (IOException e) {
            throw new CommandException(1, directory + " was not imported: " + e.getMessage());
        }
    }

    /** Kafka holds a lock in each log directory that it uses. */
    private static void requireUnused(Path directory) throws IOException, CommandException {
        Path lock = directory.resolve(LOCK);
        if (!Files.isRegularFile(lock)) {
            return;
        }
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE);
                FileLock held = channel.tryLock()) {
            if (held == null) {
                throw new CommandException(1, "a broker is running on " + directory + "; stop it first");
            }
        }
    }

    private static Path directory(Invocation invocation, int at) throws CommandException {
        return invocation
                .workingDirectory()
                .resolve(argument(invocation, at, "DIR"))
                .normalize();
    }

    private static String argument(Invocation invocation, int at, String what) throws CommandException {
        if (invocation.arguments().size() <= at) {
            throw new CommandException(2, what + " is missing");
        }
        return invocation.arguments().get(at);
    }

    private static Map<String, Map<Integer, Path>> topics(Path directory) throws IOException {
        Map<String, Map<Integer, Path>> topics = new TreeMap<>();
        TopicPartition own = partitionOf(directory);
        if (own != null && Files.exists(directory.resolve("leader-epoch-checkpoint"))) {
            topics.computeIfAbsent(own.topic(), one -> new TreeMap<>()).put(0, directory); // as the only one
            return topics;
        }
        List<Path> entries;
        try (Stream<Path> all = Files.list(directory)) {
            entries = all.filter(Files::isDirectory).toList();
        }
        for (Path entry : entries) {
            TopicPartition name = partitionOf(entry);
            if (name != null && !name.topic().startsWith("__")) {
                topics.computeIfAbsent(name.topic(), one -> new TreeMap<>()).put(name.partition(), entry);
            }
        }
        return topics;
    }

    private static @Nullable TopicPartition partitionOf(Path folder) {
        String name = folder.getFileName().toString();
        int dash = name.lastIndexOf('-');
        if (dash < 1 || !name.substring(dash + 1).matches("[0-9]{1,6}")) {
            return null;
        }
        return new TopicPartition(name.substring(0, dash), Integer.parseInt(name.substring(dash + 1)));
    }

    private void bringIn(Invocation invocation, Map<Integer, Path> folders, String topic, Map<String, String> given)
            throws CommandException, IOException {
        if (access.image().topic(topic) != null) {
            throw new CommandException(1, topic + " is there already; --topic gives another name");
        }
        for (int number = 0; number < folders.size(); number++) {
            if (!folders.containsKey(number)) {
                throw new CommandException(1, "the folder of partition " + number + " of " + topic + " is missing");
            }
        }
        ThrottledReads pace = pace(invocation);
        Map<String, String> config = new TreeMap<>(given);
        config.put("storage.engine", "segment");
        boolean made = false;
        try {
            for (Map.Entry<Integer, Path> folder : folders.entrySet()) {
                stage(invocation, folder.getValue(), new TopicPartition(topic, folder.getKey()), config, pace);
            }
            access.care().adopt(topic, folders.size());
            create(topic, folders.size(), config);
            made = true;
        } finally {
            if (!made) {
                access.care().discard(topic, folders.size());
            }
        }
    }

    private void stage(
            Invocation invocation, Path folder, TopicPartition target, Map<String, String> config, ThrottledReads pace)
            throws CommandException, IOException {
        TopicPartition source = partitionOf(folder);
        if (source == null) {
            throw new CommandException(1, folder + " is no partition's folder");
        }
        StagedLog found;
        try {
            found = access.care().stage(folder, source, target, config, pace);
        } catch (IOException e) {
            boolean compacted = String.valueOf(config.get("cleanup.policy")).contains("compact");
            boolean missing = String.valueOf(e.getMessage()).contains("missing");
            throw missing && !compacted
                    ? new IOException(e.getMessage() + "; give --config cleanup.policy=compact if it was compacted", e)
                    : e;
        }
        String aborted = found.abortedTransactions() == 0
                ? ""
                : "; " + found.abortedTransactions() + " transactions were undecided and are aborted";
        invocation
                .out()
                .println(target + ": " + found.records() + " records, offsets " + found.firstOffset() + " to "
                        + found.endOffset() + aborted);
    }

    private void create(String topic, int partitions, Map<String, String> config) throws CommandException {
        List<CreatableTopicConfig> values = new ArrayList<>();
        config.forEach((key, value) ->
                values.add(new CreatableTopicConfig().setName(key).setValue(value)));
        CreateTopicsRequest request = new CreateTopicsRequest()
                .setTopics(List.of(new CreatableTopic()
                        .setName(topic)
                        .setNumPartitions(partitions)
                        .setReplicationFactor((short) 1)
                        .setConfigs(values)))
                .setTimeoutMs(TIMEOUT_MS);
        CreateTopicsResponse.CreatableTopicResult result = access.send(
                        ApiKey.CREATE_TOPICS, request, CreateTopicsResponse.class)
                .topics()
                .get(0);
        if (result.errorCode() != ErrorCode.NONE.code()) {
            throw new CommandException(
                    1, Answers.sentence(result.errorCode(), result.errorMessage(), topic + " was not created"));
        }
    }
}
