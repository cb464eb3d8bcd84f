package io.sluice.coordinator.share.handler;

import io.sluice.base.ErrorCode;
import io.sluice.base.TopicPartition;
import io.sluice.base.Uuid;
import io.sluice.broker.api.OffsetOutcome;
import io.sluice.broker.api.SpecialTimestamp;
import io.sluice.cluster.api.MetadataImage;
import io.sluice.cluster.api.TopicImage;
import io.sluice.coordinator.api.GroupKinds;
import io.sluice.coordinator.runtime.Reply;
import io.sluice.coordinator.share.ShareCoordinator;
import io.sluice.coordinator.share.group.ShareGroupKind;
import io.sluice.coordinator.share.state.SharePartitionKey;
import io.sluice.coordinator.share.state.ShareState;
import io.sluice.coordinator.share.state.SummaryOutcome;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.DescribeShareGroupOffsetsRequest;
import io.sluice.protocol.message.DescribeShareGroupOffsetsRequest.DescribeShareGroupOffsetsRequestGroup;
import io.sluice.protocol.message.DescribeShareGroupOffsetsRequest.DescribeShareGroupOffsetsRequestTopic;
import io.sluice.protocol.message.DescribeShareGroupOffsetsResponse;
import io.sluice.protocol.message.DescribeShareGroupOffsetsResponse.DescribeShareGroupOffsetsResponseGroup;
import io.sluice.protocol.message.DescribeShareGroupOffsetsResponse.DescribeShareGroupOffsetsResponsePartition;
import io.sluice.protocol.message.DescribeShareGroupOffsetsResponse.DescribeShareGroupOffsetsResponseTopic;
import io.sluice.request.api.ApiHandler;
import io.sluice.request.api.Request;
import io.sluice.security.api.Operation;
import io.sluice.security.api.Resource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** DescribeShareGroupOffsets (KIP-932): how far share groups have come, and how much is before them (KIP-1226). */
@Component(service = ApiHandler.class)
public final class DescribeShareGroupOffsetsHandler implements ApiHandler {
    private static final long UNKNOWN = -1L;

    private final ShareGroupKind kind;
    private final GroupKinds groups;
    private final ShareCoordinator coordinator;

    @Activate
    public DescribeShareGroupOffsetsHandler(
            @Reference ShareGroupKind kind, @Reference GroupKinds groups, @Reference ShareCoordinator coordinator) {
        this.kind = kind;
        this.groups = groups;
        this.coordinator = coordinator;
    }

    @Override
    public ApiKey api() {
        return ApiKey.DESCRIBE_SHARE_GROUP_OFFSETS;
    }

    /** What the client may see is found out within the call. */
    @Override
    public void handle(Request request) {
        List<DescribeShareGroupOffsetsRequestGroup> asked =
                request.read(new DescribeShareGroupOffsetsRequest()).groups();
        MetadataImage image = coordinator.image();
        Set<String> visible = new HashSet<>();
        for (TopicImage topic : image.topics()) {
            if (request.mayDo(Operation.DESCRIBE, Resource.topic(topic.name()))) {
                visible.add(topic.name());
            }
        }
        Gathering<DescribeShareGroupOffsetsResponseGroup> gathering = new Gathering<>(
                asked.size(), all -> request.respond(new DescribeShareGroupOffsetsResponse().setGroups(all)));
        for (int i = 0; i < asked.size(); i++) {
            DescribeShareGroupOffsetsRequestGroup group = asked.get(i);
            int part = i;
            if (!request.mayDo(Operation.DESCRIBE, Resource.group(group.groupId()))) {
                gathering.put(i, refused(group.groupId(), ErrorCode.GROUP_AUTHORIZATION_FAILED));
            } else if (group.groupId().isEmpty()) {
                gathering.put(i, refused(group.groupId(), ErrorCode.INVALID_GROUP_ID));
            } else {
                Predicate<String> isVisible = name -> visible.contains(name)
                        || (image.topic(name) == null && request.mayDo(Operation.DESCRIBE, Resource.topic(name)));
                Set<String> forbidden = forbidden(group, isVisible);
                find(group, new Reply<>() {
                    @Override
                    public void answer(Map<Uuid, Set<Integer>> initialized) {
                        describe(group, initialized, image, visible, forbidden, gathering, part);
                    }

                    @Override
                    public void refuse(ErrorCode error) {
                        gathering.put(part, refused(group.groupId(), error));
                    }
                });
            }
        }
    }

    private static Set<String> forbidden(DescribeShareGroupOffsetsRequestGroup group, Predicate<String> isVisible) {
        Set<String> forbidden = new HashSet<>();
        if (group.topics() != null) {
            for (DescribeShareGroupOffsetsRequestTopic topic : group.topics()) {
                if (!isVisible.test(topic.topicName())) {
                    forbidden.add(topic.topicName());
                }
            }
        }
        return forbidden;
    }

