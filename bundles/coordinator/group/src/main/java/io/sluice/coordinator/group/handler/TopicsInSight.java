package io.sluice.coordinator.group.handler;

import io.sluice.base.ErrorCode;
import io.sluice.cluster.api.MetadataImage;
import io.sluice.cluster.api.TopicImage;
import io.sluice.coordinator.runtime.Reply;
import io.sluice.protocol.message.OffsetFetchRequest.OffsetFetchRequestGroup;
import io.sluice.protocol.message.OffsetFetchRequest.OffsetFetchRequestTopics;
import io.sluice.protocol.message.OffsetFetchResponse.OffsetFetchResponseGroup;
import io.sluice.protocol.message.OffsetFetchResponse.OffsetFetchResponsePartitions;
import io.sluice.protocol.message.OffsetFetchResponse.OffsetFetchResponseTopics;
import io.sluice.request.api.Request;
import io.sluice.security.api.Operation;
import io.sluice.security.api.Resource;
import java.util.ArrayList;
import java.util.List;

/**
 * Which topics an OffsetFetch may be told of: those that the client may describe and, where it names topics by id, that exist. Topics that it
 * named and may not see are answered with an error; where it asked for all, they are left out. To be used within a handler's call.
 */
final class TopicsInSight {
    private static final short FIRST_VERSION_WITH_TOPIC_IDS = 10;

    private final Request request;
    private final MetadataImage image;
    private final boolean byId;

    TopicsInSight(Request request, MetadataImage image) {
        this.request = request;
        this.image = image;
        this.byId = request.version() >= FIRST_VERSION_WITH_TOPIC_IDS;
    }

    /** Takes out of the group's request what is not in sight. The reply given back completes the answer accordingly. */
    Reply<OffsetFetchResponseGroup> narrow(OffsetFetchRequestGroup group, Reply<OffsetFetchResponseGroup> reply) {
        List<OffsetFetchRequestTopics> asked = group.topics();
        if (asked == null) {
            return reply;
        }
        List<OffsetFetchRequestTopics> good = new ArrayList<>(asked.size());
        List<OffsetFetchResponseTopics> bad = new ArrayList<>();
        for (OffsetFetchRequestTopics topic : asked) {
            TopicImage known = byId ? image.topic(topic.topicId()) : image.topic(topic.name());
            if (byId && known == null) {
                bad.add(refused(topic, ErrorCode.UNKNOWN_TOPIC_ID));
                continue;
            }
            if (known != null) {
                topic.setName(known.name()).setTopicId(known.id());
            }
            if (request.mayDo(Operation.DESCRIBE, Resource.topic(topic.name()))) {
                good.add(topic);
            } else {
                bad.add(refused(topic, ErrorCode.TOPIC_AUTHORIZATION_FAILED));
            }
        }
        group.setTopics(good);
        return bad.isEmpty()
                ? reply
                : new Edited(reply, found -> {
                    List<OffsetFetchResponseTopics> all = new ArrayList<>(found.topics());
                    all.addAll(bad);
                    return found.setTopics(all);
                });
    }

    /** What may be told of all topics of a group. */
    List<OffsetFetchResponseTopics> visible(List<OffsetFetchResponseTopics> topics) {
        List<OffsetFetchResponseTopics> visible = new ArrayList<>(topics.size());
        for (OffsetFetchResponseTopics topic : topics) {
            TopicImage known = image.topic(topic.name());
            boolean nameable = !byId || known != null;
            if (nameable && request.mayDo(Operation.DESCRIBE, Resource.topic(topic.name()))) {
                visible.add(known == null ? topic : topic.setTopicId(known.id()));
            }
        }
        return visible;
    }

    private static OffsetFetchResponseTopics refused(OffsetFetchRequestTopics topic, ErrorCode error) {
        List<OffsetFetchResponsePartitions> partitions = new ArrayList<>();
        for (int partition : topic.partitionIndexes()) {
            partitions.add(new OffsetFetchResponsePartitions()
                    .setPartitionIndex(partition)
                    .setCommittedOffset(-1L)
                    .setMetadata("")
                    .setErrorCode(error.code()));
        }
        return new OffsetFetchResponseTopics()
                .setName(topic.name())
                .setTopicId(topic.topicId())
                .setPartitions(partitions);
    }

    /** A reply whose answer is changed on the way. */
    private record Edited(
            Reply<OffsetFetchResponseGroup> reply, java.util.function.UnaryOperator<OffsetFetchResponseGroup> edit)
            implements Reply<OffsetFetchResponseGroup> {
        @Override
        public void answer(OffsetFetchResponseGroup outcome) {
            reply.answer(edit.apply(outcome));
        }

        @Override
        public void refuse(ErrorCode error) {
            reply.refuse(error);
        }
    }
}
