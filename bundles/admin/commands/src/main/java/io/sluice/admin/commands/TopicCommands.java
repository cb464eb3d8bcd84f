package io.sluice.admin.commands;

import io.sluice.admin.api.Command;
import io.sluice.admin.api.CommandException;
import io.sluice.admin.api.Invocation;
import io.sluice.admin.api.SimpleCommand;
import io.sluice.base.ErrorCode;
import io.sluice.cluster.api.ConfigResource;
import io.sluice.cluster.api.MetadataImage;
import io.sluice.cluster.api.TopicImage;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.CreatePartitionsRequest;
import io.sluice.protocol.message.CreatePartitionsRequest.CreatePartitionsTopic;
import io.sluice.protocol.message.CreatePartitionsResponse;
import io.sluice.protocol.message.CreateTopicsRequest;
import io.sluice.protocol.message.CreateTopicsRequest.CreatableTopic;
import io.sluice.protocol.message.CreateTopicsRequest.CreatableTopicConfig;
import io.sluice.protocol.message.CreateTopicsResponse;
import io.sluice.protocol.message.CreateTopicsResponse.CreatableTopicResult;
import io.sluice.protocol.message.DeleteTopicsRequest;
import io.sluice.protocol.message.DeleteTopicsRequest.DeleteTopicState;
import io.sluice.protocol.message.DeleteTopicsResponse;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** {@code topic:}. */
final class TopicCommands {
    private static final int TIMEOUT_MS = 15_000;
    private static final String ENGINE = "storage.engine";

    private final BrokerAccess access;
    private final TopicNames names;
    private final PartitionTable partitions;
    private final ResourceConfigs configs;

    TopicCommands(BrokerAccess access, TopicNames names, PartitionTable partitions, ResourceConfigs configs) {
        this.access = access;
        this.names = names;
        this.partitions = partitions;
        this.configs = configs;
    }

    List<Command> all() {
        return List.of(
                command("list", "Topics", "[--internal]", this::list),
                command("describe", "A topic, its configuration and its partitions", "NAME", this::describe),
                command(
                        "create",
                        "Makes a topic",
                        "NAME [--partitions N] [--replication-factor N] [--engine NAME] [--config KEY=VALUE]... [--if-not-exists] [--validate-only]",
                        this::create),
                command("delete", "Deletes topics and their records", "NAME...", this::delete),
                command(
                        "alter",
                        "Adds partitions, or changes the configuration of a topic",
                        "NAME [--partitions N] [--config KEY=VALUE]... [--delete-config KEY]...",
                        this::alter),
                command("partitions", "The partitions of a topic", "NAME", this::partitions));
    }

    private Command command(String verb, String summary, String usage, SimpleCommand.Action action) {
        boolean named = !verb.equals("list") && !verb.equals("create");
        return new SimpleCommand(
                "topic", verb, summary, usage, action, words -> named ? names.first(words) : List.of());
    }

    private int list(Invocation invocation) throws CommandException {
        MetadataImage image = access.image();
        List<Map<String, Object>> rows = new ArrayList<>();
        image.topics().stream()
                .filter(topic -> invocation.flag("internal") || !topic.name().startsWith("__"))
                .sorted(Comparator.comparing(TopicImage::name))
                .forEach(topic -> rows.add(row(image, topic)));
        invocation.table(List.of("name", "partitions", "replicas", "engine"), rows);
        return 0;
    }

