package io.sluice.admin.commands;

import io.sluice.admin.api.Command;
import io.sluice.admin.api.CommandException;
import io.sluice.admin.api.Invocation;
import io.sluice.admin.api.SimpleCommand;
import io.sluice.base.ErrorCode;
import io.sluice.base.TopicPartition;
import io.sluice.broker.api.OffsetOutcome;
import io.sluice.broker.api.PartitionStatus;
import io.sluice.broker.api.SpecialTimestamp;
import io.sluice.cluster.api.TopicImage;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.DeleteGroupsRequest;
import io.sluice.protocol.message.DeleteGroupsResponse;
import io.sluice.protocol.message.DescribeGroupsRequest;
import io.sluice.protocol.message.DescribeGroupsResponse;
import io.sluice.protocol.message.DescribeGroupsResponse.DescribedGroup;
import io.sluice.protocol.message.ListGroupsRequest;
import io.sluice.protocol.message.ListGroupsResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** {@code group:}. */
final class GroupCommands {
    private static final List<String> OFFSET_COLUMNS = List.of("topic", "partition", "offset", "end", "lag");

    private final BrokerAccess access;
    private final TopicNames names;
    private final GroupOffsets offsets;
    private final GroupCoordinatorCalls coordinator;

    GroupCommands(BrokerAccess access, TopicNames names, GroupOffsets offsets, GroupCoordinatorCalls coordinator) {
        this.coordinator = coordinator;
        this.access = access;
        this.names = names;
        this.offsets = offsets;
    }

    List<Command> all() {
        return List.of(
                command("list", "Groups", "", this::list),
                command("describe", "A group's state and members", "GROUP", this::describe),
                command("offsets", "What a group has committed, and how far it lags behind", "GROUP", this::offsets),
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
            return groups().stream()
                    .map(ListGroupsResponse.ListedGroup::groupId)
                    .sorted()
                    .toList();
        } catch (CommandException e) {
            return List.of(); // completion offers nothing; group:list tells why
        }
    }

    private List<ListGroupsResponse.ListedGroup> groups() throws CommandException {
        ListGroupsResponse answer = access.send(ApiKey.LIST_GROUPS, new ListGroupsRequest(), ListGroupsResponse.class);
        Answers.require(answer.errorCode(), "the groups cannot be listed");
        return answer.groups();
    }

    private int list(Invocation invocation) throws CommandException {
        Map<String, Map<String, Object>> rows = new TreeMap<>();
        for (ListGroupsResponse.ListedGroup group : groups()) {
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
        DescribedGroup group = described(invocation.arguments().get(0));
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("group", group.groupId());
        values.put("state", group.groupState());
        values.put("protocol", group.protocolType());
        values.put("assignor", group.protocolData());
        List<Map<String, Object>> members = new ArrayList<>();
        for (DescribeGroupsResponse.DescribedGroupMember member : group.members()) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("member", member.memberId());
            row.put("instance", member.groupInstanceId());
            row.put("client", member.clientId());
            row.put("host", member.clientHost());
            members.add(row);
        }
        if (invocation.json()) {
            values.put("members", members);
            invocation.object(values);
        } else {
            invocation.object(values);
            invocation.out().println();
            invocation.table(List.of("member", "instance", "client", "host"), members);
        }
        return 0;
    }

    private DescribedGroup described(String name) throws CommandException {
        DescribeGroupsRequest request = new DescribeGroupsRequest().setGroups(List.of(name));
        DescribedGroup group = coordinator
                .send(
                        ApiKey.DESCRIBE_GROUPS,
                        ApiKey.DESCRIBE_GROUPS.highestStableVersion(),
                        request,
                        DescribeGroupsResponse.class,
                        name,
                        response -> response.groups().get(0).errorCode())
                .groups()
                .get(0);
        if (group.groupState().equals("Dead") || group.errorCode() == ErrorCode.GROUP_ID_NOT_FOUND.code()) {
            throw new CommandException(1, "there is no group " + name + "; group:list shows them");
        }
        Answers.require(group.errorCode(), group.errorMessage(), name + " cannot be described");
        return group;
    }

    private int offsets(Invocation invocation) throws CommandException {
        String group = described(invocation.arguments().get(0)).groupId();
        List<Map<String, Object>> rows = new ArrayList<>();
        for (Map.Entry<TopicPartition, Long> entry : offsets.committed(group).entrySet()) {
            rows.add(row(entry.getKey(), entry.getValue()));
        }
        invocation.table(OFFSET_COLUMNS, rows);
        return 0;
    }

    private Map<String, Object> row(TopicPartition partition, long offset) throws CommandException {
        PartitionStatus status = access.partitions().status(partition);
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("topic", partition.topic());
        row.put("partition", partition.partition());
        row.put("offset", offset);
        row.put("end", status == null ? null : status.highWatermark());
        row.put("lag", status == null ? null : Math.max(0L, status.highWatermark() - offset));
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
            offsets.commit(group, targets);
        }
        List<Map<String, Object>> rows = new ArrayList<>();
        for (Map.Entry<TopicPartition, Long> entry : targets.entrySet()) {
            rows.add(row(entry.getKey(), entry.getValue()));
        }
        invocation.table(OFFSET_COLUMNS, rows);
        return 0;
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
