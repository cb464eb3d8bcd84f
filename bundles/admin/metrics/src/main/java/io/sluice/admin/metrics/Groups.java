package io.sluice.admin.metrics;

import io.sluice.base.ErrorCode;
import io.sluice.base.TopicPartition;
import io.sluice.broker.api.Broker;
import io.sluice.broker.api.LocalClient;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.Message;
import io.sluice.protocol.message.ConsumerGroupDescribeRequest;
import io.sluice.protocol.message.ConsumerGroupDescribeResponse;
import io.sluice.protocol.message.DescribeGroupsRequest;
import io.sluice.protocol.message.DescribeGroupsResponse;
import io.sluice.protocol.message.DescribeShareGroupOffsetsRequest;
import io.sluice.protocol.message.DescribeShareGroupOffsetsRequest.DescribeShareGroupOffsetsRequestGroup;
import io.sluice.protocol.message.DescribeShareGroupOffsetsResponse;
import io.sluice.protocol.message.ListGroupsRequest;
import io.sluice.protocol.message.ListGroupsResponse;
import io.sluice.protocol.message.OffsetFetchRequest;
import io.sluice.protocol.message.OffsetFetchRequest.OffsetFetchRequestGroup;
import io.sluice.protocol.message.OffsetFetchResponse;
import io.sluice.protocol.message.ShareGroupDescribeRequest;
import io.sluice.protocol.message.ShareGroupDescribeResponse;
import io.sluice.protocol.message.StreamsGroupDescribeRequest;
import io.sluice.protocol.message.StreamsGroupDescribeResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The groups of this broker, asked for as a client would, by requests to its own handlers: nothing is kept. What is not answered, because its bundle is
 * absent or its coordinator is loading, is left out. On threads that may wait.
 */
final class Groups {
    private static final Logger LOG = LoggerFactory.getLogger(Groups.class);
    private static final long PATIENCE_SECONDS = 5L;
    /** The last version that names topics instead of their ids. */
    private static final short BY_NAME = 9;

    private final LocalClient client;
    private final Broker broker;

    Groups(LocalClient client, Broker broker) {
        this.client = client;
        this.broker = broker;
    }

    /**
     * A group.
     *
     * @param type {@code Classic}, {@code Consumer}, {@code Share} or {@code Streams}
     */
    record Listed(String group, String type, String state) {}

    /**
     * How far a group is in a partition.
     *
     * @param offset up to where it has consumed
     * @param lag as the coordinator has counted it; -1 when it counts none
     */
    record Position(long offset, long lag) {}

    /** All of them, by name. */
    List<Listed> list() {
        ListGroupsResponse answer = send(ApiKey.LIST_GROUPS, new ListGroupsRequest(), ListGroupsResponse.class);
        return answer == null
                ? List.of()
                : answer.groups().stream()
                        .map(group -> new Listed(group.groupId(), capitalised(group.groupType()), group.groupState()))
                        .sorted(java.util.Comparator.comparing(Listed::group))
                        .toList();
    }

    private static String capitalised(String type) {
        return type.isEmpty() ? type : Character.toUpperCase(type.charAt(0)) + type.substring(1);
    }

    /** How many members each of these has, all of one type. */
    Map<String, Integer> members(String type, List<String> groups) {
        Map<String, Integer> counts = new HashMap<>();
        switch (type) {
            case "Consumer" -> {
                var answer = send(
                        ApiKey.CONSUMER_GROUP_DESCRIBE,
                        new ConsumerGroupDescribeRequest().setGroupIds(groups),
                        ConsumerGroupDescribeResponse.class);
                if (answer != null) {
                    answer.groups()
                            .forEach(group -> put(
                                    counts,
                                    group.groupId(),
                                    group.errorCode(),
                                    group.members().size()));
                }
            }
            case "Share" -> {
                var answer = send(
                        ApiKey.SHARE_GROUP_DESCRIBE,
                        new ShareGroupDescribeRequest().setGroupIds(groups),
                        ShareGroupDescribeResponse.class);
                if (answer != null) {
                    answer.groups()
                            .forEach(group -> put(
                                    counts,
                                    group.groupId(),
                                    group.errorCode(),
                                    group.members().size()));
                }
            }
            case "Streams" -> {
                var answer = send(
                        ApiKey.STREAMS_GROUP_DESCRIBE,
                        new StreamsGroupDescribeRequest().setGroupIds(groups),
                        StreamsGroupDescribeResponse.class);
                if (answer != null) {
                    answer.groups()
                            .forEach(group -> put(
                                    counts,
                                    group.groupId(),
                                    group.errorCode(),
                                    group.members().size()));
                }
            }
            default -> {
                var answer = send(
                        ApiKey.DESCRIBE_GROUPS,
                        new DescribeGroupsRequest().setGroups(groups),
                        DescribeGroupsResponse.class);
                if (answer != null) {
                    answer.groups()
                            .forEach(group -> put(
                                    counts,
                                    group.groupId(),
                                    group.errorCode(),
                                    group.members().size()));
                }
            }
        }
        return counts;
    }

