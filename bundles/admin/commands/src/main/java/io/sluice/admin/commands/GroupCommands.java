package io.sluice.admin.commands;

import io.sluice.admin.api.Command;
import io.sluice.admin.api.CommandException;
import io.sluice.admin.api.Invocation;
import io.sluice.admin.api.SimpleCommand;
import io.sluice.admin.commands.GroupDescriptions.Description;
import io.sluice.admin.commands.ShareGroupOffsets.Start;
import io.sluice.base.ErrorCode;
import io.sluice.base.TopicPartition;
import io.sluice.broker.api.OffsetOutcome;
import io.sluice.broker.api.PartitionStatus;
import io.sluice.broker.api.SpecialTimestamp;
import io.sluice.cluster.api.TopicImage;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.DeleteGroupsRequest;
import io.sluice.protocol.message.DeleteGroupsResponse;
import io.sluice.protocol.message.ListGroupsResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** {@code group:}. */
final class GroupCommands {
    private static final List<String> OFFSET_COLUMNS = List.of("topic", "partition", "offset", "end", "lag");

    private final BrokerAccess access;
    private final TopicNames names;
    private final GroupOffsets offsets;
    private final ShareGroupOffsets shareOffsets;
    private final GroupCoordinatorCalls coordinator;
    private final GroupDescriptions descriptions;

    GroupCommands(BrokerAccess access, TopicNames names, GroupOffsets offsets, GroupCoordinatorCalls coordinator) {
        this.coordinator = coordinator;
        this.descriptions = new GroupDescriptions(access, coordinator);
        this.access = access;
        this.names = names;
        this.offsets = offsets;
        this.shareOffsets = new ShareGroupOffsets(coordinator);
    }

    List<Command> all() {
        return List.of(
                command("list", "Groups", "", this::list),
                command("describe", "A group's state and members", "GROUP", this::describe),
                command(
                        "offsets",
                        "What a group has committed, or where a share group starts, and how far it lags behind",
                        "GROUP",
                        this::offsets),
                command("delete", "Deletes groups that have no members", "GROUP...", this::delete),
                command(
                        "reset-offsets",
                        "Moves a group without members to other offsets",
                        "GROUP --topic TOPIC [--partition N] [--to earliest|latest|OFFSET] [--dry-run]",
                        this::reset));
    }

    private Command command(String verb, String summary, String usage, SimpleCommand.Action action) {
        return new SimpleCommand("group", verb, summary, usage, action, words -> complete(verb, words));
    }

    private List<String> complete(String verb, List<String> words) {
        if (!words.isEmpty() && words.get(words.size() - 1).equals("--topic")) {
            return names.complete();
        }
        if (verb.equals("list") || !words.isEmpty() || access.client.get() == null) {
            return List.of();
        }
        try {
            return descriptions.groups().stream()
                    .map(ListGroupsResponse.ListedGroup::groupId)
                    .sorted()
                    .toList();
        } catch (CommandException e) {
            return List.of(); // completion offers nothing; group:list tells why
        }
    }

