package io.sluice.coordinator.share.handler;

import io.sluice.base.ErrorCode;
import io.sluice.base.Uuid;
import io.sluice.cluster.api.TopicImage;
import io.sluice.coordinator.api.GroupKinds;
import io.sluice.coordinator.runtime.Reply;
import io.sluice.coordinator.share.ShareCoordinator;
import io.sluice.coordinator.share.group.ShareGroupKind;
import io.sluice.coordinator.share.group.ShareOffsets;
import io.sluice.coordinator.share.state.SharePartitionKey;
import io.sluice.coordinator.share.state.StateOutcome;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.AlterShareGroupOffsetsRequest;
import io.sluice.protocol.message.AlterShareGroupOffsetsRequest.AlterShareGroupOffsetsRequestPartition;
import io.sluice.protocol.message.AlterShareGroupOffsetsRequest.AlterShareGroupOffsetsRequestTopic;
import io.sluice.protocol.message.AlterShareGroupOffsetsResponse;
import io.sluice.protocol.message.AlterShareGroupOffsetsResponse.AlterShareGroupOffsetsResponsePartition;
import io.sluice.protocol.message.AlterShareGroupOffsetsResponse.AlterShareGroupOffsetsResponseTopic;
import io.sluice.request.api.ApiHandler;
import io.sluice.request.api.Request;
import io.sluice.security.api.Operation;
import io.sluice.security.api.Resource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** AlterShareGroupOffsets (KIP-932): an administrator says where a group without members begins. */
@Component(service = ApiHandler.class)
public final class AlterShareGroupOffsetsHandler implements ApiHandler {
    private final ShareGroupKind kind;
    private final GroupKinds groups;
    private final ShareCoordinator coordinator;

    @Activate
    public AlterShareGroupOffsetsHandler(
            @Reference ShareGroupKind kind, @Reference GroupKinds groups, @Reference ShareCoordinator coordinator) {
        this.kind = kind;
        this.groups = groups;
        this.coordinator = coordinator;
    }

    @Override
    public ApiKey api() {
        return ApiKey.ALTER_SHARE_GROUP_OFFSETS;
    }

    @Override
    public void handle(Request request) {
        AlterShareGroupOffsetsRequest asked = request.read(new AlterShareGroupOffsetsRequest());
        if (!request.mayDo(Operation.READ, Resource.group(asked.groupId()))) {
            refuse(request, ErrorCode.GROUP_AUTHORIZATION_FAILED);
            return;
        }
        if (asked.groupId().isEmpty()) {
            refuse(request, ErrorCode.INVALID_GROUP_ID);
            return;
        }
        Map<SharePartitionKey, Long> starts = new LinkedHashMap<>();
        List<AlterShareGroupOffsetsResponseTopic> topics = new ArrayList<>();
        for (AlterShareGroupOffsetsRequestTopic topic : asked.topics()) {
            topics.add(topic(request, asked.groupId(), topic, starts));
        }
        Reply<ShareOffsets.Altered> reply = new Reply<>() {
            @Override
            public void answer(ShareOffsets.Altered altered) {
                if (altered.error() == ErrorCode.NONE) {
                    fill(topics, asked.groupId(), altered);
                    request.respond(new AlterShareGroupOffsetsResponse().setResponses(topics));
                } else {
                    AlterShareGroupOffsetsHandler.refuse(request, altered.error());
                }
            }

            @Override
            public void refuse(ErrorCode error) {
                AlterShareGroupOffsetsHandler.refuse(request, error);
            }
        };
        groups.submit(kind, asked.groupId(), reply, (state, turn) -> state.offsets()
                .alter(turn, asked.groupId(), starts, reply));
    }

    /** A topic of the answer; what is right about it is put among the offsets to be set. */
    private AlterShareGroupOffsetsResponseTopic topic(
            Request request,
            String groupId,
            AlterShareGroupOffsetsRequestTopic asked,
            Map<SharePartitionKey, Long> starts) {
        TopicImage known = coordinator.image().topic(asked.topicName());
        boolean allowed = request.mayDo(Operation.READ, Resource.topic(asked.topicName()));
        AlterShareGroupOffsetsResponseTopic topic = new AlterShareGroupOffsetsResponseTopic()
                .setTopicName(asked.topicName())
                .setTopicId(known == null || !allowed ? Uuid.ZERO : known.id());
        for (AlterShareGroupOffsetsRequestPartition partition : asked.partitions()) {
            ErrorCode error = ErrorCode.NONE;
            if (!allowed) {
                error = ErrorCode.TOPIC_AUTHORIZATION_FAILED;
            } else if (known == null
                    || partition.partitionIndex() < 0
                    || partition.partitionIndex() >= known.partitions().size()) {
                error = ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
            } else {
                starts.put(
                        new SharePartitionKey(groupId, known.id(), partition.partitionIndex()),
                        partition.startOffset());
            }
            topic.partitions().add(partition(partition.partitionIndex(), error, null));
        }
        return topic;
    }

    private static AlterShareGroupOffsetsResponsePartition partition(
            int index, ErrorCode error, @Nullable String message) {
        return new AlterShareGroupOffsetsResponsePartition()
                .setPartitionIndex(index)
                .setErrorCode(error.code())
                .setErrorMessage(message);
    }

    private static void fill(
            List<AlterShareGroupOffsetsResponseTopic> topics, String groupId, ShareOffsets.Altered altered) {
        for (AlterShareGroupOffsetsResponseTopic topic : topics) {
            for (AlterShareGroupOffsetsResponsePartition partition : topic.partitions()) {
                StateOutcome outcome = altered.outcomes()
                        .get(new SharePartitionKey(groupId, topic.topicId(), partition.partitionIndex()));
                if (outcome != null) {
                    partition.setErrorCode(outcome.error().code()).setErrorMessage(outcome.message());
                }
            }
        }
    }

    private static void refuse(Request request, ErrorCode error) {
        request.respond(new AlterShareGroupOffsetsResponse().setErrorCode(error.code()));
    }
}
