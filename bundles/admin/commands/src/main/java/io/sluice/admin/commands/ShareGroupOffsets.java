package io.sluice.admin.commands;

import io.sluice.admin.api.CommandException;
import io.sluice.base.ErrorCode;
import io.sluice.base.TopicPartition;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.AlterShareGroupOffsetsRequest;
import io.sluice.protocol.message.AlterShareGroupOffsetsRequest.AlterShareGroupOffsetsRequestPartition;
import io.sluice.protocol.message.AlterShareGroupOffsetsRequest.AlterShareGroupOffsetsRequestTopic;
import io.sluice.protocol.message.AlterShareGroupOffsetsResponse;
import io.sluice.protocol.message.DescribeShareGroupOffsetsRequest;
import io.sluice.protocol.message.DescribeShareGroupOffsetsRequest.DescribeShareGroupOffsetsRequestGroup;
import io.sluice.protocol.message.DescribeShareGroupOffsetsResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads and moves the start offsets of share groups (KIP-932), as Kafka's administration client does. */
final class ShareGroupOffsets {
    private final GroupCoordinatorCalls coordinator;

    ShareGroupOffsets(GroupCoordinatorCalls coordinator) {
        this.coordinator = coordinator;
    }

    /**
     * How far a share group has come in a partition.
     *
     * @param offset below it everything is done with; null when nobody has read yet
     * @param lag how many records behind it are not done with; null when that is not known
     */
    record Start(@Nullable Long offset, @Nullable Long lag) {}

    SortedMap<TopicPartition, Start> starts(String group) throws CommandException {
        DescribeShareGroupOffsetsRequest request = new DescribeShareGroupOffsetsRequest()
                .setGroups(List.of(new DescribeShareGroupOffsetsRequestGroup()
                        .setGroupId(group)
                        .setTopics(null)));
        var answer = coordinator
                .send(
                        ApiKey.DESCRIBE_SHARE_GROUP_OFFSETS,
                        ApiKey.DESCRIBE_SHARE_GROUP_OFFSETS.highestStableVersion(),
                        request,
                        DescribeShareGroupOffsetsResponse.class,
                        group,
                        response -> response.groups().get(0).errorCode())
                .groups()
                .get(0);
        Answers.require(answer.errorCode(), answer.errorMessage(), "the offsets of " + group + " cannot be read");
        SortedMap<TopicPartition, Start> starts = new TreeMap<>();
        for (var topic : answer.topics()) {
            for (var partition : topic.partitions()) {
                TopicPartition at = new TopicPartition(topic.topicName(), partition.partitionIndex());
                Answers.require(
                        partition.errorCode(), partition.errorMessage(), "the offset of " + at + " cannot be read");
                starts.put(at, new Start(known(partition.startOffset()), known(partition.lag())));
            }
        }
        return starts;
    }

    private static @Nullable Long known(long number) {
        return number < 0L ? null : number;
    }

    /** @throws CommandException when the group refuses, as one with members does */
    void alter(String group, Map<TopicPartition, Long> offsets) throws CommandException {
        Map<String, List<AlterShareGroupOffsetsRequestPartition>> byTopic = new TreeMap<>();
        offsets.forEach((partition, offset) -> byTopic.computeIfAbsent(partition.topic(), topic -> new ArrayList<>())
                .add(new AlterShareGroupOffsetsRequestPartition()
                        .setPartitionIndex(partition.partition())
                        .setStartOffset(offset)));
        AlterShareGroupOffsetsRequest request = new AlterShareGroupOffsetsRequest().setGroupId(group);
        byTopic.forEach((topic, partitions) -> request.topics()
                .add(new AlterShareGroupOffsetsRequestTopic()
                        .setTopicName(topic)
                        .setPartitions(partitions)));
        AlterShareGroupOffsetsResponse answer = coordinator.send(
                ApiKey.ALTER_SHARE_GROUP_OFFSETS,
                ApiKey.ALTER_SHARE_GROUP_OFFSETS.highestStableVersion(),
                request,
                AlterShareGroupOffsetsResponse.class,
                group,
                AlterShareGroupOffsetsResponse::errorCode);
        boolean hasMembers = answer.errorCode() == ErrorCode.NON_EMPTY_GROUP.code();
        Answers.require(
                answer.errorCode(),
                hasMembers ? "the group has members; stop them first" : answer.errorMessage(),
                "the offsets of " + group + " were not set");
        for (var topic : answer.responses()) {
            for (var partition : topic.partitions()) {
                Answers.require(
                        partition.errorCode(),
                        partition.errorMessage(),
                        "the offset of " + topic.topicName() + "-" + partition.partitionIndex() + " was not set");
            }
        }
    }
}