    private static Map<String, Object> row(MetadataImage image, TopicImage topic) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("name", topic.name());
        row.put("partitions", topic.partitions().size());
        row.put("replicas", topic.partitions().get(0).replicas().size());
        row.put("engine", engine(image, topic.name()));
        return row;
    }

    private static String engine(MetadataImage image, String topic) {
        return image.config(new ConfigResource(ConfigResource.Type.TOPIC, topic))
                .getOrDefault(ENGINE, "segment");
    }

    private int describe(Invocation invocation) throws CommandException {
        TopicImage topic = names.require(invocation.arguments().get(0));
        MetadataImage image = access.image();
        Map<String, Object> values = new LinkedHashMap<>(row(image, topic));
        values.put("id", topic.id().toString());
        values.put("configs", new TreeMap<>(image.config(new ConfigResource(ConfigResource.Type.TOPIC, topic.name()))));
        if (invocation.json()) {
            values.put("partitions", partitions.rows(topic));
            invocation.object(values);
        } else {
            invocation.object(values);
            invocation.out().println();
            partitions.print(invocation, topic);
        }
        return 0;
    }

    private int partitions(Invocation invocation) throws CommandException {
        partitions.print(invocation, names.require(invocation.arguments().get(0)));
        return 0;
    }

    private int create(Invocation invocation) throws CommandException {
        String name = invocation.arguments().get(0);
        CreatableTopic topic = new CreatableTopic().setName(name);
        String count = invocation.option("partitions");
        String factor = invocation.option("replication-factor");
        topic.setNumPartitions(count == null ? -1 : Answers.smallNumber(count, "--partitions"));
        topic.setReplicationFactor(factor == null ? -1 : (short) Answers.smallNumber(factor, "--replication-factor"));
        List<CreatableTopicConfig> values = new ArrayList<>();
        for (String config : invocation.options("config")) {
            String[] pair = Answers.pair(config, "--config");
            values.add(new CreatableTopicConfig().setName(pair[0]).setValue(pair[1]));
        }
        String engine = invocation.option("engine");
        if (engine != null) {
            values.add(new CreatableTopicConfig().setName(ENGINE).setValue(engine));
        }
        topic.setConfigs(values);
        CreateTopicsRequest request = new CreateTopicsRequest()
                .setTopics(List.of(topic))
                .setTimeoutMs(TIMEOUT_MS)
                .setValidateOnly(invocation.flag("validate-only"));
        CreatableTopicResult result = access.send(ApiKey.CREATE_TOPICS, request, CreateTopicsResponse.class)
                .topics()
                .get(0);
        if (result.errorCode() == ErrorCode.TOPIC_ALREADY_EXISTS.code() && invocation.flag("if-not-exists")) {
            invocation.out().println(name + " is there already");
            return 0;
        }
        Answers.require(result.errorCode(), result.errorMessage(), name + " was not created");
        String done = invocation.flag("validate-only") ? "could be created" : "created";
        invocation
                .out()
                .println(done + " " + name + " with " + result.numPartitions() + " partition"
                        + (result.numPartitions() == 1 ? "" : "s"));
        return 0;
    }

    private int delete(Invocation invocation) throws CommandException {
        List<DeleteTopicState> topics = new ArrayList<>();
        for (String name : invocation.arguments()) {
            topics.add(new DeleteTopicState().setName(name));
        }
        DeleteTopicsRequest request =
                new DeleteTopicsRequest().setTopics(topics).setTimeoutMs(TIMEOUT_MS);
        int exit = 0;
        for (var result : access.send(ApiKey.DELETE_TOPICS, request, DeleteTopicsResponse.class)
                .responses()) {
            if (result.errorCode() == ErrorCode.NONE.code()) {
                invocation.out().println("deleted " + result.name());
            } else {
                invocation
                        .err()
                        .println(Answers.sentence(
                                result.errorCode(), result.errorMessage(), result.name() + " was not deleted"));
                exit = 1;
            }
        }
        return exit;
    }

    private int alter(Invocation invocation) throws CommandException {
        String name = names.require(invocation.arguments().get(0)).name();
        List<ResourceConfigs.Change> changes = ResourceConfigs.changes(invocation);
        String count = invocation.option("partitions");
        if (changes.isEmpty() && count == null) {
            throw new CommandException(2, "nothing to alter; give --partitions, --config or --delete-config");
        }
        if (!changes.isEmpty()) {
            configs.alter(new ConfigResource(ConfigResource.Type.TOPIC, name), changes);
        }
        if (count != null) {
            addPartitions(name, Answers.smallNumber(count, "--partitions"));
        }
        invocation.out().println("altered " + name);
        return 0;
    }

    private void addPartitions(String name, int count) throws CommandException {
        CreatePartitionsRequest request = new CreatePartitionsRequest()
                .setTopics(List.of(new CreatePartitionsTopic()
                        .setName(name)
                        .setCount(count)
                        .setAssignments(null)))
                .setTimeoutMs(TIMEOUT_MS);
        var result = access.send(ApiKey.CREATE_PARTITIONS, request, CreatePartitionsResponse.class)
                .results()
                .get(0);
        Answers.require(result.errorCode(), result.errorMessage(), "no partitions were added to " + name);
    }
}
