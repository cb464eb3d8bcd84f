package io.sluice.admin.commands;

import io.sluice.admin.api.CommandException;
import io.sluice.admin.api.HealthCheck;
import io.sluice.base.ErrorCode;
import io.sluice.base.TopicPartition;
import io.sluice.broker.api.PartitionStatus;
import io.sluice.broker.api.Partitions;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.DescribeShareGroupOffsetsRequest;
import io.sluice.protocol.message.DescribeShareGroupOffsetsRequest.DescribeShareGroupOffsetsRequestGroup;
import io.sluice.protocol.message.DescribeShareGroupOffsetsResponse;
import io.sluice.protocol.message.ListGroupsRequest;
import io.sluice.protocol.message.ListGroupsResponse;
import io.sluice.protocol.message.ListGroupsResponse.ListedGroup;
import io.sluice.protocol.message.OffsetFetchRequest;
import io.sluice.protocol.message.OffsetFetchRequest.OffsetFetchRequestGroup;
import io.sluice.protocol.message.OffsetFetchResponse;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the doctor looks at in groups: those without members that have something to read, and those whose rebalance does not end. */
final class GroupChecks implements HealthCheck {
    /** A member may take {@code max.poll.interval.ms} until it joins again, five minutes by default. */
    static final long REBALANCE_MS_MAX = 330_000L;

    private static final int GROUPS_MAX = 500;
    private static final int FINDINGS_MAX = 20;
    private static final short BY_NAME = 9;

    private final BrokerAccess access;
    private final RebalanceWatch rebalances;

    GroupChecks(BrokerAccess access, RebalanceWatch rebalances) {
        this.access = access;
        this.rebalances = rebalances;
    }

    @Override
    public List<Finding> look() {
        Partitions partitions = access.partitions.get();
        if (access.client.get() == null || partitions == null) {
            return List.of(); // another check says that it does not serve yet
        }
        List<Finding> findings = new ArrayList<>();
        try {
            List<ListedGroup> groups = groups();
            rebalances.note(groups);
            stuck(groups, findings);
            abandoned(groups, partitions, findings);
        } catch (CommandException e) {
            findings.add(Finding.warning(
                    "groups",
                    "they could not be looked at: " + e.getMessage(),
                    "plugin:list shows which part is absent"));
        }
        return findings;
    }

    private List<ListedGroup> groups() throws CommandException {
        ListGroupsResponse answer = access.send(ApiKey.LIST_GROUPS, new ListGroupsRequest(), ListGroupsResponse.class);
        if (answer.errorCode() == ErrorCode.COORDINATOR_LOAD_IN_PROGRESS.code()
                || answer.errorCode() == ErrorCode.COORDINATOR_NOT_AVAILABLE.code()) {
            return List.of();
        }
        Answers.require(answer.errorCode(), "the groups cannot be listed");
        return answer.groups().stream()
                .sorted(Comparator.comparing(ListedGroup::groupId))
                .toList();
    }

    private void stuck(List<ListedGroup> groups, List<Finding> findings) {
        for (ListedGroup group : groups) {
            long ms = rebalances.forMs(group.groupId());
            if (ms > REBALANCE_MS_MAX) {
                findings.add(Finding.error(
                        "group " + group.groupId(),
                        "it has been rebalancing for " + ms / 60_000L + " min (" + group.groupState() + ")",
                        "group:describe " + group.groupId() + " shows its members; restart those that no longer poll"));
            }
        }
    }

    private void abandoned(List<ListedGroup> groups, Partitions partitions, List<Finding> findings)
            throws CommandException {
        List<String> share = new ArrayList<>();
        List<String> others = new ArrayList<>();
        for (ListedGroup group : groups) {
            if (group.groupState().equalsIgnoreCase("Empty") && share.size() + others.size() < GROUPS_MAX) {
                (group.groupType().equalsIgnoreCase("share") ? share : others).add(group.groupId());
            }
        }
        Map<String, long[]> lags = new TreeMap<>(); // records and partitions, by group
        if (!others.isEmpty()) {
            committed(others, partitions, lags);
        }
        if (!share.isEmpty()) {
            ofShareGroups(share, lags);
        }
        int told = 0;
        for (Map.Entry<String, long[]> entry : lags.entrySet()) {
            if (told++ == FINDINGS_MAX) {
                findings.add(Finding.warning(
                        "groups",
                        (lags.size() - FINDINGS_MAX) + " more have no members and lag behind",
                        "group:list shows them"));
                return;
            }
            findings.add(Finding.warning(
                    "group " + entry.getKey(),
                    "it has no members and is " + entry.getValue()[0] + " records behind in " + entry.getValue()[1]
                            + " partitions",
                    "start its consumers, or group:delete " + entry.getKey() + " if nobody needs it any more"));
        }
    }

    private void committed(List<String> groups, Partitions partitions, Map<String, long[]> lags)
            throws CommandException {
        OffsetFetchRequest request = new OffsetFetchRequest()
                .setGroups(groups.stream()
                        .map(group ->
                                new OffsetFetchRequestGroup().setGroupId(group).setTopics(null))
                        .toList());
        OffsetFetchResponse answer = access.send(ApiKey.OFFSET_FETCH, BY_NAME, request, OffsetFetchResponse.class);
        for (var group : answer.groups()) {
            for (var topic : group.topics()) {
                for (var partition : topic.partitions()) {
                    PartitionStatus status =
                            partitions.status(new TopicPartition(topic.name(), partition.partitionIndex()));
                    if (status != null && partition.committedOffset() >= 0L) {
                        add(lags, group.groupId(), status.highWatermark() - partition.committedOffset());
                    }
                }
            }
        }
    }

    private void ofShareGroups(List<String> groups, Map<String, long[]> lags) throws CommandException {
        DescribeShareGroupOffsetsRequest request = new DescribeShareGroupOffsetsRequest()
                .setGroups(groups.stream()
                        .map(group -> new DescribeShareGroupOffsetsRequestGroup()
                                .setGroupId(group)
                                .setTopics(null))
                        .toList());
        DescribeShareGroupOffsetsResponse answer =
                access.send(ApiKey.DESCRIBE_SHARE_GROUP_OFFSETS, request, DescribeShareGroupOffsetsResponse.class);
        for (var group : answer.groups()) {
            for (var topic : group.topics()) {
                for (var partition : topic.partitions()) {
                    add(lags, group.groupId(), partition.lag());
                }
            }
        }
    }

    private static void add(Map<String, long[]> lags, String group, long lag) {
        if (lag > 0L) {
            long[] sum = lags.computeIfAbsent(group, name -> new long[2]);
            sum[0] += lag;
            sum[1]++;
        }
    }
}