    private static void put(Map<String, Integer> counts, String group, short error, int members) {
        if (error == ErrorCode.NONE.code()) {
            counts.put(group, members);
        }
    }

    /** Where each of these is in each partition that it has consumed, all of one type. */
    Map<String, Map<TopicPartition, Position>> positions(String type, List<String> groups) {
        return type.equals("Share") ? ofShareGroups(groups) : committed(groups);
    }

    private Map<String, Map<TopicPartition, Position>> committed(List<String> groups) {
        OffsetFetchResponse answer = send(
                ApiKey.OFFSET_FETCH,
                BY_NAME,
                new OffsetFetchRequest()
                        .setGroups(groups.stream()
                                .map(group -> new OffsetFetchRequestGroup()
                                        .setGroupId(group)
                                        .setTopics(null))
                                .toList()),
                OffsetFetchResponse.class);
        Map<String, Map<TopicPartition, Position>> all = new TreeMap<>();
        if (answer == null) {
            return all;
        }
        for (var group : answer.groups()) {
            Map<TopicPartition, Position> positions = new TreeMap<>();
            for (var topic : group.topics()) {
                for (var partition : topic.partitions()) {
                    if (partition.errorCode() == ErrorCode.NONE.code() && partition.committedOffset() >= 0L) {
                        positions.put(
                                new TopicPartition(topic.name(), partition.partitionIndex()),
                                new Position(partition.committedOffset(), -1L));
                    }
                }
            }
            all.put(group.groupId(), positions);
        }
        return all;
    }

    private Map<String, Map<TopicPartition, Position>> ofShareGroups(List<String> groups) {
        DescribeShareGroupOffsetsResponse answer = send(
                ApiKey.DESCRIBE_SHARE_GROUP_OFFSETS,
                new DescribeShareGroupOffsetsRequest()
                        .setGroups(groups.stream()
                                .map(group -> new DescribeShareGroupOffsetsRequestGroup()
                                        .setGroupId(group)
                                        .setTopics(null))
                                .toList()),
                DescribeShareGroupOffsetsResponse.class);
        Map<String, Map<TopicPartition, Position>> all = new TreeMap<>();
        if (answer == null) {
            return all;
        }
        for (var group : answer.groups()) {
            Map<TopicPartition, Position> positions = new TreeMap<>();
            for (var topic : group.topics()) {
                for (var partition : topic.partitions()) {
                    if (partition.errorCode() == ErrorCode.NONE.code() && partition.startOffset() >= 0L) {
                        positions.put(
                                new TopicPartition(topic.topicName(), partition.partitionIndex()),
                                new Position(partition.startOffset(), partition.lag()));
                    }
                }
            }
            all.put(group.groupId(), positions);
        }
        return all;
    }

    private <M extends Message> @Nullable M send(ApiKey api, Message request, Class<M> type) {
        return send(api, api.highestStableVersion(), request, type);
    }

    private <M extends Message> @Nullable M send(ApiKey api, short version, Message request, Class<M> type) {
        if (broker.advertisedApis().stream().noneMatch(known -> known.api() == api)) {
            return null;
        }
        try {
            return type.cast(client.send(api, version, request).get(PATIENCE_SECONDS, TimeUnit.SECONDS));
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("{} was not answered", api.apiName(), e);
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }
}