    /** Of a group that does not exist nothing has begun, which is no error, as in Apache Kafka. */
    private void find(DescribeShareGroupOffsetsRequestGroup group, Reply<Map<Uuid, Set<Integer>>> reply) {
        groups.submit(
                kind,
                group.groupId(),
                reply,
                (state, turn) -> turn.answer(reply, state.descriptions().initialized(group.groupId())));
    }

    private void describe(
            DescribeShareGroupOffsetsRequestGroup group,
            Map<Uuid, Set<Integer>> initialized,
            MetadataImage image,
            Set<String> visible,
            Set<String> forbidden,
            Gathering<DescribeShareGroupOffsetsResponseGroup> gathering,
            int part) {
        Map<String, DescribeShareGroupOffsetsResponseTopic> topics = new LinkedHashMap<>();
        List<Place> places = places(group, initialized, image, visible);
        Gathering<DescribeShareGroupOffsetsResponsePartition> parts = new Gathering<>(places.size(), found -> {
            for (int i = 0; i < found.size(); i++) {
                Place place = places.get(i);
                topics.computeIfAbsent(place.topic(), name -> new DescribeShareGroupOffsetsResponseTopic()
                                .setTopicName(name)
                                .setTopicId(place.key().topicId()))
                        .partitions()
                        .add(found.get(i));
            }
            gathering.put(
                    part,
                    new DescribeShareGroupOffsetsResponseGroup()
                            .setGroupId(group.groupId())
                            .setTopics(new ArrayList<>(topics.values())));
        });
        for (int i = 0; i < places.size(); i++) {
            Place place = places.get(i);
            int partition = place.key().partition();
            if (forbidden.contains(place.topic())) {
                parts.put(i, failed(partition, ErrorCode.TOPIC_AUTHORIZATION_FAILED, null));
            } else if (!initialized
                    .getOrDefault(place.key().topicId(), Set.of())
                    .contains(partition)) {
                parts.put(i, failed(partition, ErrorCode.NONE, null));
            } else {
                coordinator
                        .states()
                        .summarize(
                                place.key(),
                                parts.part(
                                        i, summary -> told(place, summary), error -> failed(partition, error, null)));
            }
        }
    }

    /** A share partition, with the name of its topic; the id is zero for a topic that is not there. */
    private record Place(String topic, SharePartitionKey key) {}

    private static List<Place> places(
            DescribeShareGroupOffsetsRequestGroup group,
            Map<Uuid, Set<Integer>> initialized,
            MetadataImage image,
            Set<String> visible) {
        List<Place> places = new ArrayList<>();
        if (group.topics() == null) {
            initialized.forEach((id, partitions) -> {
                TopicImage topic = image.topic(id);
                if (topic != null && visible.contains(topic.name())) {
                    partitions.forEach(partition ->
                            places.add(new Place(topic.name(), new SharePartitionKey(group.groupId(), id, partition))));
                }
            });
            return places;
        }
        for (DescribeShareGroupOffsetsRequestTopic asked : group.topics()) {
            TopicImage topic = image.topic(asked.topicName());
            for (int partition : asked.partitions()) {
                Uuid id = topic == null ? Uuid.ZERO : topic.id();
                places.add(new Place(asked.topicName(), new SharePartitionKey(group.groupId(), id, partition)));
            }
        }
        return places;
    }

    private DescribeShareGroupOffsetsResponsePartition told(Place place, SummaryOutcome summary) {
        if (summary.error() != ErrorCode.NONE) {
            return failed(place.key().partition(), summary.error(), summary.message());
        }
        return new DescribeShareGroupOffsetsResponsePartition()
                .setPartitionIndex(place.key().partition())
                .setStartOffset(summary.startOffset())
                .setLeaderEpoch(summary.leaderEpoch())
                .setLag(lag(place, summary));
    }

    /** What is neither done with nor below the start; -1 where that is not known. */
    private long lag(Place place, SummaryOutcome summary) {
        if (summary.startOffset() < 0L || summary.deliveryCompleteCount() == ShareState.NO_COUNT) {
            return UNKNOWN;
        }
        OffsetOutcome end = coordinator
                .partitions()
                .offsetFor(
                        new TopicPartition(place.topic(), place.key().partition()), -1, SpecialTimestamp.LATEST, false);
        return end.error() == ErrorCode.NONE
                ? Math.max(0L, end.offset() - summary.startOffset() - summary.deliveryCompleteCount())
                : UNKNOWN;
    }

    private static DescribeShareGroupOffsetsResponsePartition failed(
            int partition, ErrorCode error, @Nullable String message) {
        return new DescribeShareGroupOffsetsResponsePartition()
                .setPartitionIndex(partition)
                .setStartOffset(ShareState.NO_START_OFFSET)
                .setLeaderEpoch(0)
                .setLag(UNKNOWN)
                .setErrorCode(error.code())
                .setErrorMessage(message);
    }

    private static DescribeShareGroupOffsetsResponseGroup refused(String groupId, ErrorCode error) {
        return new DescribeShareGroupOffsetsResponseGroup().setGroupId(groupId).setErrorCode(error.code());
    }
}
