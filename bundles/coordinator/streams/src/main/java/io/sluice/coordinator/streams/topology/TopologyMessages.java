package io.sluice.coordinator.streams.topology;

import io.sluice.protocol.group.StreamsGroupTopologyValue;
import io.sluice.protocol.group.StreamsGroupTopologyValue.TopicConfig;
import io.sluice.protocol.group.StreamsGroupTopologyValue.TopicInfo;
import io.sluice.protocol.message.StreamsGroupDescribeResponse;
import io.sluice.protocol.message.StreamsGroupHeartbeatRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** Topologies as requests, records and answers have them. Stateless. */
public final class TopologyMessages {
    private TopologyMessages() {}

    public static Topology fromRequest(StreamsGroupHeartbeatRequest.Topology topology) {
        return new Topology(
                topology.epoch(),
                map(
                        topology.subtopologies(),
                        part -> new Subtopology(
                                part.subtopologyId(),
                                part.sourceTopics(),
                                map(part.repartitionSourceTopics(), TopologyMessages::fromRequest),
                                part.repartitionSinkTopics(),
                                map(part.stateChangelogTopics(), TopologyMessages::fromRequest),
                                map(
                                        part.copartitionGroups(),
                                        group -> new CopartitionGroup(
                                                group.sourceTopics(), group.repartitionSourceTopics())))));
    }

    private static InternalTopic fromRequest(StreamsGroupHeartbeatRequest.TopicInfo topic) {
        Map<String, String> configs = new TreeMap<>();
        topic.topicConfigs().forEach(config -> configs.put(config.key(), config.value()));
        return InternalTopic.of(topic.name(), topic.partitions(), topic.replicationFactor(), configs);
    }

    public static Topology fromRecord(StreamsGroupTopologyValue topology) {
        return new Topology(
                topology.epoch(),
                map(
                        topology.subtopologies(),
                        part -> new Subtopology(
                                part.subtopologyId(),
                                part.sourceTopics(),
                                map(part.repartitionSourceTopics(), TopologyMessages::fromRecord),
                                part.repartitionSinkTopics(),
                                map(part.stateChangelogTopics(), TopologyMessages::fromRecord),
                                map(
                                        part.copartitionGroups(),
                                        group -> new CopartitionGroup(
                                                group.sourceTopics(), group.repartitionSourceTopics())))));
    }

    private static InternalTopic fromRecord(TopicInfo topic) {
        Map<String, String> configs = new TreeMap<>();
        topic.topicConfigs().forEach(config -> configs.put(config.key(), config.value()));
        return InternalTopic.of(topic.name(), topic.partitions(), topic.replicationFactor(), configs);
    }

    public static StreamsGroupTopologyValue toRecord(Topology topology) {
        return new StreamsGroupTopologyValue()
                .setEpoch(topology.epoch())
                .setSubtopologies(map(topology.subtopologies(), part -> new StreamsGroupTopologyValue.Subtopology()
                        .setSubtopologyId(part.id())
                        .setSourceTopics(part.sourceTopics())
                        .setRepartitionSourceTopics(map(part.repartitionSourceTopics(), TopologyMessages::toRecord))
                        .setRepartitionSinkTopics(part.repartitionSinkTopics())
                        .setStateChangelogTopics(map(part.changelogTopics(), TopologyMessages::toRecord))
                        .setCopartitionGroups(
                                map(part.copartitionGroups(), group -> new StreamsGroupTopologyValue.CopartitionGroup()
                                        .setSourceTopics(group.sourceTopics())
                                        .setRepartitionSourceTopics(group.repartitionSourceTopics())))));
    }

    private static TopicInfo toRecord(InternalTopic topic) {
        List<TopicConfig> configs = new ArrayList<>();
        topic.configs()
                .forEach((key, value) ->
                        configs.add(new TopicConfig().setKey(key).setValue(value)));
        return new TopicInfo()
                .setName(topic.name())
                .setPartitions(topic.partitions())
                .setReplicationFactor(topic.replicationFactor())
                .setTopicConfigs(configs);
    }

    /** As administrators are told of it; with the numbers of partitions where these are known. */
    public static StreamsGroupDescribeResponse.Topology toDescription(Topology topology) {
        return new StreamsGroupDescribeResponse.Topology()
                .setEpoch(topology.epoch())
                .setSubtopologies(map(topology.subtopologies(), part -> new StreamsGroupDescribeResponse.Subtopology()
                        .setSubtopologyId(part.id())
                        .setSourceTopics(part.sourceTopics())
                        .setRepartitionSinkTopics(part.repartitionSinkTopics())
                        .setRepartitionSourceTopics(
                                map(part.repartitionSourceTopics(), TopologyMessages::toDescription))
                        .setStateChangelogTopics(map(part.changelogTopics(), TopologyMessages::toDescription))));
    }

    private static StreamsGroupDescribeResponse.TopicInfo toDescription(InternalTopic topic) {
        List<StreamsGroupDescribeResponse.KeyValue> configs = new ArrayList<>();
        topic.configs()
                .forEach((key, value) -> configs.add(
                        new StreamsGroupDescribeResponse.KeyValue().setKey(key).setValue(value)));
        return new StreamsGroupDescribeResponse.TopicInfo()
                .setName(topic.name())
                .setPartitions(topic.partitions())
                .setReplicationFactor(topic.replicationFactor())
                .setTopicConfigs(configs);
    }

    private static <A, B> List<B> map(List<A> list, Function<A, B> function) {
        List<B> mapped = new ArrayList<>(list.size());
        for (A entry : list) {
            mapped.add(function.apply(entry));
        }
        return mapped;
    }
}
