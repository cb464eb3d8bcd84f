package io.sluice.handlers.metadata;

import io.sluice.base.ErrorCode;
import io.sluice.base.Uuid;
import io.sluice.broker.api.Broker;
import io.sluice.broker.api.TopicNames;
import io.sluice.cluster.api.MetadataImage;
import io.sluice.cluster.api.MetadataSource;
import io.sluice.cluster.api.PartitionImage;
import io.sluice.cluster.api.TopicImage;
import io.sluice.protocol.message.DescribeTopicPartitionsRequest;
import io.sluice.protocol.message.DescribeTopicPartitionsRequest.Cursor;
import io.sluice.protocol.message.DescribeTopicPartitionsRequest.TopicRequest;
import io.sluice.protocol.message.DescribeTopicPartitionsResponse;
import io.sluice.protocol.message.DescribeTopicPartitionsResponse.DescribeTopicPartitionsResponsePartition;
import io.sluice.protocol.message.DescribeTopicPartitionsResponse.DescribeTopicPartitionsResponseTopic;
import io.sluice.request.api.AuthorizedOperations;
import io.sluice.request.api.Request;
import io.sluice.security.api.Operation;
import io.sluice.security.api.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Answers DescribeTopicPartitions: topics in the order of their names, from the cursor on, until as many partitions are
 * in the page as it may hold; the next cursor then says where to go on.
 */
final class TopicPartitionPages {
    private static final int PARTITIONS_MAX_DEFAULT = 2000;

    private final MetadataSource metadata;
    private final Broker broker;

    TopicPartitionPages(MetadataSource metadata, Broker broker) {
        this.metadata = metadata;
        this.broker = broker;
    }

    void answer(Request request) {
        DescribeTopicPartitionsRequest asked = request.read(new DescribeTopicPartitionsRequest());
        MetadataImage image = metadata.image();
        Cursor cursor = asked.cursor();
        boolean all = asked.topics().isEmpty();
        SortedSet<String> names = namesFrom(asked, image, cursor);
        boolean cursorIsElsewhere = cursor != null && !all && !names.contains(cursor.topicName());
        if (cursorIsElsewhere || (cursor != null && cursor.partitionIndex() < 0)) {
            request.respond(refused(asked));
            return;
        }
        List<String> visible = new ArrayList<>();
        List<String> hidden = new ArrayList<>();
        for (String name : names) {
            if (request.mayDo(Operation.DESCRIBE, Resource.topic(name))) {
                visible.add(name);
            } else if (!all) {
                hidden.add(name);
            }
        }
        ClusterView view = new ClusterView(image, broker, request.peer().listenerName());
        DescribeTopicPartitionsResponse response = page(view, visible, cursor, partitionsMax(asked), !all);
        for (DescribeTopicPartitionsResponseTopic topic : response.topics()) {
            String name = Objects.requireNonNull(topic.name());
            topic.setTopicAuthorizedOperations(AuthorizedOperations.of(request, Resource.topic(name)));
        }
        for (String name : hidden) {
            response.topics()
                    .add(topic(ErrorCode.TOPIC_AUTHORIZATION_FAILED, name, Uuid.ZERO)
                            .setIsInternal(false));
        }
        request.respond(response);
    }

    private static SortedSet<String> namesFrom(
            DescribeTopicPartitionsRequest asked, MetadataImage image, @Nullable Cursor cursor) {
        TreeSet<String> names = new TreeSet<>();
        if (asked.topics().isEmpty()) {
            for (TopicImage topic : image.topics()) {
                names.add(topic.name());
            }
        } else {
            for (TopicRequest topic : asked.topics()) {
                names.add(topic.name());
            }
        }
        return cursor == null ? names : names.tailSet(cursor.topicName());
    }

    private int partitionsMax(DescribeTopicPartitionsRequest asked) {
        String configured = broker.config("max.request.partition.size.limit");
        int limit = configured == null ? PARTITIONS_MAX_DEFAULT : Integer.parseInt(configured.trim());
        return Math.max(1, Math.min(limit, asked.responsePartitionLimit()));
    }

    private static DescribeTopicPartitionsResponse page(
            ClusterView view, List<String> names, @Nullable Cursor cursor, int partitionsMax, boolean reportMissing) {
        DescribeTopicPartitionsResponse response = new DescribeTopicPartitionsResponse();
        int left = partitionsMax;
        for (String name : names) {
            if (left == 0) {
                return response.setNextCursor(cursorAt(name, 0));
            }
            TopicImage topic = view.image().topic(name);
            if (topic == null) {
                if (reportMissing) {
                    response.topics().add(missing(name));
                }
                continue;
            }
            int first = cursor != null && cursor.topicName().equals(name) ? cursor.partitionIndex() : 0;
            int end = (int) Math.min(topic.partitions().size(), (long) first + left);
            DescribeTopicPartitionsResponseTopic described = topic(ErrorCode.NONE, name, topic.id());
            for (int i = first; i < end; i++) {
                described.partitions().add(partition(view, topic.partitions().get(i)));
            }
            response.topics().add(described);
            if (end < topic.partitions().size()) {
                return response.setNextCursor(cursorAt(name, end));
            }
            left -= described.partitions().size();
        }
        return response;
    }

    private static DescribeTopicPartitionsResponse.Cursor cursorAt(String topic, int partition) {
        return new DescribeTopicPartitionsResponse.Cursor().setTopicName(topic).setPartitionIndex(partition);
    }

    private static DescribeTopicPartitionsResponseTopic missing(String name) {
        ErrorCode error =
                TopicNames.isValid(name) ? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION : ErrorCode.INVALID_TOPIC_EXCEPTION;
        return topic(error, name, Uuid.ZERO);
    }

    private static DescribeTopicPartitionsResponseTopic topic(ErrorCode error, String name, Uuid id) {
        return new DescribeTopicPartitionsResponseTopic()
                .setErrorCode(error.code())
                .setName(name)
                .setTopicId(id)
                .setIsInternal(TopicNames.isInternal(name));
    }

    private static DescribeTopicPartitionsResponsePartition partition(ClusterView view, PartitionImage partition) {
        return new DescribeTopicPartitionsResponsePartition()
                .setPartitionIndex(partition.partition())
                .setLeaderId(view.aliveNode(partition.leader()) == null ? -1 : partition.leader())
                .setLeaderEpoch(partition.leaderEpoch())
                .setReplicaNodes(partition.replicas())
                .setIsrNodes(partition.inSyncReplicas())
                .setEligibleLeaderReplicas(List.of())
                .setLastKnownElr(List.of())
                .setOfflineReplicas(view.offlineReplicas(partition));
    }

    private static DescribeTopicPartitionsResponse refused(DescribeTopicPartitionsRequest asked) {
        DescribeTopicPartitionsResponse response = new DescribeTopicPartitionsResponse();
        for (TopicRequest topic : asked.topics()) {
            response.topics()
                    .add(new DescribeTopicPartitionsResponseTopic()
                            .setErrorCode(ErrorCode.INVALID_REQUEST.code())
                            .setName(topic.name()));
        }
        return response;
    }
}