    private int list(Invocation invocation) throws CommandException {
        Map<String, Map<String, Object>> rows = new TreeMap<>();
        for (ListGroupsResponse.ListedGroup group : descriptions.groups()) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("group", group.groupId());
            row.put("state", group.groupState());
            row.put("type", group.groupType());
            row.put("protocol", group.protocolType());
            rows.put(group.groupId(), row);
        }
        invocation.table(List.of("group", "state", "type", "protocol"), List.copyOf(rows.values()));
        return 0;
    }

    private int describe(Invocation invocation) throws CommandException {
        Description group = descriptions.describe(invocation.arguments().get(0));
        if (invocation.json()) {
            Map<String, Object> values = new LinkedHashMap<>(group.facts());
            values.put("members", group.members());
            invocation.object(values);
        } else {
            invocation.object(group.facts());
            invocation.out().println();
            invocation.table(group.columns(), group.members());
        }
        return 0;
    }

    private int offsets(Invocation invocation) throws CommandException {
        String group = invocation.arguments().get(0);
        List<Map<String, Object>> rows = new ArrayList<>();
        if (descriptions.describe(group).isShare()) {
            for (Map.Entry<TopicPartition, Start> entry :
                    shareOffsets.starts(group).entrySet()) {
                Start start = entry.getValue();
                rows.add(row(entry.getKey(), start.offset(), end(entry.getKey()), start.lag()));
            }
        } else {
            for (Map.Entry<TopicPartition, Long> entry :
                    offsets.committed(group).entrySet()) {
                rows.add(row(entry.getKey(), entry.getValue()));
            }
        }
        invocation.table(OFFSET_COLUMNS, rows);
        return 0;
    }

    private Map<String, Object> row(TopicPartition partition, long offset) throws CommandException {
        Long end = end(partition);
        return row(partition, offset, end, end == null ? null : Math.max(0L, end - offset));
    }

    private @Nullable Long end(TopicPartition partition) throws CommandException {
        PartitionStatus status = access.partitions().status(partition);
        return status == null ? null : status.highWatermark();
    }

    private static Map<String, Object> row(
            TopicPartition partition, @Nullable Long offset, @Nullable Long end, @Nullable Long lag) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("topic", partition.topic());
        row.put("partition", partition.partition());
        row.put("offset", offset);
        row.put("end", end);
        row.put("lag", lag);
        return row;
    }

    private int delete(Invocation invocation) throws CommandException {
        DeleteGroupsRequest request = new DeleteGroupsRequest().setGroupsNames(invocation.arguments());
        int exit = 0;
        DeleteGroupsResponse answer = coordinator.send(
                ApiKey.DELETE_GROUPS,
                ApiKey.DELETE_GROUPS.highestStableVersion(),
                request,
                DeleteGroupsResponse.class,
                invocation.arguments().get(0),
                response -> response.results().get(0).errorCode());
        for (var result : answer.results()) {
            if (result.errorCode() == ErrorCode.NONE.code()) {
                invocation.out().println("deleted " + result.groupId());
            } else {
                invocation
                        .err()
                        .println(Answers.sentence(
                                result.errorCode(), result.errorMessage(), result.groupId() + " was not deleted"));
                exit = 1;
            }
        }
        return exit;
    }

    private int reset(Invocation invocation) throws CommandException {
        String group = invocation.arguments().get(0);
        String name = invocation.option("topic");
        if (name == null) {
            throw new CommandException(2, "--topic is missing; see --help");
        }
        TopicImage topic = names.require(name);
        String to = invocation.option("to");
        String only = invocation.option("partition");
        Map<TopicPartition, Long> targets = new TreeMap<>();
        for (int partition = 0; partition < topic.partitions().size(); partition++) {
            if (only == null || Answers.smallNumber(only, "--partition") == partition) {
                TopicPartition at = new TopicPartition(name, partition);
                targets.put(at, target(at, to == null ? "earliest" : to));
            }
        }
        if (targets.isEmpty()) {
            throw new CommandException(1, name + " has no partition " + only);
        }
        if (!invocation.flag("dry-run")) {
            move(group, targets);
        }
        List<Map<String, Object>> rows = new ArrayList<>();
        for (Map.Entry<TopicPartition, Long> entry : targets.entrySet()) {
            rows.add(row(entry.getKey(), entry.getValue()));
        }
        invocation.table(OFFSET_COLUMNS, rows);
        return 0;
    }

    private void move(String group, Map<TopicPartition, Long> targets) throws CommandException {
        if (descriptions.isShare(group)) {
            shareOffsets.alter(group, targets);
        } else {
            offsets.commit(group, targets);
        }
    }

    private long target(TopicPartition partition, String to) throws CommandException {
        long start = special(partition, SpecialTimestamp.EARLIEST);
        long end = special(partition, SpecialTimestamp.LATEST);
        return switch (to) {
            case "earliest" -> start;
            case "latest" -> end;
            default -> Math.max(start, Math.min(end, Answers.number(to, "--to")));
        };
    }

    private long special(TopicPartition partition, long timestamp) throws CommandException {
        OffsetOutcome outcome = access.partitions().offsetFor(partition, -1, timestamp, false);
        Answers.require(outcome.error().code(), "the offsets of " + partition + " cannot be read");
        return outcome.offset();
    }
}
