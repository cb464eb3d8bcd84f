package io.sluice.admin.commands;

import io.sluice.admin.api.CommandException;
import io.sluice.base.TopicPartition;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.OffsetCommitRequest;
import io.sluice.protocol.message.OffsetCommitRequest.OffsetCommitRequestPartition;
import io.sluice.protocol.message.OffsetCommitRequest.OffsetCommitRequestTopic;
import io.sluice.protocol.message.OffsetCommitResponse;
import io.sluice.protocol.message.OffsetFetchRequest;
import io.sluice.protocol.message.OffsetFetchRequest.OffsetFetchRequestGroup;
import io.sluice.protocol.message.OffsetFetchResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads and writes the offsets that a group has committed, as a client outside the group does. */
final class GroupOffsets {
    /** The last version that names topics instead of giving their ids. */
    private static final short BY_NAME = 9;

    private static final int NO_GENERATION = -1;

    private final GroupCoordinatorCalls coordinator;

    GroupOffsets(GroupCoordinatorCalls coordinator) {
        this.coordinator = coordinator;
    }

    SortedMap<TopicPartition, Long> committed(String group) throws CommandException {
        OffsetFetchRequest request = new OffsetFetchRequest()
                .setGroups(
                        List.of(new OffsetFetchRequestGroup().setGroupId(group).setTopics(null)));
        var answer = coordinator
                .send(
                        ApiKey.OFFSET_FETCH,
                        BY_NAME,
                        request,
                        OffsetFetchResponse.class,
                        group,
                        response -> response.groups().get(0).errorCode())
                .groups()
                .get(0);
        Answers.require(answer.errorCode(), "the offsets of " + group + " cannot be read");
        SortedMap<TopicPartition, Long> offsets = new TreeMap<>();
        for (var topic : answer.topics()) {
            for (var partition : topic.partitions()) {
                if (partition.committedOffset() >= 0) {
                    offsets.put(
                            new TopicPartition(topic.name(), partition.partitionIndex()), partition.committedOffset());
                }
            }
        }
        return offsets;
    }

    /** @throws CommandException when the group refuses, as one with members does */
    void commit(String group, Map<TopicPartition, Long> offsets) throws CommandException {
        Map<String, List<OffsetCommitRequestPartition>> byTopic = new TreeMap<>();
        offsets.forEach((partition, offset) -> byTopic.computeIfAbsent(partition.topic(), topic -> new ArrayList<>())
                .add(new OffsetCommitRequestPartition()
                        .setPartitionIndex(partition.partition())
                        .setCommittedOffset(offset)
                        .setCommittedMetadata("")));
        List<OffsetCommitRequestTopic> topics = new ArrayList<>();
        byTopic.forEach((topic, partitions) ->
                topics.add(new OffsetCommitRequestTopic().setName(topic).setPartitions(partitions)));
        OffsetCommitRequest request = new OffsetCommitRequest()
                .setGroupId(group)
                .setMemberId("")
                .setGenerationIdOrMemberEpoch(NO_GENERATION)
                .setTopics(topics);
        OffsetCommitResponse answer = coordinator.send(
                ApiKey.OFFSET_COMMIT, BY_NAME, request, OffsetCommitResponse.class, group, response -> response.topics()
                        .get(0)
                        .partitions()
                        .get(0)
                        .errorCode());
        for (var topic : answer.topics()) {
            for (var partition : topic.partitions()) {
                Answers.require(
                        partition.errorCode(),
                        partition.errorCode() == io.sluice.base.ErrorCode.UNKNOWN_MEMBER_ID.code()
                                ? "the group has members; stop them first"
                                : null,
                        "the offset of " + topic.name() + "-" + partition.partitionIndex() + " was not set");
            }
        }
    }
}
