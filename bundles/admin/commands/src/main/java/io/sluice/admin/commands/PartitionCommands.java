package io.sluice.admin.commands;

import io.sluice.admin.api.Command;
import io.sluice.admin.api.CommandException;
import io.sluice.admin.api.Invocation;
import io.sluice.admin.api.SimpleCommand;
import io.sluice.base.TopicPartition;
import io.sluice.broker.api.PartitionStatus;
import io.sluice.cluster.api.TopicImage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code partition:}. */
final class PartitionCommands {
    private final BrokerAccess access;
    private final TopicNames names;
    private final PartitionTable table;

    PartitionCommands(BrokerAccess access, TopicNames names, PartitionTable table) {
        this.access = access;
        this.names = names;
        this.table = table;
    }

    List<Command> all() {
        return List.of(
                new SimpleCommand(
                        "partition",
                        "list",
                        "Partitions of all topics, or of one",
                        "[TOPIC]",
                        this::list,
                        names::first),
                new SimpleCommand(
                        "partition",
                        "describe",
                        "One partition in full",
                        "TOPIC PARTITION",
                        this::describe,
                        names::first));
    }

    private int list(Invocation invocation) throws CommandException {
        List<TopicImage> topics = new ArrayList<>();
        if (invocation.arguments().isEmpty()) {
            topics.addAll(access.image().topics());
            topics.sort(Comparator.comparing(TopicImage::name));
        } else {
            topics.add(names.require(invocation.arguments().get(0)));
        }
        List<Map<String, Object>> rows = new ArrayList<>();
        for (TopicImage topic : topics) {
            rows.addAll(table.rows(topic));
        }
        table.print(invocation, rows);
        return 0;
    }

    private int describe(Invocation invocation) throws CommandException {
        TopicImage topic = names.require(invocation.arguments().get(0));
        int number = Answers.smallNumber(invocation.arguments().get(1), "PARTITION");
        if (number < 0 || number >= topic.partitions().size()) {
            throw new CommandException(
                    1,
                    topic.name() + " has the partitions 0 to "
                            + (topic.partitions().size() - 1));
        }
        Map<String, Object> values = new LinkedHashMap<>(table.rows(topic).get(number));
        values.put("partition-epoch", topic.partitions().get(number).partitionEpoch());
        PartitionStatus status = access.partitions().status(new TopicPartition(topic.name(), number));
        if (status != null) {
            values.put("engine", status.engine());
            values.put("log-end", status.logEndOffset());
            values.put(
                    "directory",
                    status.directory() == null ? null : status.directory().toString());
        }
        invocation.object(values);
        return 0;
    }
}
