package io.sluice.coordinator.share.handler;

import io.sluice.base.ErrorCode;
import io.sluice.base.Uuid;
import io.sluice.cluster.api.TopicImage;
import io.sluice.coordinator.api.GroupKinds;
import io.sluice.coordinator.runtime.Reply;
import io.sluice.coordinator.share.ShareCoordinator;
import io.sluice.coordinator.share.group.ShareGroupKind;
import io.sluice.coordinator.share.group.ShareOffsets;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.DeleteShareGroupOffsetsRequest;
import io.sluice.protocol.message.DeleteShareGroupOffsetsRequest.DeleteShareGroupOffsetsRequestTopic;
import io.sluice.protocol.message.DeleteShareGroupOffsetsResponse;
import io.sluice.protocol.message.DeleteShareGroupOffsetsResponse.DeleteShareGroupOffsetsResponseTopic;
import io.sluice.request.api.ApiHandler;
import io.sluice.request.api.Request;
import io.sluice.security.api.Operation;
import io.sluice.security.api.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** DeleteShareGroupOffsets (KIP-932): a group without members forgets how far it has come in topics. */
@Component(service = ApiHandler.class)
public final class DeleteShareGroupOffsetsHandler implements ApiHandler {
    private static final String NOTHING = "There is no offset information to delete.";

    private final ShareGroupKind kind;
    private final GroupKinds groups;
    private final ShareCoordinator coordinator;

    @Activate
    public DeleteShareGroupOffsetsHandler(
            @Reference ShareGroupKind kind, @Reference GroupKinds groups, @Reference ShareCoordinator coordinator) {
        this.kind = kind;
        this.groups = groups;
        this.coordinator = coordinator;
    }

    @Override
    public ApiKey api() {
        return ApiKey.DELETE_SHARE_GROUP_OFFSETS;
    }

    @Override
    public void handle(Request request) {
        DeleteShareGroupOffsetsRequest asked = request.read(new DeleteShareGroupOffsetsRequest());
        if (!request.mayDo(Operation.DELETE, Resource.group(asked.groupId()))) {
            refuse(request, ErrorCode.GROUP_AUTHORIZATION_FAILED);
            return;
        }
        if (asked.groupId().isEmpty()) {
            refuse(request, ErrorCode.INVALID_GROUP_ID);
            return;
        }
        Set<Uuid> known = new TreeSet<>();
        List<DeleteShareGroupOffsetsResponseTopic> topics = new ArrayList<>();
        for (DeleteShareGroupOffsetsRequestTopic topic : asked.topics()) {
            TopicImage image = coordinator.image().topic(topic.topicName());
            DeleteShareGroupOffsetsResponseTopic told =
                    new DeleteShareGroupOffsetsResponseTopic().setTopicName(topic.topicName());
            if (!request.mayDo(Operation.READ, Resource.topic(topic.topicName()))) {
                told.setErrorCode(ErrorCode.TOPIC_AUTHORIZATION_FAILED.code());
            } else if (image == null) {
                told.setErrorCode(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code());
            } else {
                known.add(image.id());
                told.setTopicId(image.id());
            }
            topics.add(told);
        }
        Reply<ShareOffsets.Deleted> reply = new Reply<>() {
            @Override
            public void answer(ShareOffsets.Deleted deleted) {
                if (deleted.error() == ErrorCode.NONE) {
                    topics.forEach(topic -> fill(topic, deleted));
                    request.respond(new DeleteShareGroupOffsetsResponse().setResponses(topics));
                } else {
                    DeleteShareGroupOffsetsHandler.refuse(request, deleted.error());
                }
            }

            @Override
            public void refuse(ErrorCode error) {
                DeleteShareGroupOffsetsHandler.refuse(request, error);
            }
        };
        groups.submit(kind, asked.groupId(), reply, (state, turn) -> state.offsets()
                .delete(turn, asked.groupId(), known, reply));
    }

    private static void fill(DeleteShareGroupOffsetsResponseTopic topic, ShareOffsets.Deleted deleted) {
        ErrorCode error = deleted.outcomes().get(topic.topicId());
        if (error != null) {
            topic.setErrorCode(error.code())
                    .setErrorMessage(error == ErrorCode.UNKNOWN_TOPIC_OR_PARTITION ? NOTHING : null);
        }
    }

    private static void refuse(Request request, ErrorCode error) {
        request.respond(new DeleteShareGroupOffsetsResponse().setErrorCode(error.code()));
    }
}
